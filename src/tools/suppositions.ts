import type { FigureRow, RunningSubscription } from "#accounts/figures.ts";
import { churnFigures } from "#metrics/churn.ts";
import type { Figure, Scope, Window } from "#metrics/figure.ts";
import { after, eventsByCustomer, type LedgerRow, NOBODY, type Standing } from "#metrics/ledger.ts";
import { mrrMovements } from "#metrics/mrr-movements.ts";
import type { RollForward } from "#metrics/roll-forward.ts";
import { type PartNumbers, partOf, rollForwardOf, together } from "./window-parts.ts";

/** An account of the supposition, with what is known of its contract. Money in base minor units. */
export interface Supposed {
  id: number;
  name: string;
  mrrMinor: number;
  renewsOn: string | null;
  /** Cancelled already: the day on which it ends unless it is called back. */
  endsOn: string | null;
  /** The day on which the supposition is counted. */
  countedOn: string;
}

/** A roll-forward to the end of the window under one supposition. */
export interface Outcome {
  words: string;
  rollForward: SupposedRollForward;
  grr: Figure;
  nrr: Figure;
  logoChurn: Figure;
}

export type SupposedRollForward = Omit<RollForward, "flash"> & { flash: { customers: number } };

/** Where each customer stands today. */
export type Standings = Map<number, Standing>;

/** Where every customer of a ledger stands after its last row. */
export function standingsOf(ledger: readonly FigureRow[], zone: string): Standings {
  const all = [...eventsByCustomer(ledger, zone)];
  return new Map(all.map(([id, events]) => [id, events.reduce((standing, { rows }) => after(standing, rows), NOBODY)]));
}

/** MRR in base minor units. */
export const worthOf = (standing: Standing | undefined): number =>
  (standing?.balances ?? []).reduce((sum, { baseMinor }) => sum + baseMinor, 0);

/** What is known of contracts, for a window that is not over. */
export interface Known {
  running: readonly RunningSubscription[];
  standings: Standings;
  window: Window;
  today: string;
}

/** Cancellations that are on record and take place inside the window: whoever has no other subscription leaves. */
export function scheduledEnds({ running, standings, window, today }: Known): LedgerRow[] {
  const byAccount = Map.groupBy(running, ({ accountId }) => accountId);
  return [...byAccount].flatMap(([accountId, subscriptions]) => {
    const ends = subscriptions.filter(({ endsOn }) => endsOn !== null && endsOn > today && endsOn < window.end);
    if (ends.length === subscriptions.length)
      return leaving(
        accountId,
        ends
          .map(({ endsOn }) => endsOn!)
          .sort()
          .at(-1)!,
        standings,
      ); // just filtered
    return ends.flatMap(({ endsOn, mrrMinor, currency, row }) => {
      const balance = standings.get(accountId)?.balances.find((each) => each.currency === currency);
      if (!balance || balance.minor <= 0) return [];
      const baseDeltaMinor = -Math.round((balance.baseMinor * mrrMinor) / balance.minor);
      return [{ row: `scheduled:${row}`, accountId, at: endsOn!, deltaMinor: -mrrMinor, currency, baseDeltaMinor }];
    });
  });
}

/** Everything that a customer pays goes away on a day. */
export const leaving = (accountId: number, at: string, standings: Standings): LedgerRow[] =>
  (standings.get(accountId)?.balances ?? []).map(({ currency, minor, baseMinor }) => ({
    row: `supposed:${accountId}:${currency}`,
    accountId,
    at,
    deltaMinor: -minor,
    currency,
    baseDeltaMinor: -baseMinor,
  }));

/** What accounts pay changes by a share: 0.1 is ten percent more, −0.1 ten percent less. */
export function changed(accounts: readonly Supposed[], share: number, standings: Standings): LedgerRow[] {
  return accounts.flatMap(({ id, countedOn }) =>
    (standings.get(id)?.balances ?? []).map(({ currency, minor, baseMinor }) => ({
      row: `supposed:${id}:${currency}`,
      accountId: id,
      at: countedOn,
      deltaMinor: Math.round(minor * share),
      currency,
      baseDeltaMinor: Math.round(baseMinor * share),
    })),
  );
}

interface Base {
  /** Of the accounts that the supposition or a schedule touches. */
  ledger: readonly LedgerRow[];
  /** Everybody else, to whom nothing happens from today on. */
  others: PartNumbers;
  window: Window;
  zone: string;
  currency: string;
  scope: Scope;
}

/** What has happened so far, and what is supposed to happen until the end of the window. */
export const outcomeOf =
  ({ ledger, others, window, zone, currency, scope }: Base) =>
  (words: string, supposition: readonly LedgerRow[]): Outcome => {
    const touched = partOf(mrrMovements({ rows: [...ledger, ...supposition], window, zone, base: currency }));
    const whole = together(others, touched, 1);
    const { grr, nrr, logoChurn } = churnFigures(whole.sums, scope);
    return { words, rollForward: rollForwardOf(whole), grr, nrr, logoChurn };
  };
