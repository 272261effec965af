import { allMoves, type DescribedMove, describedMoves, largestMoves } from "#accounts/movements-listed.ts";
import type { Counted } from "#accounts/movements-window.ts";
import type { Reading } from "#database/door.ts";
import type { Window } from "#metrics/figure.ts";
import type { MovementKind } from "#metrics/movement.ts";
import { type ListableNumbers, windowNumbers } from "./window-numbers.ts";

/** How many accounts a list of the report holds; the roll-forward and the CSV always hold all. */
export const LISTED = 100;
/** How many movements a report carries in all, the largest. */
export const MOST_MOVEMENTS = 500;

/** The movements that a report shows: the largest of all, and of each kind. */
export interface ListedMovements {
  movements: DescribedMove[];
  byKind: Record<MovementKind, DescribedMove[]>;
}

/** The largest movements of a window; how many there are in all, the numbers say. */
export async function listedMovements(
  rows: Reading,
  { window, byLedger }: ListableNumbers,
  counted: Counted,
): Promise<ListedMovements> {
  const asked = { window, counted, byLedger };
  const largest = await largestMoves(rows, asked, { ofAll: MOST_MOVEMENTS, ofKind: LISTED });
  const movements = await describedMoves(rows, largest, asked);
  const list = (kind: MovementKind) => movements.filter((each) => each.kind === kind).slice(0, LISTED);
  return {
    movements: movements.slice(0, MOST_MOVEMENTS),
    byKind: {
      new: list("new"),
      reactivation: list("reactivation"),
      expansion: list("expansion"),
      contraction: list("contraction"),
      churn: list("churn"),
    },
  };
}

/** So many of the largest movements of a window, of whatever kind. */
export async function largestMovements(
  rows: Reading,
  { window, byLedger }: ListableNumbers,
  counted: Counted,
  most: number,
): Promise<DescribedMove[]> {
  const asked = { window, counted, byLedger };
  return describedMoves(rows, await largestMoves(rows, asked, { ofAll: most, ofKind: 0 }), asked);
}

const PAGE = 2_000;

/** Every movement of a window in pages, the largest first, then by account: for what must hold all, however many. */
export async function* allMovements(
  rows: Reading,
  window: Window,
  counted: Counted,
): AsyncGenerator<DescribedMove[], void> {
  const asked = { window, counted, byLedger: (await windowNumbers(rows, window, counted)).byLedger };
  const moves = await allMoves(rows, asked);
  for (let at = 0; at < moves.length; at += PAGE) yield await describedMoves(rows, moves.slice(at, at + PAGE), asked);
}
