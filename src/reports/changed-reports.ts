import { z } from "zod";
import { countingOf } from "#accounts/movements.ts";
import type { Counted } from "#accounts/movements-window.ts";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { AskAgain } from "#errors.ts";
import { MOVEMENT_KINDS } from "#metrics/movement.ts";
import { readNumbers } from "./churn-numbers.ts";
import type { ReportAsked } from "./churn-report.ts";
import { type KnownFilter, knownFilter } from "./report-filter.ts";
import { intervalOf, titleOf } from "./titles.ts";
import { changesBetween, keepNumbers, type Numbers, numbersOf, numbersSchema } from "./versions.ts";
import { listedMovements } from "./window-movements.ts";
import { type WindowNumbers, windowFigures } from "./window-numbers.ts";

/** A report that was given out, and that the store would tell otherwise today. */
export interface ChangedReport extends ReissueTold {
  asked: ReportAsked;
  numbers: Numbers;
}

/** What is told of it. */
export interface ReissueTold {
  /** "Week of 2 Nov 2026". */
  title: string;
  /** "all accounts", "team EMEA". */
  filterWords: string;
  /** The version that it becomes. */
  version: number;
  /** What changed since the version that was given out, in words. */
  changes: string[];
}

interface GivenOut {
  asked: ReportAsked;
  version: number;
  numbers: Numbers;
}

/**
 * The given-out reports that rows have changed since, oldest window first. Each is held against the sums of its window as
 * they are now, which cost next to nothing; lists are read only of those that differ. `from`: only windows that end after
 * this day, where it is known that nothing before it was touched.
 */
export async function changedReports(
  rows: Reading,
  { today, from = "0001-01-01" }: { today: string; from?: string },
): Promise<ChangedReport[]> {
  const counting = await countingOf(rows);
  const filters = new Map<string, KnownFilter | null>();
  const changed: ChangedReport[] = [];
  for (const given of await givenOut(rows, from)) {
    const key = JSON.stringify(given.asked.filter);
    if (!filters.has(key)) filters.set(key, await stillKnown(rows, given.asked));
    const known = filters.get(key);
    if (!known) continue;
    const counted = { counting, filter: known.group };
    if (sameSums(given.numbers, await windowFigures(rows, given.asked.window, counted))) continue;
    const found = await changesOf(rows, given, { today, counted });
    if (found.changes.length > 0)
      changed.push({ ...given, ...found, ...titled(given.asked, known), version: given.version + 1 });
  }
  return changed;
}

/** Keeps it as the new version, so that it is not told again. Of several callers one is told true: it tells the others. */
export const keepReissue = (rows: Writing, workspaceId: number, changed: ChangedReport): Promise<boolean> =>
  keepNumbers(rows, workspaceId, changed);

const MOST_CHANGES = 5;

/** "The churn report of the week of 2 Nov 2026 (all accounts) was re-issued as version 2: Acme GmbH churned on …". */
export function reissueWords({ title, filterWords, version, changes }: ReissueTold): string {
  const rest = changes.length - MOST_CHANGES;
  const told = [...changes.slice(0, MOST_CHANGES), ...(rest > 0 ? [`and ${rest} more changes`] : [])];
  const name = title.replace(/^Week\b/, "the week");
  return `The churn report of ${name} (${filterWords}) was re-issued as version ${version}: ${told.join("; ")}.`;
}

const givenRow = z.object({
  start: z.string(),
  end: z.string(),
  filter: z.string(),
  version: z.number(),
  numbers: numbersSchema,
});

/** The newest version of each report that was given out. */
async function givenOut(rows: Reading, from: string): Promise<GivenOut[]> {
  const found = await rows.many(
    givenRow,
    sql`select distinct on (window_start, window_end, filter_key) window_start as start, window_end as "end", filter_key as filter, version, numbers
        from report_version where workspace_id = current_workspace() and kind = 'churn' and window_end > ${from}::date
        order by window_start, window_end, filter_key, version desc`,
  );
  return found.map(({ start, end, filter, version, numbers }) => {
    const window = { start, end };
    // Our own words, canonical: see `keyOf`.
    return { asked: { window, interval: intervalOf(window), filter: JSON.parse(filter) }, version, numbers };
  });
}

/** The filter as it is read today; null where a team or person of it is gone, so that nobody can ask for it again. */
async function stillKnown(rows: Reading, { filter }: ReportAsked): Promise<KnownFilter | null> {
  try {
    return await knownFilter(rows, filter);
  } catch (error) {
    if (error instanceof AskAgain) return null;
    throw error;
  }
}

function sameSums(kept: Numbers, { opening, closing, sums }: WindowNumbers): boolean {
  const lines = new Map(kept.lines.map((line) => [line.kind, line]));
  return (
    kept.startMinor === opening.minor &&
    kept.endMinor === closing.minor &&
    (kept.rows === null || kept.rows === sums.rows) &&
    MOVEMENT_KINDS.every((kind) => {
      const { amountMinor, customers } = sums.lines[kind];
      return lines.get(kind)?.amountMinor === amountMinor && lines.get(kind)?.customers === customers;
    })
  );
}

async function changesOf(
  rows: Reading,
  { asked, numbers: before }: GivenOut,
  { today, counted }: { today: string; counted: Counted },
): Promise<{ changes: string[]; numbers: Numbers }> {
  const { told, numbers: read } = await readNumbers(rows, { today, asked });
  const { movements } = await listedMovements(rows, read, counted);
  const all = MOVEMENT_KINDS.reduce((sum, kind) => sum + read.sums.lines[kind].customers, 0);
  const left = all > movements.length ? { movements: all - movements.length } : undefined;
  const numbers = numbersOf({ ...told, movements, left });
  return { changes: changesBetween(before, numbers, told.currency), numbers };
}

const titled = ({ window, interval }: ReportAsked, { words }: KnownFilter) => ({
  title: titleOf(window, interval),
  filterWords: words,
});
