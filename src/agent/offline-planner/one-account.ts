import type { ToolCall } from "#threads/focus.ts";
import { ACCOUNT_INTENTS, type Intent } from "./intents.ts";
import { byId, takePlace } from "./mentions.ts";
import type { Given } from "./plan.ts";
import type { Words } from "./question.ts";

/** What the parts of a question hand on to each other. */
export interface PartState extends Given {
  /** The account that an earlier part named. */
  account: string | null;
  /** The calls that "what about …?" repeats: of an earlier part, or of the last question. */
  calls: ToolCall[];
  planned: ToolCall[];
  say: string[];
}

/** The calls that tell what is wanted of one account. */
export function aboutAccount(
  account: string,
  intents: Intent["tool"][],
  { since }: { since?: string | null },
): ToolCall[] {
  const wanted = intents.length > 0 ? intents : since ? (["what_changed"] as const) : (["account_overview"] as const);
  return wanted.map((tool) => {
    if (tool === "find_account") return { tool, input: { name: account } };
    const dated = since && (tool === "what_changed" || tool === "account_timeline");
    return { tool, input: { account, ...(dated ? { since } : {}) } };
  });
}

/** The tools that a part asks for, most particular first; "tell me about" says nothing more once another one is asked. */
export function intentsOf(words: Words): Intent["tool"][] {
  const matched = ACCOUNT_INTENTS.filter(({ pattern }) => {
    const first = words.take(pattern);
    while (first && words.take(pattern));
    return first !== null;
  });
  const found = (matched.some(({ weak }) => !weak) ? matched.filter(({ weak }) => !weak) : matched).map(
    ({ tool }) => tool,
  );
  const order: Intent["tool"][] = [
    "find_account",
    "account_overview",
    "why_this_stage",
    "account_timeline",
    "what_changed",
    "next_steps",
  ];
  return order.filter((tool) => found.includes(tool));
}

/** Whether a part asks for something particular. */
export const hasIntent = (part: string): boolean =>
  ACCOUNT_INTENTS.some(({ pattern }) => pattern.test(part.toLowerCase().replace(/^(?:what|how) about/, "")));

/** "The second one" of the last list. */
export function placed(words: Words, state: PartState): string | null {
  const { accounts } = state.focus;
  if (accounts.length === 0) return null;
  const place = takePlace(words);
  const account = place === null ? undefined : accounts.at(place);
  return account ? byId(account) : null;
}

/** The same call for another account. */
export function withAccount(call: ToolCall, account: string): ToolCall {
  return { tool: call.tool, input: { ...call.input, [call.tool === "find_account" ? "name" : "account"]: account } };
}
