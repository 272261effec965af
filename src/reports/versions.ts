import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { MOVEMENT_KINDS, type MovementKind } from "#metrics/movement.ts";
import { formatChange, formatMoney } from "#money.ts";
import type { ChurnReport, ReportAsked } from "./churn-report.ts";

const keptMovement = z.object({
  accountId: z.number(),
  name: z.string(),
  kind: z.enum(MOVEMENT_KINDS),
  amountMinor: z.number(),
  on: z.string(),
});
export const numbersSchema = z.object({
  startMinor: z.number(),
  endMinor: z.number(),
  lines: z.array(z.object({ kind: z.string(), amountMinor: z.number(), customers: z.number() })),
  movements: z.array(keptMovement),
  /** Of a list that was cut, its smallest amount: smaller movements are in the lines alone. */
  cutAt: z.number().nullable().default(null),
  /** Ledger rows that were counted; null of versions from before this was kept. */
  rows: z.number().nullable().default(null),
});

/** The numbers that a report stands for: when one of them changes, it is another version. */
export type Numbers = z.infer<typeof numbersSchema>;
export type KeptMovement = z.infer<typeof keptMovement>;

const versionRow = z.object({ version: z.number(), numbers: numbersSchema, changes: z.array(z.string()) });

/** A report of a stage is of those who are in it today, so it changes by itself, as that of a window that is not over does. */
export const isKept = ({ isPartial, asked }: Pick<ChurnReport, "isPartial" | "asked">): boolean =>
  !isPartial && asked.filter.stage === undefined;

const keyOf = ({ filter }: ReportAsked): string =>
  JSON.stringify(Object.fromEntries(Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1))));

const latest = (rows: Reading, asked: ReportAsked) =>
  rows.maybe(
    versionRow,
    sql`select version, numbers, changes from report_version where workspace_id = current_workspace() and kind = 'churn'
          and window_start = ${asked.window.start} and window_end = ${asked.window.end} and filter_key = ${keyOf(asked)}
        order by version desc limit 1`,
  );

/**
 * Which version these numbers are, and what changed since the one before. A window that is not over has no versions: its
 * numbers change by themselves.
 */
export async function versionOf(
  rows: Reading,
  {
    asked,
    numbers,
    currency,
    isPartial,
  }: { asked: ReportAsked; numbers: Numbers; currency: string; isPartial: boolean },
): Promise<{ version: number; changes: string[] }> {
  const before = isKept({ isPartial, asked }) ? await latest(rows, asked) : null;
  if (!before) return { version: 1, changes: [] };
  const changes = changesBetween(before.numbers, numbers, currency);
  return changes.length === 0
    ? { version: before.version, changes: before.changes }
    : { version: before.version + 1, changes };
}

/** Keeps a report as it was given out, once a version; what is not over is not kept. Returns whether it was new. */
export async function keepVersion(rows: Writing, workspaceId: number, report: ChurnReport): Promise<boolean> {
  if (!isKept(report)) return false;
  return keepNumbers(rows, workspaceId, { ...report, numbers: numbersOf(report) });
}

/** The same of numbers in hand. Of several callers one is told true. */
export async function keepNumbers(
  rows: Writing,
  workspaceId: number,
  { asked, version, changes, numbers }: { asked: ReportAsked; version: number; changes: string[]; numbers: Numbers },
): Promise<boolean> {
  const { window } = asked;
  const kept = await rows.run(sql`
    insert into report_version (workspace_id, kind, window_start, window_end, filter_key, version, numbers, changes)
    values (${workspaceId}, 'churn', ${window.start}, ${window.end}, ${keyOf(asked)}, ${version}, ${JSON.stringify(numbers)}::jsonb, ${JSON.stringify(changes)}::jsonb)
    on conflict do nothing`);
  return kept > 0;
}

/** The numbers of a report, from its own lists. */
export function numbersOf({
  rollForward,
  movements,
  left,
  rowsCounted,
}: Pick<ChurnReport, "rollForward" | "movements" | "left" | "rowsCounted">): Numbers {
  const { startMinor, endMinor, lines } = rollForward;
  const sizes = movements.map(({ amountMinor }) => Math.abs(amountMinor));
  const cutAt = left?.movements ? Math.min(...sizes) : null;
  return numbersSchema.parse({ startMinor, endMinor, lines, movements, cutAt, rows: rowsCounted });
}

const VERBS: Record<MovementKind, string> = {
  new: "became a customer",
  reactivation: "came back",
  expansion: "expanded",
  contraction: "contracted",
  churn: "churned",
};

/** What another version says otherwise, in sentences; empty when it says the same. */
export function changesBetween(before: Numbers, now: Numbers, currency: string): string[] {
  const key = ({ accountId, kind }: KeptMovement) => `${accountId} ${kind}`;
  const old = new Map(before.movements.map((each) => [key(each), each]));
  const fresh = new Map(now.movements.map((each) => [key(each), each]));
  const money = (minor: number) => formatChange(minor, currency);
  const tell = ({ name, kind, on }: KeptMovement) => `${name} ${VERBS[kind]} on ${on}`;
  // What stands on one side only may have been too small for the other's list.
  const wasListed = (each: KeptMovement, { cutAt }: Numbers) => cutAt === null || Math.abs(each.amountMinor) > cutAt;
  const added = [...fresh]
    .filter(([id, each]) => !old.has(id) && wasListed(each, before))
    .map(([, each]) => `${tell(each)} was added: ${money(each.amountMinor)}`);
  const gone = [...old]
    .filter(([id, each]) => !fresh.has(id) && wasListed(each, now))
    .map(([, each]) => `${tell(each)} was taken out: it had counted ${money(each.amountMinor)}`);
  const changed = [...fresh].flatMap(([id, each]) => {
    const was = old.get(id);
    if (!was || was.amountMinor === each.amountMinor) return [];
    return [`${tell(each)} was ${money(was.amountMinor)} and is ${money(each.amountMinor)}`];
  });
  const level = (what: string, was: number, is: number) =>
    was === is ? [] : [`MRR at the ${what} was ${formatMoney(was, currency)} and is ${formatMoney(is, currency)}`];
  return [
    ...added,
    ...gone,
    ...changed,
    ...level("start", before.startMinor, now.startMinor),
    ...level("end", before.endMinor, now.endMinor),
  ];
}
