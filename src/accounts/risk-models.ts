import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { EXPERT, type RiskModel } from "#metrics/churn-risk.ts";
import { SIGNAL_IDS, SIGNALS, type SignalId } from "#metrics/risk-signals.ts";

const keptModel = z.object({
  version: z.string(),
  kind: z.enum(["expert", "fitted"]),
  intercept: z.number(),
  weights: z.array(z.number()),
  signals: z.array(z.custom<SignalId>((id) => typeof id === "string" && id in SIGNALS)),
  covariance: z.array(z.array(z.number())),
});

const calibrationRow = z.object({
  from: z.number(),
  to: z.number(),
  accounts: z.number(),
  churned: z.number(),
  said: z.number(),
  came: z.number(),
});
const judged = z.object({ brier: z.number().nullable(), calibration: z.array(calibrationRow) });
const quality = z.object({
  firstDay: z.string().nullable(),
  lastDay: z.string().nullable(),
  rows: z.number(),
  churned: z.number(),
  baseRate: z.number().nullable(),
  baseRateBrier: z.number().nullable(),
  expert: judged,
  fitted: judged.nullable(),
});

/** How good probabilities were over the newest quarter of rows, which the tried weights had not seen. */
export type RiskQuality = z.infer<typeof quality>;

const attempt = z.object({
  version: z.number(),
  madeAt: z.string(),
  accepted: z.boolean(),
  because: z.string(),
  model: keptModel.nullable(),
  firstDay: z.string().nullable(),
  lastDay: z.string().nullable(),
  rows: z.number(),
  churnedAccounts: z.number(),
  quality,
});

/** One attempt to learn the weights, taken or not. `model` is null when it was not. */
export type RiskAttempt = z.infer<typeof attempt>;

/** A model that knows a signal which this release no longer has cannot be used. */
const usable = sql`case when model -> 'signals' <@ ${JSON.stringify(SIGNAL_IDS)}::jsonb then model end`;

/** The weights in use: the newest that were accepted, else an expert's. */
export async function riskModelInUse(rows: Reading): Promise<RiskModel> {
  const found = await rows.maybe(
    z.object({ model: keptModel }),
    sql`select model from risk_model where accepted and ${usable} is not null order by version desc limit 1`,
  );
  return found?.model ?? EXPERT;
}

/** The newest attempts first. */
export const riskAttempts = (rows: Reading, limit: number): Promise<RiskAttempt[]> =>
  rows.many(
    attempt,
    sql`select version, made_at as "madeAt", accepted, because, ${usable} as model, first_day as "firstDay", last_day as "lastDay",
          row_count as rows, churned_accounts as "churnedAccounts", quality
        from risk_model order by version desc limit ${limit}`,
  );

/** Keeps an attempt under the next version and gives it back with that. What was accepted is in use from then on. */
export async function keepRiskAttempt(
  rows: Writing,
  workspaceId: number,
  made: Omit<RiskAttempt, "version" | "madeAt">,
): Promise<RiskAttempt> {
  await rows.run(sql`select pg_advisory_xact_lock(hashtext('risk_model'), ${workspaceId}::int)`);
  const { version } = await rows.one(
    z.object({ version: z.number() }),
    sql`select coalesce(max(version), 0) + 1 as version from risk_model`,
  );
  const model = made.model && { ...made.model, version: `fitted-${version}` };
  await rows.run(sql`
    insert into risk_model (workspace_id, version, accepted, because, model, standard_errors, first_day, last_day, row_count, churned_accounts, brier_before, brier_fitted, brier_base_rate, quality)
    values (${workspaceId}, ${version}, ${made.accepted}, ${made.because}, ${asJson(model)}::jsonb, ${asJson(model && standardErrors(model))}::jsonb,
      ${made.firstDay}, ${made.lastDay}, ${made.rows}, ${made.churnedAccounts}, ${made.quality.expert.brier}, ${made.quality.fitted?.brier ?? null}, ${made.quality.baseRateBrier}, ${JSON.stringify(made.quality)}::jsonb)`);
  const [kept] = await riskAttempts(rows, 1);
  if (!kept) throw new Error("an attempt that was just kept is not there");
  return kept;
}

/** Of the intercept and the weights, in this order. */
export const standardErrors = ({ covariance }: RiskModel): number[] =>
  covariance.map((row, at) => Math.sqrt(row[at] ?? 0));

const asJson = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
