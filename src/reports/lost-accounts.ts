import { Temporal } from "temporal-polyfill";
import type { namesOf } from "#accounts/movements-ahead.ts";
import { lossDetails, tracesBefore } from "#accounts/movements-lost.ts";
import type { DatedRow } from "#accounts/rollup-weeks.ts";
import type { Reading } from "#database/door.ts";
import { type LifecycleModel, stageOf } from "#lifecycle/model.ts";
import type { Movement } from "#metrics/movement.ts";
import type { LostAccount } from "./churn-report.ts";
import { firstSign } from "./first-sign.ts";

export type Names = Awaited<ReturnType<typeof namesOf>>;

/** Lost accounts with why, how long they had paid, where they stood and what could be seen before. */
export async function lostAccounts(
  rows: Reading,
  lost: readonly Movement[],
  { names, ledger, model }: { names: Names; ledger: readonly DatedRow[]; model: LifecycleModel },
): Promise<LostAccount[]> {
  if (lost.length === 0) return [];
  const dayOf = new Map(ledger.map(({ row, day }) => [row, day]));
  const losses = lost.map(({ accountId, rows: refs }) => ({ accountId, on: dayOf.get(refs.at(-1)!)! })); // a churn has rows
  const details = new Map((await lossDetails(rows, losses, model.id)).map((each) => [each.accountId, each]));
  const traces = await tracesBefore(rows, losses);
  return lost.map((movement, at): LostAccount => {
    const loss = losses[at]!; // one for each
    const told = details.get(movement.accountId)!; // asked for all
    return {
      ...named(movement.accountId, names),
      amountMinor: movement.amountMinor,
      rows: told.reasonRow ? [...movement.rows, told.reasonRow] : movement.rows,
      on: loss.on,
      reason: told.reason,
      reasonShared: told.reasonShared,
      kind: told.kind,
      tenureMonths: told.firstPaidOn ? monthsBetween(told.firstPaidOn, loss.on) : null,
      lastStage: told.lastStage && (stageOf(model, told.lastStage)?.name ?? told.lastStage),
      firstSign: firstSign(loss, traces),
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
