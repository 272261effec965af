import { formatChange, formatMoney } from "#money.ts";
import type { whatChangedTool } from "#tools/what-changed.ts";
import { counted } from "#tools/words.ts";
import type { Block, Look } from "../message.ts";
import { accountButtons, spellingWords } from "./account-buttons.ts";
import { dayIn } from "./days.ts";
import { context, fact, fields, lineSections, type More, section } from "./elements.ts";
import { escaped, nameIn } from "./outside-text.ts";
import { byMonth } from "./timeline-card.ts";

export type ChangesFinding = Awaited<ReturnType<typeof whatChangedTool.run>>;

/** What is different on an account since a day: its figures before and now, and what happened. */
export function changesCard(found: ChangesFinding, _: Look, more: More = {}): Block[] {
  const { account, since, today, events } = found;
  const notes = [
    ...spellingWords(account).map(escaped),
    ...(events.length === 0 ? ["Nothing changed that is on record."] : []),
    ...(found.more ? [`The newest ${counted(events.length, "event")}; the timeline has the rest.`] : []),
  ];
  return [
    section(`*What changed at ${nameIn(account.name)}*, ${dayIn(since)} to ${dayIn(today)}`),
    fields(figuresOf(found)),
    ...(more.compact ? [] : lineSections(byMonth(events))),
    ...(notes.length > 0 ? [context(notes.join(" "))] : []),
    ...accountButtons(account, more),
  ];
}

function figuresOf({ changes: c, since }: ChangesFinding): string[] {
  const change = c.mrrNowMinor - c.mrrBeforeMinor;
  const now = formatMoney(c.mrrNowMinor, c.currency);
  const known = c.usageUntil >= since && (c.eventsNow !== null || c.eventsBefore !== null);
  return [
    fact(
      "MRR",
      change === 0
        ? `${now}, as before`
        : `${formatMoney(c.mrrBeforeMinor, c.currency)} → ${now} (${formatChange(change, c.currency)})`,
    ),
    fact("Tickets", `${c.ticketsOpened} opened, ${c.ticketsSolved} solved`),
    fact("Contacts", `${c.contactsFromCustomer} from the customer, ${c.contactsFromUs} from us`),
    c.npsNow !== null && c.npsNow !== c.npsBefore && fact("NPS", `${c.npsBefore ?? "none"} → ${c.npsNow}`),
    known &&
      fact("Product events", `${count(c.eventsNow)}, before ${count(c.eventsBefore)} (data to ${dayIn(c.usageUntil)})`),
  ].filter((each) => typeof each === "string");
}

const count = (events: number | null): string => (events ?? 0).toLocaleString("en");
