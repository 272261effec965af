import { z } from "zod";
import { findAccount } from "#accounts/find.ts";
import { accountTimeline, type TimelineEvent } from "#accounts/timeline.ts";
import { formatChange, formatMoney } from "#money.ts";
import { defineTool } from "./define-tool.ts";
import { accountInput } from "./subject.ts";
import { counted, quoted, spellingNote } from "./words.ts";

const EVER = "1970-01-01";

export const accountTimelineTool = defineTool({
  name: "account_timeline",
  title: "Account timeline",
  description:
    "What happened to one account, day by day, newest first: contacts, sales, money, tickets, surveys, stages. Use for “what happened with …?” and “history of …”.",
  effect: "reads",
  input: z.object({
    account: accountInput,
    since: z.iso.date().optional().describe("first day, ISO"),
    limit: z.number().int().min(1).max(100).default(20),
  }),
  run: ({ account: said, since, limit }, { database, actor, today, knowledge }) =>
    database.read(actor, async (rows) => {
      const account = await findAccount(rows, said);
      const events = await accountTimeline(rows, {
        accountId: account.id,
        since: since ?? EVER,
        until: today,
        model: knowledge.model.id,
        limit: limit + 1,
      });
      return { account, since: since ?? null, today, events: events.slice(0, limit), more: events.length > limit };
    }),
  say: ({ account, since, events, more }) => {
    const head = `${spellingNote(account)}**${account.name}**, ${since ? `since ${since}` : "newest first"}`;
    if (events.length === 0) return `${head}: nothing is on record.`;
    const lines = events.map((event) => `- ${eventLine(event)}`);
    return [
      head,
      ...lines,
      more && `(the newest ${counted(events.length, "event")}; ask with an earlier day or a higher limit for more)`,
    ]
      .filter(Boolean)
      .join("\n");
  },
});

/** One event as a line; what came from outside stands in quotation marks. */
export function eventLine({ on, kind, what, quote, amountMinor, currency }: TimelineEvent): string {
  const amount =
    amountMinor === null || currency === null
      ? ""
      : kind === "mrr"
        ? ` ${formatChange(amountMinor, currency)}`
        : ` ${formatMoney(amountMinor, currency)}`;
  return `${on} ${what}${amount}${quote ? `: ${quoted(quote)}` : ""}`;
}
