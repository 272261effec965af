import { Temporal } from "temporal-polyfill";
import { after, eventsByCustomer, NOBODY, pays } from "#metrics/ledger.ts";
import type { FigureRow } from "./figures.ts";
import type { StageStay } from "./funnel.ts";

/** Days on which an account had paid before and paid nothing; `to` null: it still does. */
export interface Lapse {
  from: string;
  to: string | null;
}

/** When each account had left, by the ledger. */
export function lapsesOf(ledger: readonly FigureRow[], zone: string): Map<number, Lapse[]> {
  const lapses = new Map<number, Lapse[]>();
  for (const [accountId, events] of eventsByCustomer(ledger, zone)) {
    const mine: Lapse[] = [];
    let standing = NOBODY;
    for (const { moment, rows } of events) {
      const paid = pays(standing);
      standing = after(standing, rows);
      const day = dayOf(moment, zone);
      if (paid && !pays(standing)) mine.push({ from: day, to: null });
      const last = mine.at(-1);
      if (!paid && pays(standing) && last?.to === null) last.to = day;
    }
    if (mine.length > 0) lapses.set(accountId, mine);
  }
  return lapses;
}

const dayOf = (moment: number, zone: string): string =>
  String(Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).toPlainDate());

/**
 * Stays without the days on which the account had left: who churns leaves the model on that day, whatever stage the rules
 * put it in afterwards, and enters it anew when it comes back.
 */
export const withoutLapses = (stays: readonly StageStay[], lapses: ReadonlyMap<number, Lapse[]>): StageStay[] =>
  stays.flatMap((stay) =>
    (lapses.get(stay.accountId) ?? []).reduce((parts, lapse) => parts.flatMap((part) => cut(part, lapse)), [stay]),
  );

function cut(stay: StageStay, { from, to }: Lapse): StageStay[] {
  const overlaps = (stay.to === null || stay.to > from) && (to === null || stay.from < to);
  if (!overlaps) return [stay];
  const before = stay.from < from ? [{ ...stay, to: from }] : [];
  const afterwards = to !== null && (stay.to === null || stay.to > to) ? [{ ...stay, from: to }] : [];
  return [...before, ...afterwards];
}
