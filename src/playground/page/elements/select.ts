import { h, type JSX } from "preact";
import { Icon } from "../parts/icons.ts";
import { type Surface, useSurface } from "../state/context.ts";
import { optionsOf } from "../state/forms.ts";
import type { Choice, Element } from "../state/shapes.ts";
import { plainWords } from "../text/text-view.ts";
import { useChoice } from "./choices.ts";
import { Combobox, type Offers } from "./combobox.ts";
import type { ElementProps } from "./element.ts";

/** Every select: one or many, of the bot's own options, asked from the bot while one types, or people and channels. */
export function Select(props: ElementProps): JSX.Element {
  const { element } = props;
  const surface = useSurface();
  const { held, choose } = useChoice(props);
  const many = element.type.startsWith("multi_");
  const ids = /(users|channels|conversations)_select$/.exec(element.type)?.[1] as
    | "users"
    | "channels"
    | "conversations"
    | undefined;
  const known =
    ids === undefined
      ? []
      : surface.choices(ids).map(({ id, name }) => ({ text: { type: "plain_text", text: name }, value: id }));
  const asChoice = (one: unknown): Choice => known.find(({ value }) => value === one) ?? (one as Choice);
  const chosen = (Array.isArray(held) ? held : held === null ? [] : [held]).map(asChoice);
  const take = (choices: Choice[]) => {
    const plain = ids === undefined ? choices : choices.map(({ value }) => value);
    choose(many ? plain : (plain[0] ?? null));
  };
  const pick = (choice: Choice) => {
    if (!many) return take([choice]);
    const without = chosen.filter(({ value }) => value !== choice.value);
    const room = without.length < (element.max_selected_items ?? Number.POSITIVE_INFINITY);
    take(without.length === chosen.length && room ? [...chosen, choice] : without);
  };
  return h("div", { class: "select" }, [
    many && chosen.length > 0 && h(Chips, { chosen, drop: pick }),
    h(Combobox, {
      ...props,
      chosen,
      many,
      pick,
      clear: () => take([]),
      offers: offersFor(element, known, surface, props.blockId),
    }),
  ]);
}

const Chips = ({ chosen, drop }: { chosen: Choice[]; drop(choice: Choice): void }): JSX.Element =>
  h(
    "div",
    { class: "chips" },
    chosen.map((choice) =>
      h(
        "button",
        {
          type: "button",
          class: "chip",
          "aria-label": `Remove ${plainWords(choice.text)}`,
          onClick: () => drop(choice),
        },
        [plainWords(choice.text), h(Icon, { name: "close", size: 12 })],
      ),
    ),
  );

function offersFor(element: Element, known: Choice[], surface: Surface, blockId: string): Offers {
  if (!element.type.includes("external")) {
    const all = known.length > 0 ? known.map((option) => ({ group: null, option })) : optionsOf(element);
    return (typed) => all.filter(({ option }) => plainWords(option.text).toLowerCase().includes(typed.toLowerCase()));
  }
  return async (typed) => {
    // Slack waits for three letters unless the bot says otherwise.
    if (typed.length < (element.min_query_length ?? 3)) return [];
    const answer = await surface.options(blockId, element.action_id ?? "", typed);
    if (!answer.ok) throw new Error(answer.failed);
    return optionsOf({
      type: "",
      options: answer.options,
      option_groups: answer.option_groups as unknown as NonNullable<Element["option_groups"]>,
    });
  };
}
