import { h, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PageSession, PageStatus } from "../../page-api/types.ts";
import { usePage } from "../state/context.ts";
import { Avatar } from "./avatar.ts";
import { Icon } from "./icons.ts";

const TURN_MS = 2500;

/** "Perennial is looking it up…", and Stop while there is something to stop. */
export function Status(props: {
  status: PageStatus | null;
  session: PageSession | null;
  channel: string;
  thread: string | null;
}): JSX.Element {
  const page = usePage();
  const { bot } = page.world;
  const [stopped, stop] = useState(false);
  const [turn, setTurn] = useState(0);
  const loading = props.status?.loadingMessages ?? [];
  useEffect(() => {
    const timer = setInterval(() => setTurn((before) => before + 1), TURN_MS);
    return () => clearInterval(timer);
  }, []);
  const words =
    loading.length > 0 ? loading[turn % loading.length]! : `${bot.name} ${props.status?.status ?? "is working on it…"}`;
  return h("div", { class: "status" }, [
    h(Avatar, { name: bot.name, bot: true, small: true }),
    h("span", { role: "status", "data-testid": "status", class: "status-words" }, words),
    props.session === null
      ? null
      : h(
          "button",
          {
            type: "button",
            class: "small-button",
            "data-testid": "stop",
            disabled: stopped,
            onClick: () => {
              stop(true);
              void page.stop(props.channel, props.thread).then((done) => stop(done));
            },
          },
          [h(Icon, { name: "stop", size: 14 }), stopped ? "Stopping…" : "Stop"],
        ),
  ]);
}
