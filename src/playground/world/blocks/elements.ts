import { z } from "zod";
import {
  actionId,
  address,
  confirm,
  dispatchConfig,
  focus,
  imageElement,
  linkOption,
  optionGroup,
  placeholder,
  plain,
  plainOption,
  style,
  textOption,
} from "./parts.ts";
import { richText } from "./rich-text.ts";

/** What can be pressed, chosen and filled in. */

const label = z.string().max(75).optional();
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const button = z.strictObject({
  type: z.literal("button"),
  text: plain(75),
  action_id: actionId,
  value: z.string().max(2000).optional(),
  url: address.optional(),
  style: style.optional(),
  confirm,
  accessibility_label: label,
});

const workflowButton = z.strictObject({
  type: z.literal("workflow_button"),
  text: plain(75),
  action_id: actionId,
  workflow: z.looseObject({ trigger: z.looseObject({ url: address }) }),
  style: style.optional(),
  accessibility_label: label,
});

interface Choosing {
  options?: unknown[] | undefined;
  option_groups?: { options: unknown[] }[] | undefined;
  initial_option?: unknown;
  initial_options?: unknown[] | undefined;
}

/** Options or groups of them, and what is chosen at first must be among them. */
function choosable(menu: Choosing, context: z.RefinementCtx): void {
  if ((menu.options === undefined) === (menu.option_groups === undefined)) {
    context.addIssue({ code: "custom", message: "must provide exactly one of options or option_groups" });
  }
  const known = new Set(
    [...(menu.options ?? []), ...(menu.option_groups ?? []).flatMap((group) => group.options)].map(told),
  );
  const chosen = menu.initial_option === undefined ? (menu.initial_options ?? []) : [menu.initial_option];
  if (chosen.some((option) => !known.has(told(option)))) {
    context.addIssue({ code: "custom", message: "initial option must be one of the options" });
  }
}

/** Parsed options have their fields in one order. */
const told = (option: unknown): string => JSON.stringify(option);

const menu = { action_id: actionId, confirm, focus_on_load: focus, placeholder };
const several = { ...menu, max_selected_items: z.number().int().min(1).optional() };
const staticOptions = {
  options: z.array(plainOption).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};
