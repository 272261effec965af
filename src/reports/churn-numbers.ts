import { countingOf } from "#accounts/movements.ts";
import type { Counted } from "#accounts/movements-window.ts";
import { intervalSums } from "#accounts/rollups-read.ts";
import type { Reading } from "#database/door.ts";
import { AskAgain } from "#errors.ts";
import { addDays } from "#lifecycle/days.ts";
import { churnFigures } from "#metrics/churn.ts";
import type { Window } from "#metrics/figure.ts";
import { MOVEMENT_KINDS } from "#metrics/movement.ts";
import type { ChurnReport, ReportAsked } from "./churn-report.ts";
import { type KnownFilter, knownFilter } from "./report-filter.ts";
import { titleOf } from "./titles.ts";
import { trendBefore, trendOfSums, trendWindows } from "./trend.ts";
import {
  keptAs,
  keptSoFar,
  type ListableNumbers,
  listable,
  numbersOfInterval,
  type WindowNumbers,
  windowNumbers,
} from "./window-numbers.ts";

type Told =
  | "asked"
  | "title"
  | "filterWords"
  | "zone"
  | "currency"
  | "asOf"
  | "isPartial"
  | "rollForward"
  | "figures"
  | "trend"
  | "rowsCounted";

/** The part of the report that is sums: all its figures, and no list. `lostMinor` is above 0. */
export interface ChurnNumbers extends Pick<ChurnReport, Told> {
  headline: Pick<ChurnReport["headline"], "netMinor" | "lostMinor" | "lostCustomers">;
}

/** What the figures were read from, for the lists that go with them. */
export interface NumbersRead {
  told: ChurnNumbers;
  numbers: ListableNumbers;
  counted: Counted;
}

/**
 * The figures of a window. Those of a week, month or quarter come from kept sums alone, so that they cost the same for ten
 * accounts and for a million. Throws AskAgain for a window that has not begun or runs backwards, and for unknown names.
 */
export const churnNumbers = async (
  rows: Reading,
  question: { today: string; asked: ReportAsked },
): Promise<ChurnNumbers> => (await readFigures(rows, question)).told;

/** The same, with what it was read from. */
export async function readNumbers(
  rows: Reading,
  question: { today: string; asked: ReportAsked },
): Promise<NumbersRead> {
  const { numbers, ...read } = await readFigures(rows, question);
  return { ...read, numbers: await listable(rows, numbers, read.counted) };
}

async function readFigures(
  rows: Reading,
  { today, asked }: { today: string; asked: ReportAsked },
): Promise<Omit<NumbersRead, "numbers"> & { numbers: WindowNumbers }> {
  const window = begun(asked.window, today);
  const known = await knownFilter(rows, asked.filter, today);
  const counted: Counted = { counting: await countingOf(rows), filter: known.group };
  const { numbers, trend } = await numbersAndTrend(rows, { window, asked, counted });
  const told = toldBy(numbers, { asked, known, counted });
  return { numbers, counted, told: { ...told, trend, asOf: today, isPartial: window.end > today } };
}

/** A window that is under way ends with today. */
function begun({ start, end }: Window, today: string): Window {
  if (end <= start)
    throw new AskAgain(`The window ends on ${end}, which is not after its start on ${start}. Ask the other way round.`);
  if (start > today) throw new AskAgain(`The window begins on ${start}, which is in the future (today is ${today}).`);
  const tomorrow = addDays(today, 1);
  return { start, end: end > tomorrow ? tomorrow : end };
}

/** A week and the weeks before it are one look at the kept sums, and so are months and quarters. */
async function numbersAndTrend(
  rows: Reading,
  { window, asked: { interval }, counted }: { window: Window; asked: ReportAsked; counted: Counted },
): Promise<{ numbers: WindowNumbers; trend: ChurnReport["trend"] }> {
  const windows = trendWindows(window, interval);
  const kept = await keptSoFar(rows, window, counted);
  if (!kept || !windows.every((each) => keptAs(each, counted)?.interval === kept.interval)) {
    const numbers = await windowNumbers(rows, window, counted);
    return { numbers, trend: await trendBefore(rows, numbers, { interval, counted }) };
  }
  const span = { from: windows[0]!.start, before: window.end, cut: kept.cut }; // there are twelve
  const sums = await intervalSums(rows, kept.interval, span);
  const numbers = numbersOfInterval(window, sums, counted);
  return { numbers, trend: trendOfSums(numbers, sums, { interval, counted }) };
}

function toldBy(
  numbers: WindowNumbers,
  { asked, known, counted }: { asked: ReportAsked; known: KnownFilter; counted: Counted },
): Omit<ChurnNumbers, "trend" | "asOf" | "isPartial"> {
  const { opening, closing, sums, window } = numbers;
  const { zone, base } = counted.counting;
  return {
    asked: { ...asked, filter: known.filter },
    title: titleOf(asked.window, asked.interval),
    filterWords: known.words,
    zone,
    currency: base,
    headline: {
      netMinor: closing.minor - opening.minor,
      lostMinor: Math.abs(sums.lines.churn.amountMinor),
      lostCustomers: sums.lines.churn.customers,
    },
    rollForward: rollForwardOf(numbers),
    figures: churnFigures(sums, { window, zone, filter: known.words }),
    rowsCounted: sums.rows,
  };
}

function rollForwardOf({ opening, closing, sums, flashCustomers, fx }: WindowNumbers): ChurnReport["rollForward"] {
  const lines: ChurnReport["rollForward"]["lines"] = MOVEMENT_KINDS.map((kind) => ({ kind, ...sums.lines[kind] }));
  if (flashCustomers > 0) lines.push({ kind: "flash", amountMinor: 0, customers: flashCustomers });
  if (fx.amountMinor !== 0) lines.push({ kind: "exchange", ...fx });
  const moved = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return {
    startMinor: opening.minor,
    startCustomers: opening.customers,
    lines,
    endMinor: closing.minor,
    endCustomers: closing.customers,
    addsUp: opening.minor + moved === closing.minor,
  };
}
