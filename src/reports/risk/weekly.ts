import { type RiskAttempt, riskAttempts } from "#accounts/risk-models.ts";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { fitChurnRisk } from "./fit.ts";

const EVERY_DAYS = 7;
const USUAL_MONTHS = 24; // as of `perennial risk fit`

/**
 * Learns the weights of churn risk anew where the last attempt is a week old; they are taken only if they tell the newest
 * quarter better. null: it was not due. Rejects when `signal` is aborted, between two days.
 */
export async function fitWeekly(given: {
  database: Database;
  actor: Actor;
  today: string;
  now: string;
  signal: AbortSignal;
  /** How many month ends to learn from. */
  months?: number;
}): Promise<RiskAttempt | null> {
  const { database, actor, today, now, signal, months = USUAL_MONTHS } = given;
  const [last] = await database.read(actor, (rows) => riskAttempts(rows, 1));
  if (last && Date.parse(now) - Date.parse(last.madeAt) < EVERY_DAYS * 86_400_000) return null;
  return fitChurnRisk({ database, actor, today, months, onDay: () => signal.throwIfAborted() });
}

/** "Weights of version 3, tried on 2026-11-22 and not taken: …", for whoever reads a risk. */
export const sayLastAttempt = ({ version, madeAt, accepted, because }: RiskAttempt): string =>
  `Weights were last fitted on ${madeAt.slice(0, 10)} (attempt ${version}), and ${accepted ? "taken" : "not taken"}: ${because}.`;
