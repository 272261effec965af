import { z } from "zod";
import { dataTable, dataVisualization, table } from "./data.ts";
import { accessory, actionsElement, button, contextAction, inputElement } from "./elements.ts";
import { address, anyText, blockId, imageElement, imageSource, mrkdwn, oneSource, plain } from "./parts.ts";
import { richText } from "./rich-text.ts";

const section = z
  .strictObject({
    type: z.literal("section"),
    block_id: blockId,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .superRefine((block, context) => {
    if (block.text === undefined && block.fields === undefined) {
      context.addIssue({ code: "custom", message: "missing required field: text or fields" });
    }
  });

const header = z.strictObject({ type: z.literal("header"), block_id: blockId, text: plain(150) });
const divider = z.strictObject({ type: z.literal("divider"), block_id: blockId });

const context = z.strictObject({
  type: z.literal("context"),
  block_id: blockId,
  elements: z
    .array(z.discriminatedUnion("type", [imageElement, plain(3000), mrkdwn(3000)]))
    .min(1)
    .max(10),
});

const actions = z.strictObject({
  type: z.literal("actions"),
  block_id: blockId,
  elements: z.array(actionsElement).min(1).max(25),
});

const contextActions = z.strictObject({
  type: z.literal("context_actions"),
  block_id: blockId,
  elements: z.array(contextAction).min(1).max(5),
});

const image = z
  .strictObject({
    type: z.literal("image"),
    block_id: blockId,
    alt_text: z.string().min(1).max(2000),
    title: plain(2000).optional(),
    ...imageSource,
  })
  .superRefine(oneSource);

const input = z.strictObject({
  type: z.literal("input"),
  block_id: blockId,
  label: plain(2000),
  element: inputElement,
  hint: plain(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});

/** The 12,000 characters count for all markdown of a message together: see the rules across blocks. */
const markdown = z.strictObject({
  type: z.literal("markdown"),
  block_id: blockId,
  text: z.string().min(1).max(12_000),
});

/** The documentation names no lengths for plans and tasks; those here are an option's and a header's, on the safe side. */
const taskCard = z.strictObject({
  type: z.literal("task_card"),
  block_id: blockId,
  task_id: z.string().min(1).max(255),
  title: z.string().min(1).max(256),
  status: z.enum(["pending", "in_progress", "complete", "error"]),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(z.strictObject({ type: z.literal("url"), url: address, text: z.string().min(1) })).optional(),
});

const plan = z.strictObject({
  type: z.literal("plan"),
  block_id: blockId,
  title: z.string().min(1).max(256),
  tasks: z.array(taskCard).max(50).optional(),
});

const card = z
  .strictObject({
    type: z.literal("card"),
    block_id: blockId,
    hero_image: imageElement.optional(),
    icon: imageElement.optional(),
    title: anyText(150).optional(),
    subtitle: anyText(150).optional(),
    body: anyText(200).optional(),
    actions: z.array(button).min(1).max(3).optional(), // three are drawn; the documentation names no number
  })
  .superRefine(({ hero_image, title, body, actions: buttons }, check) => {
    if ([hero_image, title, body, buttons].every((each) => each === undefined)) {
      check.addIssue({ code: "custom", message: "at least one of hero_image, title, actions or body is required" });
    }
  });

const carousel = z.strictObject({
  type: z.literal("carousel"),
  block_id: blockId,
  elements: z.array(card).min(1).max(10),
});

const alert = z.strictObject({
  type: z.literal("alert"),
  block_id: blockId,
  text: anyText(200),
  level: z.enum(["default", "info", "warning", "error", "success"]).optional(),
});

const video = z.strictObject({
  type: z.literal("video"),
  block_id: blockId,
  video_url: address,
  thumbnail_url: address,
  alt_text: z.string().min(1),
  title: plain(199),
  title_url: address.optional(),
  author_name: z.string().max(49).optional(),
  provider_name: z.string().optional(),
  provider_icon_url: address.optional(),
  description: plain(200).optional(),
});

/** Children are those that both the documentation and the live validator take: no rich_text, input or file. */
const container = z
  .strictObject({
    type: z.literal("container"),
    block_id: blockId,
    title: plain(150).optional(),
    rich_text_title: richText.optional(),
    subtitle: anyText(150).optional(),
    icon: imageElement.optional(),
    width: z.enum(["narrow", "standard", "wide", "full"]).optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
    child_blocks: z
      .array(z.discriminatedUnion("type", [section, header, divider, context, actions, image, table, video]))
      .min(1)
      .max(10),
  })
  .superRefine((block, check) => {
    if (block.title === undefined && block.rich_text_title === undefined) {
      check.addIssue({ code: "custom", message: "missing required field: title or rich_text_title" });
    }
    if (block.default_collapsed && !block.is_collapsible) {
      check.addIssue({ code: "custom", path: ["default_collapsed"], message: "requires is_collapsible" });
    }
  });

const everywhere = [section, header, divider, context, actions, image, input, richText, video] as const;

/**
 * What each surface takes. Where the documentation names no surface for a new block, it is taken in messages only.
 * `file` is in no list: apps cannot send it.
 */
export const BLOCKS = {
  message: z.discriminatedUnion("type", [
    ...everywhere,
    markdown,
    table,
    dataTable,
    dataVisualization,
    taskCard,
    plan,
    card,
    carousel,
    container,
    contextActions,
  ]),
  modal: z.discriminatedUnion("type", [...everywhere, alert]),
  home: z.discriminatedUnion("type", [...everywhere]),
};
