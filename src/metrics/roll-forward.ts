import type { Flash } from "./customer-window.ts";
import { sum } from "./ledger.ts";
import { MOVEMENT_KINDS, type Movement, type MovementKind } from "./movement.ts";
import type { Movements } from "./mrr-movements.ts";

export interface Line {
  /** Signed, base minor units. */
  amountMinor: number;
  customers: number;
}

/** From the MRR at the start of a window to the MRR at its end, in base minor units. */
export interface RollForward {
  currency: string;
  openingMinor: number;
  lines: Record<MovementKind, Line>;
  /** Customers that came and went inside the window. They change nothing where they are listed apart. */
  flash: { customers: number; peakMinor: number };
  fxMinor: number;
  closingMinor: number;
  /** What the lines leave unexplained: 0, unless the ledger says that somebody has MRR below 0. */
  differenceMinor: number;
  /** Why it does not add up, in words; null when it does, to the cent. */
  wrong: string | null;
}

/** Start + new + reactivation + expansion − contraction − churn + exchange rates = end (the SaaS roll-forward, or MRR waterfall). */
export function rollForward(found: Movements): RollForward {
  const lines = linesOf(found.movements);
  const fxMinor = sum(found.fx.map(({ amountMinor }) => amountMinor));
  const moved = sum(Object.values(lines).map(({ amountMinor }) => amountMinor));
  const differenceMinor = found.closingMinor - found.openingMinor - moved - fxMinor;
  return {
    currency: found.currency,
    openingMinor: found.openingMinor,
    lines,
    flash: flashLine(found.flash),
    fxMinor,
    closingMinor: found.closingMinor,
    differenceMinor,
    wrong: whatIsWrong(found, differenceMinor),
  };
}

/** Sums by kind; a customer with two movements of a kind is one customer. */
export function linesOf(movements: readonly Movement[]): Record<MovementKind, Line> {
  const line = (kind: MovementKind): Line => {
    const mine = movements.filter((each) => each.kind === kind);
    const customers = new Set(mine.map(({ accountId }) => accountId)).size;
    return { amountMinor: sum(mine.map(({ amountMinor }) => amountMinor)), customers };
  };
  const [fresh, back, up, down, lost] = MOVEMENT_KINDS.map(line) as [Line, Line, Line, Line, Line]; // as many as kinds
  return { new: fresh, reactivation: back, expansion: up, contraction: down, churn: lost };
}

const flashLine = (flash: readonly Flash[]): RollForward["flash"] => ({
  customers: flash.length,
  peakMinor: sum(flash.map(({ peakMinor }) => peakMinor)),
});

function whatIsWrong({ faults }: Movements, differenceMinor: number): string | null {
  if (faults.length > 0) return `the ledger takes ${faults.length} of the accounts below 0`;
  return differenceMinor === 0 ? null : `the lines leave ${differenceMinor} minor units unexplained`;
}
