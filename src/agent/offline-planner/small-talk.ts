import { GOODBYE, GREETING, HELP, THANKS } from "./intents.ts";

/** What can be asked, in the words of the team. No names and no figures: the ledger would not know them. */
export const WHAT_I_CAN = [
  "I can look these up:",
  "- one account: “What stage is [account] in, and why?”, “Tell me about [account]”, “What changed at [account] since last week?”, “History of [account]”, “Who owns [account]?”, “Who is our contact at [account]?”, “What did they say last?”",
  "- what to do: “What should I do next with [account]?”, “What do I write to [account]?”, “May I offer them a discount?”, “How do we answer a price objection?”",
  "- what is due: “What should I do today?”, “Which deals close this month?”, “My pipeline”",
  "- many accounts: “Which accounts renew this month?”, “How many accounts does each team have?”, “Biggest accounts by MRR”, “Who has overdue invoices?”, “Accounts without contact since last quarter”",
  "- figures: “Compare NRR of last quarter and this quarter”, “Why did MRR fall last month?”, “Where do accounts get stuck?”, “How do cohorts retain?”, “NPS by stage”, “What if [account] churns?”, “Show the lifecycle map”",
  "- the model: “Which stages are there?”",
].join("\n");

/** Said where something was asked of the account in hand that nothing tells. */
export const OF_AN_ACCOUNT =
  "Of an account I can tell stage and why, health and risk, tickets, renewal, MRR and plan, usage, invoices, deals, tasks, contacts, last contact and last words, next steps with words to use, and whether a move suits it now.";

/** An answer to a greeting, thanks or a call for help; null for anything else. */
export function smallTalk(question: string): string | null {
  const said = question.toLowerCase();
  if (HELP.test(said)) return WHAT_I_CAN;
  if (GREETING.test(said)) return `Hello. ${WHAT_I_CAN}`;
  if (THANKS.test(said)) return "You are welcome.";
  return GOODBYE.test(said) ? "Goodbye." : null;
}
