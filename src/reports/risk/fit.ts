import { OUTCOME_DAYS } from "#accounts/risk-hindsight.ts";
import { riskHistory } from "#accounts/risk-history.ts";
import { keepRiskAttempt, type RiskAttempt } from "#accounts/risk-models.ts";
import { refreshRisks } from "#accounts/risk-scores.ts";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { addDays } from "#lifecycle/days.ts";
import { EXPERT } from "#metrics/churn-risk.ts";
import { fitRisk } from "#metrics/risk-fit.ts";
import { riskQuality } from "./quality.ts";

export interface FitAsked {
  database: Database;
  actor: Actor;
  today: string;
  /** How many month ends back; more than six, or there is nothing to learn from. */
  months: number;
  onDay?: (day: string) => void;
}

/**
 * Learns the weights of churn risk from the workspace's own past, always around the expert's: a fit around an earlier fit
 * would count the same churns twice. Keeps the attempt, and scores every account anew when it was accepted.
 */
export async function fitChurnRisk({ database, actor, today, months, onDay }: FitAsked): Promise<RiskAttempt> {
  const days = monthEndsBefore(addDays(today, -OUTCOME_DAYS), months);
  const history = await riskHistory({ database, actor, days, onDay });
  const fit = fitRisk(history, EXPERT);
  const attempt = await database.write(actor, (rows) =>
    keepRiskAttempt(rows, actor.workspaceId, {
      accepted: fit.accepted,
      because: fit.because,
      model: fit.accepted ? fit.model : null,
      firstDay: history[0]?.on ?? null,
      lastDay: history.at(-1)?.on ?? null,
      rows: fit.rows,
      churnedAccounts: fit.churnedAccounts,
      quality: riskQuality(history, fit),
    }),
  );
  if (attempt.accepted) await refreshRisks(database, actor, today);
  return attempt;
}

/** The last days of months, oldest first; the newest is not after the given day. */
export function monthEndsBefore(day: string, months: number): string[] {
  const [year, month] = addDays(day, 1).split("-").map(Number) as [number, number]; // an ISO day
  return Array.from({ length: months }, (_, back) =>
    new Date(Date.UTC(year, month - 1 - (months - 1 - back), 0)).toISOString().slice(0, 10),
  );
}
