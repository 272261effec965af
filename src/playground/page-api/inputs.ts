import { z } from "zod";

/** What the page may send, checked at the door. The types in types.ts say what each is for. */

const id = z.string().min(1).max(64);
const ts = z.string().regex(/^\d+\.\d{6}$/, "must be a ts such as 1763812345.000100");
const MOST_TYPED = 40_000;
const words = z.string().max(MOST_TYPED);
const record = z.record(z.string(), z.unknown());
const state = z.record(z.string(), z.record(z.string(), record));

const container = z.union([
  z.object({ view_id: id }),
  z.object({ channel: id, message_ts: ts, thread_ts: ts.nullish(), is_ephemeral: z.boolean().optional() }),
]);

const pressedAction = z.looseObject({
  block_id: z.string().max(255),
  action_id: z.string().max(255),
  type: z.string().max(64),
});

export const say = z.object({ as: id, channel: id, text: words.min(1), thread_ts: ts.optional() });
export const command = z.object({ as: id, channel: id, text: words.regex(/^\/\S/), thread_ts: ts.optional() });
export const press = z.object({ as: id, container, action: pressedAction, state: state.optional() });
export const options = z.object({
  as: id,
  container,
  block_id: z.string().max(255),
  action_id: z.string().max(255),
  value: words,
});
export const submit = z.object({ as: id, view_id: id, state });
export const close = z.object({ as: id, view_id: id, is_cleared: z.boolean().optional() });
export const shortcut = z.object({ as: id, callback_id: id, channel: id.optional(), message_ts: ts.optional() });
export const home = z.object({ as: id, tab: z.enum(["home", "messages"]) });
export const react = z.object({ as: id, channel: id, ts, name: z.string().regex(/^[\w+'-]{1,100}$/) });
export const stop = z.object({ as: id, channel: id, thread_ts: ts.optional() });

export type ContainerInput = z.infer<typeof container>;
export type PressedInput = z.infer<typeof pressedAction>;
export type StateInput = z.infer<typeof state>;
