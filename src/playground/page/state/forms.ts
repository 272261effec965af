import type { Block, PressedAction, ViewState } from "../../page-api/types.ts";
import type { Choice, Element } from "./shapes.ts";

/** What an element holds, in the form of Slack's `state.values`. */
export type Value = Record<string, unknown> & { type: string };

/** Which field of the state an element's choice stands in; a button and an overflow hold nothing. */
const HELD: Record<string, string> = {
  plain_text_input: "value",
  email_text_input: "value",
  url_text_input: "value",
  number_input: "value",
  rich_text_input: "rich_text_value",
  static_select: "selected_option",
  external_select: "selected_option",
  radio_buttons: "selected_option",
  multi_static_select: "selected_options",
  multi_external_select: "selected_options",
  checkboxes: "selected_options",
  users_select: "selected_user",
  multi_users_select: "selected_users",
  channels_select: "selected_channel",
  multi_channels_select: "selected_channels",
  conversations_select: "selected_conversation",
  multi_conversations_select: "selected_conversations",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
};

/** Where an element says what it holds at first. */
const INITIAL: Record<string, keyof Element> = {
  value: "initial_value",
  rich_text_value: "initial_value",
  selected_option: "initial_option",
  selected_options: "initial_options",
  selected_user: "initial_user",
  selected_users: "initial_users",
  selected_channel: "initial_channel",
  selected_channels: "initial_channels",
  selected_conversation: "initial_conversation",
  selected_conversations: "initial_conversations",
  selected_date: "initial_date",
  selected_time: "initial_time",
  selected_date_time: "initial_date_time",
};

export const heldField = (type: string): string | null => HELD[type] ?? null;

/** A held value of an element's type. */
export function heldValue(element: Element, held: unknown): Value {
  return { type: element.type, [HELD[element.type] ?? "value"]: held };
}

/** What a person sees before touching anything. */
function initialValue(element: Element): Value {
  const field = HELD[element.type]!;
  const given = element[INITIAL[field]!];
  return heldValue(element, given ?? (field.endsWith("s") ? [] : null));
}

/** The elements of a block that hold something. */
export function holders(block: Block): Element[] {
  const { element, accessory, elements, child_blocks } = block as {
    element?: Element;
    accessory?: Element;
    elements?: Element[];
    child_blocks?: Block[];
  };
  const own = [element, accessory, ...(Array.isArray(elements) ? elements : [])];
  const held = own.filter((each): each is Element => each?.type !== undefined && each.type in HELD);
  return [...held, ...(child_blocks ?? []).flatMap(holders)];
}

/** What a form holds: what was put in so far where the element is still there, else what it shows at first. */
export function valuesOf(blocks: Block[], kept: ViewState = {}): ViewState {
  const values: ViewState = {};
  for (const block of flat(blocks)) {
    const blockId = blockIdOf(block);
    for (const element of holders({ ...block, child_blocks: [] })) {
      const actionId = element.action_id ?? "";
      const before = kept[blockId]?.[actionId];
      values[blockId] ??= {};
      values[blockId][actionId] = before?.type === element.type ? before : initialValue(element);
    }
  }
  return values;
}

const flat = (blocks: Block[]): Block[] =>
  blocks.flatMap((block) => [block, ...flat((block as { child_blocks?: Block[] }).child_blocks ?? [])]);

export const blockIdOf = (block: Block): string => (typeof block.block_id === "string" ? block.block_id : "");

export function heldIn(value: Record<string, unknown> | undefined): unknown {
  return value === undefined ? null : (value[HELD[String(value.type)] ?? "value"] ?? null);
}

const isEmpty = (held: unknown): boolean =>
  held === null || held === undefined || held === "" || (Array.isArray(held) && held.length === 0);

/** What Slack's own client refuses before it sends a modal: block_id → sentence. */
export function refusals(blocks: Block[], values: ViewState): Record<string, string> {
  const found: Record<string, string> = {};
  for (const block of flat(blocks)) {
    if (block.type !== "input") continue;
    const element = (block as unknown as { element: Element }).element;
    const held = heldIn(values[blockIdOf(block)]?.[element.action_id ?? ""]);
    const sentence = isEmpty(held)
      ? block.optional === true
        ? null
        : "Please fill in this field."
      : refusal(element, held);
    if (sentence !== null) found[blockIdOf(block)] = sentence;
  }
  return found;
}

function refusal(element: Element, held: unknown): string | null {
  const text = String(held);
  if (element.type === "email_text_input" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text))
    return "That is not an e-mail address.";
  if (element.type === "url_text_input" && !/^https?:\/\/\S+$/.test(text)) return "That is not a web address.";
  if (element.type === "number_input") return numberRefusal(element, text);
  if (typeof held !== "string") return null;
  if (element.min_length !== undefined && text.length < element.min_length)
    return `Please write at least ${element.min_length} characters.`;
  if (element.max_length !== undefined && text.length > element.max_length)
    return `Please write at most ${element.max_length} characters.`;
  return null;
}

function numberRefusal(element: Element, text: string): string | null {
  const number = Number(text);
  if (Number.isNaN(number)) return "That is not a number.";
  if (element.is_decimal_allowed !== true && !Number.isInteger(number)) return "Please give a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value)) return `At least ${element.min_value}.`;
  if (element.max_value !== undefined && number > Number(element.max_value)) return `At most ${element.max_value}.`;
  return null;
}

/** What is sent when a person presses or chooses. `held`: the choice, or the button's value. */
export function actionOf(blockId: string, element: Element, held: unknown): PressedAction {
  const action: PressedAction = { block_id: blockId, action_id: element.action_id ?? "", type: element.type };
  const field = element.type === "overflow" ? "selected_option" : heldField(element.type);
  if (field !== null) return { ...action, [field]: held };
  return {
    ...action,
    ...(typeof held === "string" ? { value: held } : {}),
    ...(element.text === undefined ? {} : { text: { ...element.text } }),
  };
}

/** All options of a select, groups flattened in their order. */
export const optionsOf = (element: Element): { group: string | null; option: Choice }[] => [
  ...(element.options ?? []).map((option) => ({ group: null, option })),
  ...(element.option_groups ?? []).flatMap(({ label, options }) =>
    options.map((option) => ({ group: label.text ?? "", option })),
  ),
];
