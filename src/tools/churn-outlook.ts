import { z } from "zod";
import { groupFilterOf } from "#accounts/figures-groups.ts";
import { countingOf, type GroupFilter } from "#accounts/movements.ts";
import { cancelledAhead, namesOf, renewingIn } from "#accounts/movements-ahead.ts";
import { risksKept } from "#accounts/movements-at-risk.ts";
import { expectedLoss, type RiskCounts, riskCounts } from "#accounts/risk-list.ts";
import type { Reading } from "#database/door.ts";
import { AskAgain } from "#errors.ts";
import { addDays } from "#lifecycle/days.ts";
import type { Band } from "#metrics/churn-risk.ts";
import { intervalAfter, intervalStart } from "#metrics/weeks.ts";
import { windowFigures } from "#reports/window-numbers.ts";
import { sayOutlook } from "./churn-outlook-words.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { accountsMeant, figureFilters } from "./figure-input.ts";

const USUAL_DAYS = 30;
/** Renewals and announced ends that are read; counts beyond it say "at least". */
const MOST = 1_000;
const PACE_MONTHS = 12;

const BANDS = ["critical", "high", "watch", "low"] as const satisfies readonly Band[];

const input = z.object({
  within_days: z.number().int().min(1).max(730).default(USUAL_DAYS).describe("days from today"),
  from: z.iso.date().optional().describe("first day, ISO, not before today; wins over within_days"),
  to: z.iso.date().optional().describe("last day, ISO; wins over within_days"),
  filters: figureFilters.default({}),
  bands: z.array(z.enum(BANDS)).min(1).optional().describe("only renewals in these bands of risk are listed"),
  limit: z.number().int().min(1).max(100).default(10).describe("how many renewals to name, riskiest first"),
});
type Asked = z.output<typeof input>;

/** A contract that renews in the window, with the band of its risk; null where too little is known. */
export interface RenewalAtRisk {
  id: number;
  name: string;
  owner: string | null;
  mrrMinor: number;
  renewsOn: string;
  band: Band | null;
  because: string | null;
}

export interface OutlookFinding {
  from: string;
  to: string;
  filter: string;
  asOf: string;
  currency: string;
  /** Cancelled, and the paid term ends in the window: this is lost unless somebody changes their mind. */
  ending: { customers: number; amountMinor: number; first: { name: string; amountMinor: number; endsOn: string }[] };
  renewals: {
    customers: number;
    amountMinor: number;
    bands: { band: Band | null; customers: number; amountMinor: number }[];
  };
  /** The renewals that are shown, the riskiest first. */
  accounts: RenewalAtRisk[];
  /** How many renewals fit the bands asked for. */
  fitting: number;
  bandsAsked: Band[] | null;
  /** Over all accounts, whenever they renew, within 90 days. */
  risk: RiskCounts;
  expectedLossMinor: number | null;
  /** What was lost in a month on average, over the last whole months. */
  pace: { months: number; lostMinor: number; lostCustomers: number };
}

export const churnOutlookTool = defineTool({
  name: "churn_outlook",
  title: "What may be lost",
  description:
    "What is known of churn to come in a window ahead: cancellations whose paid term ends in it, contracts that renew in it with the risk of each (riskiest first), accounts by band of risk, the expected loss where risk is fitted to past churns, and the average monthly loss of the last year. Use for “forecast churn next month”, “renewals in the next 30 days and their risk”. It predicts no customer.",
  effect: "reads",
  input,
  run: (asked, context) => context.database.read(context.actor, (rows) => lookAhead(rows, asked, context)),
  say: sayOutlook,
});

