import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { name, type Sql, sql } from "#database/sql.ts";
import type { Band } from "#metrics/churn-risk.ts";
import { type AccountsAsked, accountsAsked, type FigureGroup } from "./figures-accounts.ts";

const term = z.object({ signal: z.string(), term: z.number(), says: z.string(), rows: z.array(z.string()) });
const band = z.enum(["low", "watch", "high", "critical"]);

const riskRow = z.object({
  id: z.number(),
  name: z.string(),
  owner: z.string().nullable(),
  mrrMinor: z.number(),
  asOf: z.string(),
  modelVersion: z.string(),
  calibrated: z.boolean(),
  score: z.number(),
  intercept: z.number(),
  probability: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  band: band.nullable(),
  because: z.string().nullable(),
  coverage: z.number(),
  missing: z.array(z.string()),
  terms: z.array(term),
});

/** The kept risk of one account. MRR in minor units of the base currency, at today's rates. */
export type KeptRisk = z.infer<typeof riskRow>;

const columns = sql`g.account_id as id, g.name, g.owner, f.base_mrr_minor as "mrrMinor", r.as_of as "asOf", r.model_version as "modelVersion", r.calibrated,
  r.score, r.intercept, r.probability, r.low, r.high, r.band, r.because, r.coverage, r.missing, r.terms`;

const scored = (asked: AccountsAsked): Sql => sql`from ${accountsAsked(asked)} g
  join account_facts f on f.workspace_id = g.workspace_id and f.account_id = g.account_id and f.mrr_minor > 0
  left join account_risk r on r.workspace_id = g.workspace_id and r.account_id = g.account_id`;

const hasSign = (sign: string | undefined): Sql =>
  sign === undefined
    ? sql`true`
    : sql`exists (select 1 from jsonb_array_elements(r.terms) one where one ->> 'signal' = ${sign} and (one ->> 'term')::float8 > 0)`;

export interface RiskAsked {
  accounts: AccountsAsked;
  /** By probability, or by MRR × probability. */
  sort: "risk" | "expected_loss";
  limit: number;
  /** Also those whose end is announced: they churn when the paid term is over, whatever else speaks. */
  withCancelled: boolean;
  /** Only those of whom this sign speaks for a churn. */
  sign?: string | undefined;
}

/** The paying accounts that are most at risk; ties by name, then id. Those of whom too little is known are not among them. */
export function riskiest(
  rows: Reading,
  { accounts, sort, limit, withCancelled, sign }: RiskAsked,
): Promise<KeptRisk[]> {
  const by = sort === "risk" ? sql`r.probability` : sql`r.probability * f.base_mrr_minor`;
  return rows.many(
    riskRow,
    sql`select ${columns} ${scored(accounts)} where r.probability is not null and (${withCancelled} or f.cancel_on is null) and ${hasSign(sign)}
        order by ${by} desc, lower(g.name), g.account_id limit ${limit}`,
  );
}

/** The kept risk of one account; null when it does not pay or has not been scored yet. */
export const riskOfAccount = (rows: Reading, accountId: number): Promise<KeptRisk | null> =>
  rows.maybe(
    riskRow,
    sql`select ${columns} ${scored({})} where g.account_id = ${accountId} and r.account_id is not null`,
  );

/** Whether an account pays anything now. */
export const paysNow = async (rows: Reading, accountId: number): Promise<boolean> =>
  (await rows.maybe(
    idRow,
    sql`select account_id as id from account_facts where account_id = ${accountId} and mrr_minor > 0`,
  )) !== null;

const idRow = z.object({ id: z.number() });

const countRow = z.object({
  band: band.nullable(),
  scored: z.boolean(),
  cancelled: z.boolean(),
  accounts: z.number(),
  mrrMinor: z.number(),
});

interface Tally {
  accounts: number;
  mrrMinor: number;
}

/** How many paying accounts are in which band, with their MRR; those whose end is announced apart. */
export interface RiskCounts {
  bands: (Tally & { band: Band })[];
  cancelled: Tally;
  /** Of whom less than half of the signals are known. */
  tooLittleKnown: number;
  /** Paying, and not scored so far. */
  notScored: number;
}

const WORST_FIRST: readonly Band[] = ["critical", "high", "watch", "low"];

export async function riskCounts(rows: Reading, accounts: AccountsAsked, sign?: string): Promise<RiskCounts> {
  const found = await rows.many(
    countRow,
    sql`select r.band, r.account_id is not null as scored, f.cancel_on is not null as cancelled, count(*)::int as accounts, sum(f.base_mrr_minor)::bigint as "mrrMinor"
        ${scored(accounts)} where ${hasSign(sign)} group by 1, 2, 3`,
  );
  const staying = found.filter(({ cancelled }) => !cancelled);
  return {
    bands: WORST_FIRST.map((one) => ({ band: one, ...tally(staying.filter((each) => each.band === one)) })),
    cancelled: tally(found.filter(({ cancelled }) => cancelled)),
    tooLittleKnown: tally(staying.filter((each) => each.scored && each.band === null)).accounts,
    notScored: tally(staying.filter((each) => !each.scored)).accounts,
  };
}

const tally = (some: readonly Tally[]): Tally => ({
  accounts: some.reduce((sum, { accounts }) => sum + accounts, 0),
  mrrMinor: some.reduce((sum, { mrrMinor }) => sum + mrrMinor, 0),
});

const groupRow = z.object({ group: z.string().nullable(), accounts: z.number(), mrrMinor: z.number() });

/** Paying accounts at high risk that have not cancelled, per group, the most accounts first; MRR in base minor units. */
export const highRiskBy = (
  rows: Reading,
  accounts: AccountsAsked,
  by: FigureGroup,
  sign?: string,
): Promise<z.infer<typeof groupRow>[]> =>
  rows.many(
    groupRow,
    sql`select g.${name(by)} as group, count(*)::int as accounts, sum(f.base_mrr_minor)::bigint as "mrrMinor" ${scored(accounts)}
        where r.band in ('high', 'critical') and f.cancel_on is null and ${hasSign(sign)} group by 1 order by 2 desc, 3 desc, 1`,
  );

const lossRow = z.object({ expectedLossMinor: z.number().nullable() });

/** Σ MRR × probability of a churn within 90 days, over those who have not cancelled, in base minor units; null where no weights are fitted to churns here. */
export const expectedLoss = async (rows: Reading, accounts: AccountsAsked): Promise<number | null> =>
  (
    await rows.one(
      lossRow,
      sql`select round(sum(r.probability * f.base_mrr_minor) filter (where r.calibrated and f.cancel_on is null))::bigint as "expectedLossMinor" ${scored(accounts)}`,
    )
  ).expectedLossMinor;
