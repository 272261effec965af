import { z } from "zod";

/** Slack's composition objects: text, options, confirmations, and ids that everything carries. */

export const blockId = z.string().max(255).optional();
export const actionId = z.string().max(255).optional();
export const address = z.url().max(3000);

export const plain = (max: number) =>
  z.strictObject({ type: z.literal("plain_text"), text: z.string().min(1).max(max), emoji: z.boolean().optional() });

export const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal("mrkdwn"), text: z.string().min(1).max(max), verbatim: z.boolean().optional() });

export const anyText = (max: number) => z.discriminatedUnion("type", [plain(max), mrkdwn(max)]);

export const style = z.enum(["primary", "danger"]);

export const confirm = z
  .strictObject({
    title: plain(100).optional(),
    text: anyText(300),
    confirm: plain(30).optional(),
    deny: plain(30).optional(),
    style: style.optional(),
  })
  .optional();

/** The documented limit of `value` is 150; Slack's own types still say 75. */
const described = { value: z.string().max(150).optional(), description: anyText(75).optional() };

export const plainOption = z.strictObject({ text: plain(75), ...described });
export const linkOption = z.strictObject({ text: plain(75), url: address.optional(), ...described });
export const textOption = z.strictObject({ text: anyText(75), ...described });

export const optionGroup = z.strictObject({ label: plain(75), options: z.array(plainOption).max(100) });

export const placeholder = plain(150).optional();
export const focus = z.boolean().optional();

export const dispatchConfig = z
  .strictObject({
    trigger_actions_on: z
      .array(z.enum(["on_enter_pressed", "on_character_entered"]))
      .min(1)
      .optional(),
  })
  .optional();

/** An image by its address, or by a file that is in Slack. */
export const imageSource = {
  image_url: address.optional(),
  slack_file: z.strictObject({ id: z.string().optional(), url: z.string().optional() }).optional(),
};

/** Rule of everything with an image source. */
export function oneSource(image: { image_url?: unknown; slack_file?: unknown }, context: z.RefinementCtx): void {
  if ((image.image_url === undefined) === (image.slack_file === undefined)) {
    context.addIssue({ code: "custom", message: "must provide exactly one of image_url or slack_file" });
  }
}

export const imageElement = z
  .strictObject({ type: z.literal("image"), alt_text: z.string().min(1).max(2000), ...imageSource })
  .superRefine(oneSource);
