import { randomBytes } from "node:crypto";
import type { Block } from "../shapes.ts";

type Thing = Record<string, unknown>;

const PRESSED =
  /^(button|workflow_button|icon_button|feedback_buttons|overflow|checkboxes|radio_buttons|.*select|.*picker|.*_input)$/;

/** Blocks as Slack keeps them: each with a block_id, each element that can be used with an action_id. */
export const identified = (blocks: Block[]): Block[] => blocks.map((block) => withIds(block) as Block);

function withIds(block: Thing): Thing {
  const ids: Thing = { block_id: block.block_id ?? randomBytes(3).toString("base64url") };
  if (Array.isArray(block.child_blocks)) ids.child_blocks = block.child_blocks.map(withIds);
  if (Array.isArray(block.elements)) ids.elements = block.elements.map(elementWithId);
  if (Array.isArray(block.actions)) ids.actions = block.actions.map(elementWithId);
  if (isThing(block.accessory)) ids.accessory = elementWithId(block.accessory);
  if (isThing(block.element)) ids.element = elementWithId(block.element);
  return { ...block, ...ids };
}

function elementWithId(element: Thing): Thing {
  if (element.type === "card") return withIds(element);
  if (element.action_id !== undefined || !PRESSED.test(String(element.type))) return element;
  return { ...element, action_id: randomBytes(3).toString("base64url") };
}

const isThing = (value: unknown): value is Thing => typeof value === "object" && value !== null;
