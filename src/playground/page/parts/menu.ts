import { type ComponentChild, h, type JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

export interface MenuItem {
  words: string;
  hint: string | null;
  choose(): void;
  testId?: string;
}

/** A button that opens a list of things to do: arrows move, Enter does, Escape closes. */
export function Menu(props: {
  label: string;
  button: ComponentChild;
  items: MenuItem[];
  attributes?: Record<string, unknown>;
  class?: string;
  /** Opens above its button: at the foot of the page. */
  above?: boolean;
}): JSX.Element {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const away = (event: Event) => {
      if (!root.current?.contains(event.target as Node | null)) setOpen(false);
    };
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      close();
    } else if (event.key === "Tab") setOpen(false);
    else moveAmong(event, "[role=menuitem]");
  };
  return h("div", { class: `menu ${props.class ?? ""} ${props.above ? "above" : ""}`, ref: root, onKeyDown }, [
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        ref: button,
        "aria-haspopup": "menu",
        "aria-expanded": open,
        "aria-controls": id,
        "aria-label": props.label,
        title: props.label,
        onClick: () => setOpen(!open),
        ...props.attributes,
      },
      props.button,
    ),
    open &&
      h(
        "div",
        { class: "menu-list", role: "menu", id, "aria-label": props.label },
        props.items.map((item) =>
          h(
            "button",
            {
              type: "button",
              role: "menuitem",
              tabIndex: -1,
              "data-testid": item.testId,
              onClick: () => {
                close();
                item.choose();
              },
            },
            [item.words, item.hint && h("span", { class: "quiet" }, item.hint)],
          ),
        ),
      ),
  ]);
}

/** Arrows, Home and End move the focus among the parts of a list. */
export function moveAmong(event: KeyboardEvent, parts: string): void {
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(parts)];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || all.length === 0) return;
  event.preventDefault();
  all.at(to % all.length)!.focus();
}
