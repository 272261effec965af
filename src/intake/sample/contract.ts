import { addMonths, type Day } from "./calendar.ts";
import type { Contract, Interval } from "./life.ts";

export const INTERVAL_MONTHS: Record<Interval, number> = { month: 1, quarter: 3, year: 12 };
/** Days to pay an invoice, by how often one comes. */
export const DAYS_TO_PAY: Record<Interval, number> = { month: 14, quarter: 14, year: 30 };

/** The day on which month `month` of the contract begins. */
export const monthDay = (contract: Contract, month: number): Day =>
  addMonths(contract.anchor, month - contract.anchorMonth);

export const startOf = (contract: Contract): Day => monthDay(contract, 0);

export const endOf = (contract: Contract): Day | null => (contract.end ? monthDay(contract, contract.end.month) : null);

/** Ended before `today`. A contract that ends today or later still pays. */
export function hasEnded(contract: Contract, today: Day): boolean {
  const end = endOf(contract);
  return end !== null && end < today;
}

/** The last month that has begun before `today` (0 for the first). */
export function monthsBegun(contract: Contract, today: Day): number {
  let month = 0;
  while (monthDay(contract, month + 1) < today) month++;
  return month;
}

export function seatsInMonth(contract: Contract, month: number): number {
  const changed = contract.changes.findLast((change) => change.month <= month);
  return changed?.seats ?? contract.seats;
}

export const mrrInMonth = (contract: Contract, month: number): number =>
  seatsInMonth(contract, month) * contract.seatMinor;

/** The next end of the term that is renewed; null for a contract from month to month, or one that was cancelled. */
export function renewalOf(contract: Contract, today: Day): Day | null {
  if (contract.end || contract.termMonths === 1) return null;
  let month = contract.termMonths;
  while (monthDay(contract, month) < today) month += contract.termMonths;
  return monthDay(contract, month);
}
