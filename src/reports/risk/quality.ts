import type { RiskQuality } from "#accounts/risk-models.ts";
import { EXPERT } from "#metrics/churn-risk.ts";
import { outcomesOf, type RiskFit, type RiskRow } from "#metrics/risk-fit.ts";
import { alwaysSaying, brierScore, calibration } from "#metrics/risk-quality.ts";

const QUARTER_DAYS = 90; // as fitRisk has it: the newest quarter is judged, and nothing whose outcome falls into it is learnt from
const DAY_MS = 86_400_000;

/** How good the expert's weights and those that were tried are over the newest quarter, beside always saying the base rate. */
export function riskQuality(rows: readonly RiskRow[], fit: RiskFit): RiskQuality {
  const last = rows.reduce((latest, { on }) => (on > latest ? on : latest), "");
  const age = ({ on }: RiskRow): number => (Date.parse(last) - Date.parse(on)) / DAY_MS;
  const newest = rows.filter((row) => age(row) < QUARTER_DAYS);
  const before = rows.filter((row) => age(row) >= 2 * QUARTER_DAYS);
  const said = outcomesOf(EXPERT, newest);
  const baseRate = before.length === 0 ? null : churnedIn(before) / before.length;
  return {
    firstDay: newest.map(({ on }) => on).sort()[0] ?? null,
    lastDay: last || null,
    rows: newest.length,
    churned: churnedIn(newest),
    baseRate,
    baseRateBrier: baseRate === null ? null : brierScore(alwaysSaying(baseRate, said)),
    expert: { brier: brierScore(said), calibration: calibration(said) },
    fitted: fit.brier && { brier: fit.brier.fitted, calibration: fit.calibration },
  };
}

const churnedIn = (rows: readonly RiskRow[]): number => rows.filter(({ churned }) => churned).length;
