import { AskAgain } from "#errors.ts";
import { addDays } from "#lifecycle/days.ts";
import { type Interval, intervalAfter, intervalStart } from "#metrics/weeks.ts";
import { titleOf } from "#reports/titles.ts";
import type { WindowAsked } from "./figure-input.ts";
import type { FigureLine } from "./figures.ts";

const MOST_PIECES = 27; // half a year of weeks

/** The weeks, months or quarters of a window that have begun, whole, the last one cut at today. Throws AskAgain for too many. */
export function piecesOf({ window }: WindowAsked, each: Interval, today: string): WindowAsked[] {
  const pieces: WindowAsked[] = [];
  let start = intervalStart(window.start, each);
  while (start < window.end && start <= today) {
    const whole = { start, end: intervalAfter(start, each) };
    const isPartial = whole.end > addDays(today, 1);
    const end = isPartial ? addDays(today, 1) : whole.end;
    pieces.push({ title: titleOf(whole, each), interval: each, window: { start, end }, isPartial });
    start = whole.end;
  }
  if (pieces.length > MOST_PIECES)
    throw new AskAgain(`That is ${pieces.length} ${each}s. Ask for a shorter window, or for each month or quarter.`);
  return pieces;
}

/** The lines of each group together, the groups by their first figure; groups without a value come last. */
export function inOrder(lines: FigureLine[], order: "name" | "highest" | "lowest"): FigureLine[] {
  if (order === "name") return lines;
  const groups = [...Map.groupBy(lines, ({ group }) => group).values()];
  const value = (of: FigureLine[]): number | null => of[0]?.figures.at(-1)?.value ?? null;
  const sign = order === "highest" ? -1 : 1;
  return groups
    .toSorted((a, b) => {
      const [one, other] = [value(a), value(b)];
      if (one === null || other === null) return Number(one === null) - Number(other === null);
      return sign * (one - other);
    })
    .flat();
}
