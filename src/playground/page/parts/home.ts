import { h, type JSX } from "preact";
import type { PageView } from "../../page-api/types.ts";
import { Blocks } from "../blocks/block.ts";
import { SurfaceContext, usePage } from "../state/context.ts";
import { useBlocks } from "../state/surface.ts";
import { BotHead } from "./bot-head.ts";

/** The bot's Home tab. */
export function HomeTab({ view }: { view: PageView | null }): JSX.Element {
  const page = usePage();
  return h("main", { class: "conversation", "aria-label": `${page.world.bot.name}, Home` }, [
    h(BotHead, { tab: "home" }),
    h(
      "div",
      { class: "messages home", tabIndex: 0, "data-testid": "home" },
      h(
        "div",
        { class: "messages-inside" },
        view === null
          ? h("p", { class: "quiet centre", role: "status" }, `${page.world.bot.name} has not drawn its Home tab yet.`)
          : h(HomeBlocks, { view }),
      ),
    ),
  ]);
}

function HomeBlocks({ view }: { view: PageView }): JSX.Element {
  const surface = useBlocks(view.blocks, { view_id: view.id }, view.state);
  return h(SurfaceContext.Provider, { value: surface }, h(Blocks, { blocks: view.blocks }));
}
