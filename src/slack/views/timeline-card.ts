import type { TimelineEvent } from "#accounts/timeline.ts";
import { formatChange, formatMoney } from "#money.ts";
import type { accountTimelineTool } from "#tools/account-timeline.ts";
import { counted } from "#tools/words.ts";
import { ACTIONS } from "../actions.ts";
import type { Block, Look } from "../message.ts";
import { accountButtons, spellingWords } from "./account-buttons.ts";
import { dayIn, daysIn, monthOf, shortDay } from "./days.ts";
import { context, lineSections, type More, section } from "./elements.ts";
import { escaped, lineIn, nameIn, quoteIn } from "./outside-text.ts";

export type TimelineFinding = Awaited<ReturnType<typeof accountTimelineTool.run>>;

const COMPACT_EVENTS = 8;

/** What happened to an account, newest first, by months. Compact: the newest few. */
export function timelineCard(found: TimelineFinding, _: Look, more: More = {}): Block[] {
  const { account, since } = found;
  const events = more.compact ? found.events.slice(0, COMPACT_EVENTS) : found.events;
  const last = found.lastBefore
    ? ` The last before: ${dayIn(found.lastBefore.on)}, ${lineIn(found.lastBefore.how)}.`
    : "";
  const nothing = `${found.only ? "No contact" : "Nothing"} is on record${since ? ` since ${dayIn(since)}` : ""}.${last}`;
  const rest = found.more || events.length < found.events.length;
  const notes = [
    ...spellingWords(account).map(escaped),
    ...(rest ? [`The newest ${counted(events.length, "event")}. Ask “since” an earlier day for more.`] : []),
  ];
  return [
    section(`*What happened with ${nameIn(account.name)}*${since ? `, since ${dayIn(since)}` : ""}`),
    ...(events.length === 0 ? [section(nothing)] : lineSections(byMonth(events))),
    ...(notes.length > 0 ? [context(notes.join(" "))] : []),
    ...accountButtons(account, { without: [ACTIONS.timeline, ...(more.without ?? [])] }),
  ];
}

/** Lines of events under the month that they fell into. */
export function byMonth(events: readonly TimelineEvent[]): string[] {
  let month = "";
  return events.flatMap((event) => {
    const begins = monthOf(event.on) !== month;
    const gap = begins && month !== "" ? [""] : [];
    month = monthOf(event.on);
    return begins ? [...gap, `*${month}*`, eventLine(event)] : [eventLine(event)];
  });
}

function eventLine({ on, kind, what, quote, amountMinor, currency }: TimelineEvent): string {
  const amount =
    amountMinor === null || currency === null
      ? ""
      : ` ${kind === "mrr" ? formatChange(amountMinor, currency) : formatMoney(amountMinor, currency)}`;
  const words = quoteIn(quote);
  return `• ${shortDay(on)}: ${lineIn(daysIn(what))}${amount}${words ? ` ${words}` : ""}`;
}
