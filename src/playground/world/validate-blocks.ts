import { z } from "zod";
import { acrossBlocks } from "./blocks/across.ts";
import { BLOCKS } from "./blocks/blocks.ts";
import { complaint, told } from "./blocks/complaints.ts";
import { plain } from "./blocks/parts.ts";

export type Surface = keyof typeof BLOCKS;

const MOST = { message: 50, modal: 100, home: 100 };
const MOST_ATTACHMENTS = 100;

/** What Slack would refuse of these blocks, in its words, each with a JSON pointer. Empty: Slack takes them. */
export function validateBlocks(blocks: unknown, surface: Surface, base = "/blocks"): string[] {
  if (!Array.isArray(blocks)) return [told("must be a valid array", base, [])];
  if (blocks.length > MOST[surface]) return [told(`no more than ${MOST[surface]} items allowed`, base, [])];
  const complaints = blocks.flatMap((block, at) => complaintsOf(BLOCKS[surface], block, `${base}/${at}`));
  return complaints.length > 0 ? complaints : acrossBlocks(blocks, surface, base);
}

/** Attachments as messages and unfurls carry them: their blocks are checked, their older fields are not. */
export function validateAttachments(attachments: unknown, base = "/attachments"): string[] {
  if (!Array.isArray(attachments)) return [told("must be a valid array", base, [])];
  if (attachments.length > MOST_ATTACHMENTS) return [told(`no more than ${MOST_ATTACHMENTS} items allowed`, base, [])];
  return attachments.flatMap((attachment: unknown, at) => {
    if (typeof attachment !== "object" || attachment === null) return [told("must be a valid object", base, [at])];
    return "blocks" in attachment ? validateBlocks(attachment.blocks, "message", `${base}/${at}/blocks`) : [];
  });
}

const shared = {
  blocks: z.array(z.unknown()),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
};

const VIEWS = {
  modal: z.strictObject({
    type: z.literal("modal"),
    title: plain(24),
    submit: plain(24).optional(),
    close: plain(24).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    submit_disabled: z.boolean().optional(),
    ...shared,
  }),
  home: z.strictObject({ type: z.literal("home"), ...shared }),
};

/** What Slack would refuse of this view. */
export function validateView(view: unknown, kind: "modal" | "home"): string[] {
  const complaints = complaintsOf(VIEWS[kind], view, "/view");
  const { blocks, submit }: { blocks?: unknown; submit?: unknown } =
    typeof view === "object" && view !== null ? view : {};
  if (blocks !== undefined) complaints.push(...validateBlocks(blocks, kind, "/view/blocks"));
  const asks = Array.isArray(blocks) && blocks.some((block) => block?.type === "input");
  if (kind === "modal" && asks && submit === undefined) {
    complaints.push(told("must define `submit` to use an `input` block in modals", "/view", []));
  }
  return complaints;
}

function complaintsOf(schema: z.ZodType, value: unknown, base: string): string[] {
  const read = schema.safeParse(value);
  return read.success ? [] : read.error.issues.map((issue) => complaint(issue, value, base));
}
