import type { ToolCall } from "#threads/focus.ts";
import type { Detail } from "#tools/detail-lines.ts";
import { asksRisk, takeDetails } from "./details-asked.ts";
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

/** What a part wants to know of an account. */
export interface Wish {
  intents: Intent["tool"][];
  /** What it asks by itself: "renewal", "contacts". */
  details?: Detail[];
  /** How sure it is that the account stays. */
  risk?: boolean;
  since?: string | null;
}

/** The calls that tell what is wanted of one account. */
export function aboutAccount(account: string, { intents, details = [], risk, since }: Wish): ToolCall[] {
  const particular: ToolCall[] = [
    ...(risk ? [{ tool: "churn_risk", input: { account } }] : []),
    ...(risk || details.length > 0
      ? [{ tool: "account_detail", input: { account, about: risk && details.length === 0 ? ["health"] : details } }]
      : []),
  ];
  const usual: Intent["tool"][] = particular.length > 0 ? [] : since ? ["what_changed"] : ["account_overview"];
  const told = (intents.length > 0 ? intents : usual).map((tool) => {
    if (tool === "find_account") return { tool, input: { name: account } };
    const dated = since && (tool === "what_changed" || tool === "account_timeline");
    return { tool, input: { account, ...(dated ? { since } : {}) } };
  });
  return [...told, ...particular];
}

/** "Prep me for the call with …", "call prep": the picture, who sits there and what they said, and what to do. */
const BRIEFING =
  /\b(?:prep|prepare|briefing|brief)\b(?: me| us)?(?: (?:for|on))?.*\b(?:call|meeting|visit|demo|qbr|review|conversation|appointment)\b|\b(?:call|meeting|visit|qbr) prep(?:aration)?\b|^(?:please )?prep\b/;
const COMPARING = /\bcompare[ds]?\b|\b(?:versus|vs)\b/;
const STAGE = /\b(?:stages?|phases?)\b/;

/** The tools and the single things that a part asks for: who wants one thing is not told everything. */
export function wishOf(words: Words): Wish {
  const text = words.text;
  const intents = intentsOf(words.copy());
  if (COMPARING.test(text)) return compared(words);
  if (words.take(BRIEFING))
    return { intents: ["account_overview", "next_steps"], details: ["contacts", "said", ...takeDetails(words)] };
  const risk = asksRisk(text);
  const details = takeDetails(words);
  intentsOf(words); // what they are asked with is no name
  const told: Intent["tool"][] = [];
  if (risk || details.length > 0) told.push("account_overview");
  if ((risk || details.length > 0) && !STAGE.test(text)) told.push("why_this_stage");
  if (details.includes("last_contact") || details.includes("said")) told.push("account_timeline");
  if (details.includes("contacts") || details.includes("origin")) told.push("find_account");
  if (intents.includes("why_this_stage") && STAGE.test(text)) told.push("account_overview");
  return { intents: intents.filter((tool) => !told.includes(tool)), details, risk };
}

/** What is held side by side where nothing particular is asked: short facts, without their reasons. */
const SIDE_BY_SIDE: Detail[] = ["stage", "mrr", "customer_since", "renewal", "usage", "tickets", "nps", "health"];

function compared(words: Words): Wish {
  while (words.take(COMPARING));
  const details = takeDetails(words);
  const intents = intentsOf(words).filter((tool) => tool !== "account_overview");
  return details.length > 0 || intents.length > 0 ? { intents, details } : { intents, details: SIDE_BY_SIDE };
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

/** The account that is being talked about. */
export function inHand(state: PartState): string | null {
  return state.account ?? (state.focus.account ? byId(state.focus.account) : null);
}

/** The same call for another account. */
export function withAccount(call: ToolCall, account: string): ToolCall {
  return { tool: call.tool, input: { ...call.input, [call.tool === "find_account" ? "name" : "account"]: account } };
}
