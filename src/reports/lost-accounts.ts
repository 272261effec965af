import { Temporal } from "temporal-polyfill";
import type { namesOf } from "#accounts/movements-ahead.ts";
import type { DescribedMove } from "#accounts/movements-listed.ts";
import { lossDetails, tracesBefore } from "#accounts/movements-lost.ts";
import type { Reading } from "#database/door.ts";
import { type LifecycleModel, stageOf } from "#lifecycle/model.ts";
import type { LostAccount } from "./churn-report.ts";
import { firstSign } from "./first-sign.ts";

export type Names = Awaited<ReturnType<typeof namesOf>>;

/** Lost accounts with why, how long they had paid, where they stood and what could be seen before. */
export async function lostAccounts(
  rows: Reading,
  lost: readonly DescribedMove[],
  model: LifecycleModel,
): Promise<LostAccount[]> {
  if (lost.length === 0) return [];
  const details = new Map((await lossDetails(rows, lost, model.id)).map((each) => [each.accountId, each]));
  const traces = await tracesBefore(rows, lost);
  return lost.map((move): LostAccount => {
    const { accountId, name, owner, amountMinor, on } = move;
    const told = details.get(accountId)!; // asked for all
    return {
      ...{ accountId, name, owner, amountMinor, on },
      rows: told.reasonRow ? [...move.rows, told.reasonRow] : move.rows,
      reason: told.reason,
      reasonShared: told.reasonShared,
      kind: told.kind,
      tenureMonths: told.firstPaidOn ? monthsBetween(told.firstPaidOn, on) : null,
      lastStage: told.lastStage && (stageOf(model, told.lastStage)?.name ?? told.lastStage),
      firstSign: firstSign(move, traces),
    };
  });
}

/** An account that was deleted for good has an id only. */
export function named(accountId: number, names: Names): { accountId: number; name: string; owner: string | null } {
  const { name, owner } = names.get(accountId) ?? { name: `account ${accountId}`, owner: null };
  return { accountId, name, owner };
}

const monthsBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to, { largestUnit: "month" }).months;
