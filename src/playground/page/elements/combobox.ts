import { h, type JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "../parts/icons.ts";
import { useSurface } from "../state/context.ts";
import type { Choice } from "../state/shapes.ts";
import { plainWords } from "../text/text-view.ts";
import type { ElementProps } from "./element.ts";
import { fieldAttributes } from "./inputs.ts";

interface Offer {
  group: string | null;
  option: Choice;
}

/** What there is to choose for what was typed. */
export type Offers = (typed: string) => Promise<Offer[]> | Offer[];

const TYPING_PAUSE_MS = 200;

/** A field with a list below it: arrows move, Enter takes, Escape closes. */
export function Combobox(
  props: ElementProps & { chosen: Choice[]; many: boolean; offers: Offers; pick(choice: Choice): void; clear(): void },
): JSX.Element {
  const { element, chosen, many } = props;
  const { disabled } = useSurface();
  const [typed, setTyped] = useState<string | null>(null);
  const [offers, setOffers] = useState<Offer[]>([]);
  const [note, setNote] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const ownId = useId();
  const id = props.field?.id ?? ownId;
  const external = element.type.includes("external");
  const open = typed !== null;

  useEffect(() => {
    if (typed === null) return;
    let current = true;
    const ask = async () => {
      setNote("Looking…");
      const found = await Promise.resolve(props.offers(typed)).catch((error: Error) => error.message);
      if (!current) return;
      setOffers(typeof found === "string" ? [] : found);
      setAt(0);
      const few = external && typed.length < (element.min_query_length ?? 3);
      setNote(typeof found === "string" ? found : few ? "Type to search." : found.length === 0 ? "Nothing found." : "");
    };
    const timer = setTimeout(() => void ask(), external ? TYPING_PAUSE_MS : 0);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [typed]);
  useEffect(() => list.current?.querySelector(".active")?.scrollIntoView({ block: "nearest" }), [at, offers]);

  const pick = (choice: Choice) => {
    props.pick(choice);
    setTyped(many ? "" : null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return setTyped("");
      setAt((before) =>
        offers.length === 0 ? 0 : (before + (event.key === "ArrowDown" ? 1 : offers.length - 1)) % offers.length,
      );
    } else if (event.key === "Enter" && open && offers[at] !== undefined) {
      event.preventDefault();
      pick(offers[at].option);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      setTyped(null);
    } else if ((event.key === "Backspace" || event.key === "Delete") && !open && !many) props.clear();
  };
  const shown = many || chosen[0] === undefined ? "" : plainWords(chosen[0].text);
  return h("div", { class: "combobox" }, [
    h("input", {
      ...fieldAttributes(props),
      id,
      class: "text-input",
      type: "text",
      role: "combobox",
      autoComplete: "off",
      "aria-expanded": open,
      "aria-controls": `${id}-list`,
      "aria-autocomplete": "list",
      "aria-activedescendant": open && offers[at] !== undefined ? `${id}-${at}` : undefined,
      placeholder: plainWords(element.placeholder) || (external ? "Type to search" : "Choose"),
      disabled,
      value: typed ?? shown,
      onFocus: ({ currentTarget }: { currentTarget: HTMLInputElement }) => currentTarget.select(),
      onClick: () => setTyped((before) => before ?? ""),
      onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => setTyped(currentTarget.value),
      onBlur: () => setTyped(null),
      onKeyDown,
    }),
    h("span", { class: "combobox-arrow" }, h(Icon, { name: "down_small", size: 16 })),
    open &&
      h(
        "div",
        {
          class: "menu-list",
          role: "listbox",
          id: `${id}-list`,
          ref: list,
          "aria-label": props.field?.label ?? "Options",
          "aria-multiselectable": many || undefined,
        },
        offers.length === 0 || note !== "" ? h("p", { class: "quiet note", role: "status" }, note) : null,
        offers.map((offer, n) => [
          offer.group !== null &&
            offer.group !== offers[n - 1]?.group &&
            h("div", { class: "group-label", role: "presentation" }, offer.group),
          h(
            "div",
            {
              id: `${id}-${n}`,
              role: "option",
              class: n === at ? "active" : "",
              "aria-selected": chosen.some(({ value }) => value === offer.option.value),
              "data-value": offer.option.value,
              // Before the field loses its focus, which closes the list.
              onPointerDown: (event: Event) => {
                event.preventDefault();
                pick(offer.option);
              },
            },
            [
              plainWords(offer.option.text),
              offer.option.description && h("span", { class: "quiet" }, plainWords(offer.option.description)),
            ],
          ),
        ]),
      ),
  ]);
}
