import { after, afterAll, hours, type LedgerEvent, type LedgerRow, pays, type Standing, sum, worth } from "./ledger.ts";
import { type Movement, movementOf } from "./movement.ts";

/** A customer that came and went inside the window; `peakMinor` is the highest MRR it reached, `kind` how it came. */
export interface Flash {
  accountId: number;
  kind: "new" | "reactivation";
  peakMinor: number;
  at: string;
  rows: string[];
}

/** What a ledger says that cannot be: MRR below 0. */
export interface Fault {
  accountId: number;
  balanceMinor: number;
  rows: string[];
}

export type ToBase = (minor: number, currency: string) => number;

export interface CustomerInput {
  accountId: number;
  start: Standing;
  /** Changes inside the window, oldest first. */
  events: readonly LedgerEvent[];
  base: string;
  mode: "net" | "gross";
  flash: "apart" | "include";
  revalue: { start: ToBase; end: ToBase } | null;
}

/** One customer's window in base minor units. */
export interface CustomerStory {
  accountId: number;
  startMinor: number;
  /** The start and what moved: the end without what rates did. */
  endMinor: number;
  closingMinor: number;
  movements: Movement[];
  flash: Flash | null;
  fault: Fault | null;
  /** What rates alone did. */
  fxMinor: number;
  rows: number;
}

/** What moved in one customer's window, what rates did, and where it ends. */
export function customerStory(given: CustomerInput): CustomerStory {
  const { accountId, events, revalue, base } = given;
  const start = revalued(given.start, revalue?.start);
  const input = { ...given, start };
  const rows = events.flatMap((event) => event.rows);
  const end = revalued(afterAll(start, events), revalue?.end);
  const [startMinor, closingMinor] = [worth(start), worth(end)];
  const flash = pays(start) || pays(end) ? null : flashOf(input);
  const movements = movementsOf(input, flash);
  const endMinor = startMinor + sum(movements.map(({ amountMinor }) => amountMinor));
  const below0 = end.balances.some(({ minor }) => minor < 0);
  const fault = below0 ? { accountId, balanceMinor: closingMinor, rows: refs(rows) } : null;
  const foreign = [...start.balances, ...rows].some(({ currency }) => currency !== base);
  const fxMinor = foreign && !fault ? closingMinor - endMinor : 0;
  return { accountId, startMinor, endMinor, closingMinor, movements, flash, fault, fxMinor, rows: rows.length };
}

function revalued(standing: Standing, toBase?: ToBase): Standing {
  if (!toBase) return standing;
  const balances = standing.balances.map((each) => ({ ...each, baseMinor: toBase(each.minor, each.currency) }));
  return { ...standing, balances };
}

const refs = (rows: readonly LedgerRow[]): string[] => rows.map(({ row }) => row);

function movementsOf(
  { accountId, start, events, mode, flash: setting }: CustomerInput,
  flash: Flash | null,
): Movement[] {
  if (flash && setting === "apart") return [];
  if (flash && mode === "net") return cameAndWent(flash);
  const movements: Movement[] = [];
  let before = start;
  for (const step of mode === "net" ? [events] : hours(events)) {
    const rows = step.flatMap((event) => event.rows);
    const next = after(before, rows);
    const moved = movementOf(before, next);
    before = { ...next, paidBefore: afterAll(before, step).paidBefore };
    if (moved) movements.push({ accountId, ...moved, at: rows.at(-1)?.at ?? "", rows: refs(rows) });
  }
  return movements;
}

function flashOf({ accountId, start, events }: CustomerInput): Flash | null {
  let standing = start;
  let peakMinor = 0;
  for (const { rows } of events) {
    standing = after(standing, rows);
    if (pays(standing)) peakMinor = Math.max(peakMinor, worth(standing));
  }
  if (peakMinor === 0) return null;
  const rows = events.flatMap((event) => event.rows);
  const kind = start.paidBefore ? "reactivation" : "new";
  return { accountId, kind, peakMinor, at: rows.at(-1)?.at ?? "", rows: refs(rows) };
}

const cameAndWent = ({ peakMinor, kind, ...flash }: Flash): Movement[] => [
  { ...flash, kind, amountMinor: peakMinor },
  { ...flash, kind: "churn", amountMinor: -peakMinor },
];
