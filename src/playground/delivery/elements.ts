import type { Block, ViewState } from "../world/shapes.ts";

type Fields = Record<string, unknown>;

/** Something in blocks that can be pressed, chosen or filled in. */
export interface Placed {
  blockId: string;
  actionId: string;
  element: Fields & { type: string };
}

/** Where a choice stands in an action or in a view's state; each element fills one of them. */
const CHOICES = [
  "value",
  "selected_option",
  "selected_options",
  "selected_date",
  "selected_time",
  "selected_date_time",
  "selected_user",
  "selected_users",
  "selected_conversation",
  "selected_conversations",
  "selected_channel",
  "selected_channels",
  "rich_text_value",
  "files",
] as const;

/** The field of each element that keeps what is in it, and the field it begins with. Buttons keep nothing. */
const KEEPS: Readonly<Record<string, { field: (typeof CHOICES)[number]; initial: string; empty: null | [] }>> = {
  plain_text_input: { field: "value", initial: "initial_value", empty: null },
  email_text_input: { field: "value", initial: "initial_value", empty: null },
  url_text_input: { field: "value", initial: "initial_value", empty: null },
  number_input: { field: "value", initial: "initial_value", empty: null },
  rich_text_input: { field: "rich_text_value", initial: "initial_value", empty: null },
  static_select: { field: "selected_option", initial: "initial_option", empty: null },
  external_select: { field: "selected_option", initial: "initial_option", empty: null },
  radio_buttons: { field: "selected_option", initial: "initial_option", empty: null },
  users_select: { field: "selected_user", initial: "initial_user", empty: null },
  conversations_select: { field: "selected_conversation", initial: "initial_conversation", empty: null },
  channels_select: { field: "selected_channel", initial: "initial_channel", empty: null },
  multi_static_select: { field: "selected_options", initial: "initial_options", empty: [] },
  multi_external_select: { field: "selected_options", initial: "initial_options", empty: [] },
  checkboxes: { field: "selected_options", initial: "initial_options", empty: [] },
  multi_users_select: { field: "selected_users", initial: "initial_users", empty: [] },
  multi_conversations_select: { field: "selected_conversations", initial: "initial_conversations", empty: [] },
  multi_channels_select: { field: "selected_channels", initial: "initial_channels", empty: [] },
  datepicker: { field: "selected_date", initial: "initial_date", empty: null },
  timepicker: { field: "selected_time", initial: "initial_time", empty: null },
  datetimepicker: { field: "selected_date_time", initial: "initial_date_time", empty: null },
  file_input: { field: "files", initial: "", empty: [] },
};

/** Every interactive element, however deep a container, card or carousel holds it. */
export function placedElements(blocks: readonly Block[]): Placed[] {
  return [...walk(blocks, "")];
}

function* walk(thing: unknown, blockId: string): Generator<Placed> {
  if (Array.isArray(thing)) {
    for (const each of thing) yield* walk(each, blockId);
    return;
  }
  if (!isFields(thing)) return;
  const within = typeof thing.block_id === "string" ? thing.block_id : blockId;
  if (typeof thing.action_id === "string" && typeof thing.type === "string")
    yield { blockId: within, actionId: thing.action_id, element: { ...thing, type: thing.type } };
  for (const each of Object.values(thing)) yield* walk(each, within);
}

/**
 * What Slack tells of a press or choice. The element says what it holds; of the page only the choice is taken,
 * and of an element with options only one of them. Null: it offers no such choice.
 */
export function actionOf(placed: Placed, given: Fields, actionTs: string): Fields | null {
  const { element, actionId, blockId } = placed;
  const told = { type: element.type, action_id: actionId, block_id: blockId, action_ts: actionTs };
  if (element.type === "button" || element.type === "icon_button")
    return { ...pick(element, ["text", "value", "style", "url", "icon"]), ...told };
  if (element.type === "feedback_buttons") {
    const pressed = [element.positive_button, element.negative_button]
      .filter(isFields)
      .find(({ value }) => value === given.value);
    return pressed ? { ...pick(pressed, ["text", "value"]), ...told } : null;
  }
  const choice = choiceOf(element, given);
  return choice && { ...choice, ...pick(element, ["placeholder", KEEPS[element.type]?.initial ?? ""]), ...told };
}

function choiceOf(element: Fields, given: Fields): Fields | null {
  const offered = optionsOf(element);
  const choice = pick(given, CHOICES);
  if (offered === null) return choice;
  const own = (option: unknown) =>
    isFields(option) ? (offered.find(({ value }) => value === option.value) ?? null) : null;
  if ("selected_options" in choice) {
    const chosen = [choice.selected_options].flat().map(own);
    return chosen.includes(null) ? null : { selected_options: chosen };
  }
  const chosen = own(choice.selected_option);
  return chosen === null && choice.selected_option != null ? null : { selected_option: chosen };
}

/** The options that an element brings along; null where it has none of its own. */
function optionsOf({ options, option_groups: groups }: Fields): Fields[] | null {
  const own = Array.isArray(options) ? options : [];
  const grouped = (Array.isArray(groups) ? groups : []).flatMap((group) => (isFields(group) ? group.options : []));
  const all = [...own, ...grouped].filter(isFields);
  return all.length > 0 ? all : null;
}

/** `state.values` of blocks: what the person has put in, else what each element begins with. */
export function stateOf(blocks: readonly Block[], given: ViewState): ViewState {
  const state: ViewState = {};
  for (const { blockId, actionId, element } of placedElements(blocks)) {
    const keeps = KEEPS[element.type];
    if (!keeps) continue;
    const held = given[blockId]?.[actionId] ?? { [keeps.field]: element[keeps.initial] ?? keeps.empty };
    const value = { type: element.type, [keeps.field]: held[keeps.field] ?? keeps.empty };
    state[blockId] = { ...state[blockId], [actionId]: value };
  }
  return state;
}

/** block_id → sentence, as Slack's own client says it before it sends anything. */
export function incompleteInputs(blocks: readonly Block[], state: ViewState): Record<string, string> {
  const wrong: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== "input" || !isFields(block.element)) continue;
    const { element } = block;
    const keeps = KEEPS[String(element.type)];
    const blockId = String(block.block_id);
    const held = keeps && state[blockId]?.[String(element.action_id)]?.[keeps.field];
    const said = keeps && complaint(held, element, block.optional === true);
    if (said) wrong[blockId] = said;
  }
  return wrong;
}

function complaint(held: unknown, element: Fields, optional: boolean): string | null {
  const empty = held == null || held === "" || (Array.isArray(held) && held.length === 0);
  if (empty) return optional ? null : "Please complete this required field.";
  if (typeof held !== "string") return null;
  const { min_length: least, max_length: most } = element;
  if (typeof least === "number" && held.length < least) return `Please enter at least ${least} characters.`;
  if (typeof most === "number" && held.length > most) return `Please enter no more than ${most} characters.`;
  return null;
}

const pick = (from: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));

const isFields = (thing: unknown): thing is Fields =>
  typeof thing === "object" && thing !== null && !Array.isArray(thing);
