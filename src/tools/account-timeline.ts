import { z } from "zod";
import { findAccount } from "#accounts/find.ts";
import { lastWords } from "#accounts/said.ts";
import { accountTimeline, type TimelineEvent } from "#accounts/timeline.ts";
import { addDays } from "#lifecycle/days.ts";
import { formatChange, formatMoney } from "#money.ts";
import { defineTool } from "./define-tool.ts";
import { CONTACT_NAMES, KeptOut, OPPORTUNITY_NAMES, REASONS } from "./in-channel.ts";
import { accountInput } from "./subject.ts";
import { counted, distance, quoted, spellingNote } from "./words.ts";

const EVER = "1970-01-01";

export const accountTimelineTool = defineTool({
  name: "account_timeline",
  title: "Account timeline",
  description:
    "What happened to one account, day by day, newest first: contacts, sales, money, tickets, surveys, stages. Use for “what happened with …?”, “history of …”, and with only for “did anyone contact … this month?”.",
  effect: "reads",
  input: z.object({
    account: accountInput,
    since: z.iso.date().optional().describe("first day, ISO"),
    only: z.enum(["contacts"]).optional().describe("contacts: mails, calls and meetings of both sides, nothing else"),
    limit: z.number().int().min(1).max(100).default(20),
  }),
  run: ({ account: said, since, only, limit }, { database, actor, today, knowledge }) =>
    database.read(actor, async (rows) => {
      const account = await findAccount(rows, said);
      const events = await accountTimeline(rows, {
        accountId: account.id,
        since: since ?? EVER,
        until: today,
        model: knowledge.model.id,
        limit: limit + 1,
        onlyContacts: only === "contacts",
      });
      const [last] =
        only && events.length === 0
          ? await lastWords(rows, { accountId: account.id, until: since ? addDays(since, -1) : today, each: 1 })
          : [];
      return {
        account,
        since: since ?? null,
        today,
        only: only ?? null,
        /** Where nothing fell into the window: the last contact before it. */
        lastBefore: last ? { on: last.on, who: last.who, how: last.how } : null,
        events: events.slice(0, limit),
        more: events.length > limit,
      };
    }),
  say: ({ account, since, only, lastBefore, today, events, more }) => {
    const head = `${spellingNote(account)}**${account.name}**, ${only ? "contacts " : ""}${since ? `since ${since}` : "newest first"}`;
    if (events.length === 0)
      return lastBefore
        ? `${head}: no mail, call or meeting. The last word before: ${lastBefore.on} (${distance(lastBefore.on, today)}), ${lastBefore.how} ${lastBefore.who === "us" ? "from us" : "from the customer"}.`
        : `${head}: nothing is on record.`;
    const lines = events.map((event) => `- ${eventLine(event)}`);
    return [
      head,
      ...lines,
      more && `(the newest ${counted(events.length, "event")}; ask with an earlier day or a higher limit for more)`,
    ]
      .filter(Boolean)
      .join("\n");
  },
  inChannel: (found) => {
    const kept = new KeptOut();
    return { finding: { ...found, events: eventsInChannel(found.events, kept) }, keptOut: kept.words };
  },
});

const KEPT_OUT: Partial<Record<TimelineEvent["kind"], string>> = {
  contact: CONTACT_NAMES,
  opportunity: OPPORTUNITY_NAMES,
  ticket: "ticket subjects",
  interaction: "subjects of e-mails, calls and meetings",
  survey: "survey comments",
  referral: "names of the referred",
  note: "notes",
  task: "titles of tasks",
};

/** Events without quotes, names of persons and reasons that somebody wrote. */
export const eventsInChannel = (events: readonly TimelineEvent[], kept: KeptOut): TimelineEvent[] =>
  events.map((event) => {
    const what = KEPT_OUT[event.kind] ?? REASONS;
    return { ...event, what: kept.of(event.what, event.plain, what), quote: kept.of(event.quote, null, what) };
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