async function lookAhead(rows: Reading, asked: Asked, context: ToolContext): Promise<OutlookFinding> {
  const { today, baseCurrency: currency } = context;
  const first = asked.from !== undefined && asked.from > today ? asked.from : today;
  const to = asked.to ?? addDays(today, asked.within_days);
  if (to < first)
    throw new AskAgain(
      `That ends on ${to}, before today (${today}). Ask for days ahead; for the past there is the churn report.`,
    );
  const { asked: accounts, filter } = await accountsMeant(rows, asked.filters, context);
  const group = await groupFilterOf(rows, accounts);
  const window = { from: first, to };
  const renewing = await renewalsOf(rows, window, group);
  const fitting = renewing.filter(({ band }) => !asked.bands || (band !== null && asked.bands.includes(band)));
  return {
    ...window,
    filter,
    asOf: today,
    currency,
    ending: await endingIn(rows, { ...window, today }, group),
    renewals: { ...sumOf(renewing), bands: byBand(renewing) },
    accounts: fitting.toSorted(riskiestFirst).slice(0, asked.limit),
    fitting: fitting.length,
    bandsAsked: asked.bands ?? null,
    risk: await riskCounts(rows, accounts),
    expectedLossMinor: await expectedLoss(rows, accounts),
    pace: await paceOf(rows, group, today),
  };
}

interface Days {
  from: string;
  to: string;
}

async function renewalsOf(rows: Reading, { from, to }: Days, filter: GroupFilter): Promise<RenewalAtRisk[]> {
  const found = await renewingIn(rows, { window: { start: from, end: addDays(to, 1) }, filter, most: MOST });
  const ids = found.map(({ accountId }) => accountId);
  const [names, kept] = [await namesOf(rows, ids), await risksKept(rows, ids)];
  const risks = new Map(kept.map((each) => [each.accountId, each]));
  return found.map(({ accountId: id, mrrMinor, renewsOn }) => ({
    id,
    name: names.get(id)?.name ?? `account ${id}`,
    owner: names.get(id)?.owner ?? null,
    mrrMinor,
    renewsOn,
    band: risks.get(id)?.band ?? null,
    because: risks.get(id)?.reasons[0]?.what ?? null,
  }));
}

async function endingIn(
  rows: Reading,
  { from, to, today }: Days & { today: string },
  filter: GroupFilter,
): Promise<OutlookFinding["ending"]> {
  const { first: all } = await cancelledAhead(rows, { today, filter, most: MOST });
  const inside = all.filter(({ endsOn }) => endsOn >= from && endsOn <= to);
  const names = await namesOf(
    rows,
    inside.map(({ accountId }) => accountId),
  );
  return {
    customers: new Set(inside.map(({ accountId }) => accountId)).size,
    amountMinor: inside.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    first: inside.map(({ accountId, amountMinor, endsOn }) => ({
      name: names.get(accountId)?.name ?? `account ${accountId}`,
      amountMinor,
      endsOn,
    })),
  };
}

const sumOf = (some: readonly RenewalAtRisk[]) => ({
  customers: some.length,
  amountMinor: some.reduce((sum, { mrrMinor }) => sum + mrrMinor, 0),
});

const byBand = (renewing: readonly RenewalAtRisk[]): OutlookFinding["renewals"]["bands"] =>
  [...BANDS, null]
    .map((band) => ({ band, ...sumOf(renewing.filter((each) => each.band === band)) }))
    .filter(({ customers }) => customers > 0);

const placeOf = (band: Band | null): number => (band === null ? BANDS.length : BANDS.indexOf(band));

/** By band, then by money, then by day, name and id. */
const riskiestFirst = (a: RenewalAtRisk, b: RenewalAtRisk): number =>
  placeOf(a.band) - placeOf(b.band) ||
  b.mrrMinor - a.mrrMinor ||
  a.renewsOn.localeCompare(b.renewsOn) ||
  a.name.localeCompare(b.name, "en") ||
  a.id - b.id;

async function paceOf(rows: Reading, filter: GroupFilter, today: string): Promise<OutlookFinding["pace"]> {
  const end = intervalStart(today, "month");
  const window = { start: intervalAfter(end, "month", -PACE_MONTHS), end };
  const { sums } = await windowFigures(rows, window, { counting: await countingOf(rows), filter });
  const { amountMinor, customers } = sums.lines.churn;
  return { months: PACE_MONTHS, lostMinor: Math.round(-amountMinor / PACE_MONTHS), lostCustomers: customers };
}
