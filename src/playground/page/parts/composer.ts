import { h, type JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PageChannel } from "../../page-api/types.ts";
import { usePage } from "../state/context.ts";
import { type Hint, hintsFor, withHint } from "../state/hints.ts";
import { Icon } from "./icons.ts";
import { Menu } from "./menu.ts";

interface ComposerProps {
  channel: PageChannel;
  thread: string | null;
  /** In the bot's direct message: whether the next words go on with the last answer; null where there is no such choice. */
  goingOn: boolean | null;
  label: string;
  focus: boolean;
}

/** Where one writes. Enter sends, Shift and Enter break the line; "/" and "@" bring hints. */
export function Composer(props: ComposerProps): JSX.Element {
  const page = usePage();
  const { world } = page;
  const [text, setText] = useState("");
  const [hints, setHints] = useState<Hint[]>([]);
  const [at, setAt] = useState(0);
  const box = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => {
    if (props.focus) box.current?.focus({ preventScroll: true });
  }, []);
  useLayoutEffect(() => {
    if (box.current === null) return;
    box.current.style.height = "auto";
    box.current.style.height = `${box.current.scrollHeight}px`;
  }, [text]);

  const typed = (words: string, cursor: number) => {
    setText(words);
    setHints(hintsFor(words.slice(0, cursor), world));
    setAt(0);
  };
  const take = (hint: Hint) => {
    const cursor = box.current?.selectionStart ?? text.length;
    typed(`${withHint(text.slice(0, cursor), hint)}${text.slice(cursor)}`, 0);
    box.current?.focus();
  };
  const send = async () => {
    if (text.trim() === "") return;
    const words = text;
    typed("", 0);
    const sent = await page.say(props.channel.id, words, props.thread);
    if (!sent) setText((since) => (since === "" ? words : since));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (hints.length > 0 && withHints(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === "Escape" && props.goingOn === true) page.set({ anew: true });
  };
  /** Keys that belong to the list of hints while it is open. */
  const withHints = ({ key }: KeyboardEvent): boolean => {
    if (key === "ArrowDown") setAt((at + 1) % hints.length);
    else if (key === "ArrowUp") setAt((at + hints.length - 1) % hints.length);
    else if (key === "Tab" || (key === "Enter" && !hints[at]!.complete)) take(hints[at]!);
    else if (key === "Escape") setHints([]);
    else return false;
    return true;
  };

  const closed = !world.me.canSpeak || props.channel.isArchived || !props.channel.isMember;
  const globals = world.shortcuts.filter(({ type }) => type === "global");
  return h(
    "form",
    {
      class: "composer",
      onSubmit: (event: Event) => {
        event.preventDefault();
        void send();
      },
    },
    [
      props.goingOn === null ? null : h(GoingOn, { on: props.goingOn }),
      hints.length > 0 ? h(Hints, { hints, at, id, take }) : null,
      h("div", { class: "composer-box" }, [
        globals.length > 0 && !closed
          ? h(Menu, {
              label: "Shortcuts",
              button: h(Icon, { name: "bolt" }),
              above: true,
              attributes: { "data-testid": "shortcuts" },
              items: globals.map(({ callback_id, name, description }) => ({
                words: name,
                hint: description,
                testId: `shortcut-${callback_id}`,
                choose: () => void page.shortcut(callback_id),
              })),
            })
          : null,
        h("textarea", {
          ref: box,
          id: props.focus ? "composer" : undefined,
          "data-testid": props.focus ? "composer" : "thread-composer",
          rows: 1,
          "aria-label": props.label,
          "aria-autocomplete": "list",
          "aria-controls": hints.length > 0 ? id : undefined,
          "aria-activedescendant": hints.length > 0 ? `${id}-${at}` : undefined,
          placeholder: closed ? whyClosed(props.channel, world.me.canSpeak) : props.label,
          disabled: closed,
          value: text,
          onInput: ({ currentTarget }: { currentTarget: HTMLTextAreaElement }) =>
            typed(currentTarget.value, currentTarget.selectionStart),
          onBlur: () => setHints([]),
          onKeyDown,
        }),
        h(
          "button",
          {
            type: "submit",
            class: "send",
            "aria-label": "Send",
            title: "Send (Enter)",
            "data-testid": props.focus ? "send" : "thread-send",
            disabled: closed || text.trim() === "",
          },
          h(Icon, { name: "send" }),
        ),
      ]),
    ],
  );
}

const whyClosed = (channel: PageChannel, canSpeak: boolean): string =>
  !canSpeak
    ? "This person is deactivated and cannot write."
    : channel.isArchived
      ? "This channel is archived."
      : "You are not in this channel.";

/** Says whether the next words go on with the conversation, and lets one begin anew. */
function GoingOn({ on }: { on: boolean }): JSX.Element | null {
  const page = usePage();
  return h(
    "div",
    { class: "going-on" },
    on
      ? [
          h("span", { class: "quiet" }, "Your next words go on with this conversation."),
          h(
            "button",
            {
              type: "button",
              class: "link-button",
              "data-testid": "new-conversation",
              onClick: () => page.set({ anew: true }),
            },
            "Start a new one",
          ),
        ]
      : [h("span", { class: "quiet" }, "Your next words start a new conversation.")],
  );
}

const Hints = ({
  hints,
  at,
  id,
  take,
}: {
  hints: Hint[];
  at: number;
  id: string;
  take(hint: Hint): void;
}): JSX.Element =>
  h(
    "div",
    { class: "menu-list hints", role: "listbox", id, "aria-label": "Hints" },
    hints.map((hint, n) =>
      h(
        "div",
        {
          role: "option",
          id: `${id}-${n}`,
          "aria-selected": n === at,
          class: n === at ? "active" : "",
          onPointerDown: (event: Event) => {
            event.preventDefault();
            take(hint);
          },
        },
        [h("strong", null, hint.words), h("span", { class: "quiet" }, hint.about)],
      ),
    ),
  );