const filter = z
  .strictObject({
    include: z
      .array(z.enum(["im", "mpim", "private", "public"]))
      .min(1)
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .optional();
const queryLength = z.number().int().min(0).optional();
const yes = z.boolean().optional();
const ids = z.array(z.string()).optional();

const selects = [
  z
    .strictObject({
      type: z.literal("static_select"),
      ...menu,
      ...staticOptions,
      initial_option: plainOption.optional(),
    })
    .superRefine(choosable),
  z.strictObject({
    type: z.literal("external_select"),
    ...menu,
    initial_option: plainOption.optional(),
    min_query_length: queryLength,
  }),
  z.strictObject({ type: z.literal("users_select"), ...menu, initial_user: z.string().optional() }),
  z.strictObject({
    type: z.literal("conversations_select"),
    ...menu,
    initial_conversation: z.string().optional(),
    default_to_current_conversation: yes,
    response_url_enabled: yes,
    filter,
  }),
  z.strictObject({
    type: z.literal("channels_select"),
    ...menu,
    initial_channel: z.string().optional(),
    response_url_enabled: yes,
  }),
  z
    .strictObject({
      type: z.literal("multi_static_select"),
      ...several,
      ...staticOptions,
      initial_options: z.array(plainOption).optional(),
    })
    .superRefine(choosable),
  z.strictObject({
    type: z.literal("multi_external_select"),
    ...several,
    initial_options: z.array(plainOption).optional(),
    min_query_length: queryLength,
  }),
  z.strictObject({ type: z.literal("multi_users_select"), ...several, initial_users: ids }),
  z.strictObject({
    type: z.literal("multi_conversations_select"),
    ...several,
    initial_conversations: ids,
    default_to_current_conversation: yes,
    filter,
  }),
  z.strictObject({ type: z.literal("multi_channels_select"), ...several, initial_channels: ids }),
] as const;

const boxes = { action_id: actionId, confirm, focus_on_load: focus, options: z.array(textOption).min(1).max(10) };
const groups = [
  z
    .strictObject({ type: z.literal("checkboxes"), ...boxes, initial_options: z.array(textOption).min(1).optional() })
    .superRefine(choosable),
  z
    .strictObject({ type: z.literal("radio_buttons"), ...boxes, initial_option: textOption.optional() })
    .superRefine(choosable),
] as const;

const pickers = [
  z.strictObject({ type: z.literal("datepicker"), ...menu, initial_date: day.optional() }),
  z.strictObject({
    type: z.literal("timepicker"),
    ...menu,
    initial_time: z
      .string()
      .regex(/^\d{2}:\d{2}$/)
      .optional(),
    timezone: z.string().optional(),
  }),
] as const;
const dateTimePicker = z.strictObject({
  type: z.literal("datetimepicker"),
  action_id: actionId,
  confirm,
  focus_on_load: focus,
  initial_date_time: z.number().int().min(1_000_000_000).max(9_999_999_999).optional(),
});

const overflow = z.strictObject({
  type: z.literal("overflow"),
  action_id: actionId,
  confirm,
  options: z.array(linkOption).min(1).max(5),
});

const typed = { action_id: actionId, placeholder, focus_on_load: focus, dispatch_action_config: dispatchConfig };
const richTextInput = z.strictObject({
  type: z.literal("rich_text_input"),
  ...typed,
  initial_value: richText.optional(),
  min_lines: z.number().int().min(1).max(100).optional(),
  max_lines: z.number().int().min(1).max(100).optional(),
});
const inputs = [
  z.strictObject({
    type: z.literal("plain_text_input"),
    ...typed,
    initial_value: z.string().max(3000).optional(),
    multiline: yes,
    min_length: z.number().int().min(0).max(3000).optional(),
    max_length: z.number().int().min(1).max(3000).optional(),
  }),
  z.strictObject({
    type: z.literal("number_input"),
    ...typed,
    is_decimal_allowed: z.boolean(),
    initial_value: z.string().optional(),
    min_value: z.string().optional(),
    max_value: z.string().optional(),
  }),
  z.strictObject({ type: z.literal("email_text_input"), ...typed, initial_value: z.string().optional() }),
  z.strictObject({ type: z.literal("url_text_input"), ...typed, initial_value: z.string().optional() }),
  richTextInput,
  z.strictObject({
    type: z.literal("file_input"),
    action_id: actionId,
    filetypes: z.array(z.string()).optional(),
    max_files: z.number().int().min(1).max(10).optional(),
  }),
] as const;

const opinion = z.strictObject({ text: plain(75), accessibility_label: label, value: z.string().max(2000) });

export const contextAction = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("feedback_buttons"),
    action_id: actionId,
    positive_button: opinion,
    negative_button: opinion,
  }),
  z.strictObject({
    type: z.literal("icon_button"),
    action_id: actionId,
    icon: z.enum(["trash"]), // the only icon that the documentation names
    text: plain(75),
    value: z.string().max(2000).optional(),
    confirm,
    accessibility_label: label,
    visible_to_user_ids: z.array(z.string()).optional(),
  }),
]);

export const actionsElement = z.discriminatedUnion("type", [
  button,
  workflowButton,
  ...selects,
  ...groups,
  ...pickers,
  dateTimePicker,
  overflow,
  richTextInput,
]);

export const accessory = z.discriminatedUnion("type", [
  button,
  workflowButton,
  imageElement,
  ...selects,
  ...groups,
  ...pickers,
  overflow,
]);

export const inputElement = z.discriminatedUnion("type", [
  ...inputs,
  ...selects,
  ...groups,
  ...pickers,
  dateTimePicker,
]);
