import { countingOf } from "#accounts/movements.ts";
import { type Cell, csvOf } from "#csv.ts";
import type { Reading } from "#database/door.ts";
import { addDays } from "#lifecycle/days.ts";
import { minorDigits } from "#money.ts";
import type { ChurnReport, ReportMovement } from "./churn-report.ts";
import { knownFilter } from "./report-filter.ts";
import { allMovements } from "./window-movements.ts";

const COLUMNS = [
  "account_id",
  "account",
  "owner",
  "movement",
  "on",
  "amount",
  "currency",
  "reason",
  "kind",
  "tenure_months",
  "last_stage",
  "first_sign",
  "first_sign_on",
  "rows",
];

/**
 * The movements that a report carries as CSV (RFC 4180), one line an account and movement with the rows it rests on; the amounts add
 * up to the lines of the roll-forward. `forChannel`: without reasons that may be a customer's own words.
 */
export function churnCsv(report: ChurnReport, { forChannel = false } = {}): string {
  const lines = report.movements.map((each) => lineOf(each, report, forChannel));
  return csvOf([COLUMNS, ...lines]);
}

/** A report with every movement of its window, also those that its own list leaves out. */
export async function withAllMovements(rows: Reading, report: ChurnReport): Promise<ChurnReport> {
  if (!report.left?.movements) return report;
  const { asked, asOf } = report;
  const tomorrow = addDays(asOf, 1);
  const window = { start: asked.window.start, end: asked.window.end < tomorrow ? asked.window.end : tomorrow };
  const counted = { counting: await countingOf(rows), filter: (await knownFilter(rows, asked.filter)).group };
  const movements: ReportMovement[] = [];
  for await (const page of allMovements(rows, window, counted)) movements.push(...page);
  return { ...report, movements };
}

function lineOf(movement: ReportMovement, { lost, currency }: ChurnReport, forChannel: boolean): Cell[] {
  const told = movement.kind === "churn" ? lost.find(({ accountId }) => accountId === movement.accountId) : undefined;
  const reason = told && (!forChannel || told.reasonShared) ? told.reason : null;
  const digits = minorDigits(currency);
  return [
    movement.accountId,
    movement.name,
    movement.owner,
    movement.kind,
    movement.on,
    (movement.amountMinor / 10 ** digits).toFixed(digits),
    currency,
    reason,
    told?.kind ?? null,
    told?.tenureMonths ?? null,
    told?.lastStage ?? null,
    told?.firstSign?.what ?? null,
    told?.firstSign?.on ?? null,
    (told?.rows ?? movement.rows).join(" "),
  ];
}
