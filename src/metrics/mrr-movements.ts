import { type CustomerStory, customerStory, type Fault, type Flash, type ToBase } from "./customer-window.ts";
import type { Window } from "./figure.ts";
import { eventsByCustomer, type LedgerRow, NOBODY, type Standing, standingBefore, sum } from "./ledger.ts";
import type { Movement } from "./movement.ts";
import { momentsOf } from "./weeks.ts";

export interface MovementOptions {
  /** `net` (default): one movement a customer and window. `gross`: one for each event; rows within an hour are one event. */
  mode?: "net" | "gross";
  /** Customers that came and went inside the window: listed `apart` (default), or counted both as come and as churned. */
  flash?: "apart" | "include";
  /** Values of balances at the rates of the window's two ends; without it a balance keeps the rates of its own days. */
  revalue?: { start: ToBase; end: ToBase };
}

export interface MovementsInput extends MovementOptions {
  /** Rows of the window; earlier ones too where `before` is not given, later ones do no harm. */
  rows: readonly LedgerRow[];
  window: Window;
  zone: string;
  /** The base currency. */
  base: string;
  /** Where customers stand at the start; without it, what the rows before the window say. */
  before?: ReadonlyMap<number, Standing>;
}

/** One customer over the window, in base minor units; the end is without what rates did. */
export type CustomerWindow = Pick<CustomerStory, "accountId" | "startMinor" | "endMinor">;

export interface Movements {
  movements: Movement[];
  flash: Flash[];
  /** What rates alone did, by customer. */
  fx: { accountId: number; amountMinor: number }[];
  /** Everybody with MRR at the start or at the end. */
  customers: CustomerWindow[];
  faults: Fault[];
  currency: string;
  openingMinor: number;
  closingMinor: number;
  definition: { mode: string; flash: string; event: string; rates: string };
  /** Ledger rows inside the window. */
  rows: number;
}

/**
 * MRR movements of a window, by customer (as in ChartMogul's "Understanding MRR movements" and the MRR playbook of dbt Labs).
 * The order of rows, and rows that come twice, make no difference. Throws AskAgain on a window or zone that cannot be.
 */
export function mrrMovements(input: MovementsInput): Movements {
  const stories = storiesOf(input);
  const of = <Key extends "startMinor" | "closingMinor" | "rows">(key: Key) => sum(stories.map((story) => story[key]));
  return {
    movements: stories.flatMap(({ movements }) => movements),
    flash: stories.flatMap(({ flash }) => flash ?? []),
    fx: stories
      .filter(({ fxMinor }) => fxMinor !== 0)
      .map(({ accountId, fxMinor }) => ({ accountId, amountMinor: fxMinor })),
    customers: stories
      .filter(({ startMinor, endMinor }) => startMinor !== 0 || endMinor !== 0)
      .map(({ accountId, startMinor, endMinor }) => ({ accountId, startMinor, endMinor })),
    faults: stories.flatMap(({ fault }) => fault ?? []),
    currency: input.base,
    openingMinor: of("startMinor"),
    closingMinor: of("closingMinor"),
    definition: definitionOf(input),
    rows: of("rows"),
  };
}

const definitionOf = ({ mode = "net", flash = "apart", revalue }: MovementOptions): Movements["definition"] => ({
  mode,
  flash,
  event: "60 minutes",
  rates: revalue ? "both ends of the window" : "day of each change",
});

function storiesOf(input: MovementsInput): CustomerStory[] {
  const { rows, window, zone, base, mode = "net", flash = "apart", revalue = null } = input;
  const { from, to } = momentsOf(window, zone);
  const all = eventsByCustomer(rows, zone);
  const ids = [...new Set([...(input.before?.keys() ?? []), ...all.keys()])].sort((a, b) => a - b);
  return ids.map((accountId) => {
    const events = all.get(accountId) ?? [];
    const inside = events.filter(({ moment }) => moment >= from && moment < to);
    const start = input.before ? (input.before.get(accountId) ?? NOBODY) : standingBefore(events, from);
    return customerStory({ accountId, start, events: inside, base, mode, flash, revalue });
  });
}
