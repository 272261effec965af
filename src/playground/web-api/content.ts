import { z } from "zod";
import type { Content } from "../world/messages.ts";
import type { Attachment, Block, Metadata } from "../world/shapes.ts";
import { SlackError } from "../world/slack-error.ts";
import { validateAttachments, validateBlocks } from "../world/validate-blocks.ts";

const LONGEST_TEXT = 40_000;
const LONGEST_MARKDOWN = 12_000;
const LARGEST_METADATA = 16_000;

const metadata = z.strictObject({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.unknown()),
  entities: z.array(z.unknown()).optional(),
});

/** What a message says, checked as Slack checks it. Throws SlackError with Slack's code. */
export function contentOf(args: Record<string, unknown>): Content {
  const [blocks, attachments] = [blocksOf(args.blocks), attachmentsOf(args.attachments)];
  const text = args.text === undefined || args.text === null ? "" : String(args.text);
  const markdown = args.markdown_text === undefined ? null : String(args.markdown_text);
  if (markdown !== null && (text !== "" || blocks !== undefined)) throw new SlackError("markdown_text_conflict");
  if (markdown !== null && markdown.length > LONGEST_MARKDOWN) throw new SlackError("msg_too_long");
  if (text.length > LONGEST_TEXT) throw new SlackError("msg_too_long");
  const written: Block[] | undefined = markdown === null ? blocks : [{ type: "markdown", text: markdown }];
  return { text: markdown ?? text, blocks: written, attachments, metadata: metadataOf(args.metadata) };
}

/** Throws SlackError no_text where there is nothing to show. */
export function requireContent({ text, blocks, attachments }: Content): void {
  if (text === "" && !blocks?.length && !attachments?.length) throw new SlackError("no_text");
}

/** Undefined: none were sent. Throws SlackError invalid_blocks, invalid_blocks_format. */
export function blocksOf(given: unknown): Block[] | undefined {
  const blocks = decoded(given, "invalid_blocks_format");
  if (blocks === undefined) return undefined;
  if (!Array.isArray(blocks)) throw new SlackError("invalid_blocks_format");
  const messages = validateBlocks(blocks, "message");
  if (messages.length > 0)
    throw new SlackError("invalid_blocks", { errors: messages, response_metadata: { messages } });
  return blocks;
}

function attachmentsOf(given: unknown): Attachment[] | undefined {
  const attachments = decoded(given, "invalid_attachments");
  if (attachments === undefined) return undefined;
  if (Array.isArray(attachments) && attachments.length > 100) throw new SlackError("too_many_attachments");
  const messages = validateAttachments(attachments);
  if (messages.length > 0) throw new SlackError("invalid_attachments", { response_metadata: { messages } });
  return (attachments as Attachment[]).map((attachment, at) => ({ id: at + 1, ...attachment })); // validated above
}

/** Throws SlackError invalid_metadata_format, metadata_too_large. */
export function metadataOf(given: unknown): Metadata | undefined {
  const value = decoded(given, "invalid_metadata_format");
  if (value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0))
    return undefined;
  const checked = metadata.safeParse(value);
  if (!checked.success) throw new SlackError("invalid_metadata_format");
  if (JSON.stringify(value).length > LARGEST_METADATA) throw new SlackError("metadata_too_large");
  return checked.data;
}

function decoded(given: unknown, code: string): unknown {
  if (given === undefined || given === null || given === "") return undefined;
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given);
  } catch {
    throw new SlackError(code);
  }
}
