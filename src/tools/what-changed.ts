import { z } from "zod";
import { accountChanges } from "#accounts/changes.ts";
import { findAccount } from "#accounts/find.ts";
import { accountTimeline } from "#accounts/timeline.ts";
import { AskAgain } from "#errors.ts";
import { addDays } from "#lifecycle/days.ts";
import { formatChange, formatMoney } from "#money.ts";
import { eventLine, eventsInChannel } from "./account-timeline.ts";
import { defineTool } from "./define-tool.ts";
import { KeptOut } from "./in-channel.ts";
import { accountInput } from "./subject.ts";
import { counted, spellingNote } from "./words.ts";

const USUAL_WINDOW_DAYS = 30;
const MOST_EVENTS = 15;

export const whatChangedTool = defineTool({
  name: "what_changed",
  title: "What changed",
  description:
    "What is different on one account since a day: MRR, stage, tickets, contacts, NPS, usage, and the events. Use for “what changed?”, “what's new with …?”.",
  effect: "reads",
  input: z.object({
    account: accountInput,
    since: z.iso.date().optional().describe("first day of the window, ISO; 30 days ago unless given"),
  }),
  run: ({ account: said, since: given }, { database, actor, today, knowledge }) => {
    const since = given ?? addDays(today, -USUAL_WINDOW_DAYS);
    if (since > today) throw new AskAgain(`${since} is in the future. Ask for a day up to today (${today}).`);
    return database.read(actor, async (rows) => {
      const account = await findAccount(rows, said);
      const changes = await accountChanges(rows, { accountId: account.id, since, today });
      const events = await accountTimeline(rows, {
        accountId: account.id,
        since,
        until: today,
        model: knowledge.model.id,
        limit: MOST_EVENTS + 1,
      });
      return {
        account,
        since,
        today,
        changes,
        events: events.slice(0, MOST_EVENTS),
        more: events.length > MOST_EVENTS,
      };
    });
  },
  say: ({ account, since, today, changes: c, events, more }) => {
    const nothing = events.length === 0;
    const mrr = c.mrrNowMinor - c.mrrBeforeMinor;
    const lines = [
      `${spellingNote(account)}**${account.name}**, ${since} to ${today}${nothing ? ": nothing changed that is on record." : ""}`,
      mrr === 0
        ? `- MRR: ${formatMoney(c.mrrNowMinor, c.currency)}, as before`
        : `- MRR: ${formatMoney(c.mrrBeforeMinor, c.currency)} → ${formatMoney(c.mrrNowMinor, c.currency)} (${formatChange(mrr, c.currency)})`,
      `- Tickets: ${c.ticketsOpened} opened, ${c.ticketsSolved} solved`,
      `- Contacts: ${c.contactsFromCustomer} from the customer, ${c.contactsFromUs} from us`,
      c.npsNow !== null && c.npsNow !== c.npsBefore && `- NPS: ${c.npsBefore ?? "none"} → ${c.npsNow}`,
      c.usageUntil >= since &&
        (c.eventsNow !== null || c.eventsBefore !== null) &&
        `- Product events up to ${c.usageUntil}: ${c.eventsNow ?? 0}, against ${c.eventsBefore ?? 0} in as many days before`,
      ...events.map((event) => `- ${eventLine(event)}`),
      more && `(the newest ${counted(events.length, "event")})`,
    ];
    return lines.filter(Boolean).join("\n");
  },
  inChannel: (found) => {
    const kept = new KeptOut();
    return { finding: { ...found, events: eventsInChannel(found.events, kept) }, keptOut: kept.words };
  },
});
