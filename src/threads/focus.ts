import { z } from "zod";

const named = z.object({ id: z.number(), name: z.string() });
const call = z.object({ tool: z.string(), input: z.record(z.string(), z.unknown()) });

/** What a conversation is about, so that "they", "the second one" and "what about Globex?" can be read. */
export const focus = z.object({
  account: named.nullable().default(null),
  /** The accounts of the last list, in its order. */
  accounts: z.array(named).default([]),
  /** The tools that answered the last question, as they were called. */
  calls: z.array(call).default([]),
  /** A question that waits for the asker to say which account was meant. */
  pending: z
    .object({
      choices: z.array(z.object({ id: z.number(), label: z.string(), hint: z.string() })),
      question: z.string(),
      calls: z.array(call),
    })
    .nullable()
    .default(null),
});

export type Focus = z.output<typeof focus>;
/** A tool and what it was asked. */
export type ToolCall = z.output<typeof call>;

export const NO_FOCUS: Focus = { account: null, accounts: [], calls: [], pending: null };
