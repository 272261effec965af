import { factsOf } from "#accounts/facts.ts";
import type { GroupFilter } from "#accounts/movements.ts";
import {
  cancelledAhead,
  highRisks,
  namesOf,
  type PayingAtRisk,
  type Renewing,
  renewingIn,
  risksKept,
  stageMovesIn,
} from "#accounts/movements-ahead.ts";
import type { Reading } from "#database/door.ts";
import { addDays, daysBetween } from "#lifecycle/days.ts";
import { judgeStage } from "#lifecycle/judge.ts";
import { type LifecycleModel, stageOf } from "#lifecycle/model.ts";
import type { Moves } from "#lifecycle/moves.ts";
import { eligibleSteps, type Step } from "#lifecycle/next-steps.ts";
import type { Window } from "#metrics/figure.ts";
import { playbookRules } from "#playbooks/rules.ts";
import { stageStates } from "#stages/state.ts";
import type { AtRiskAccount, CancelledAccount, Regression, RenewalLine, Risk } from "./churn-report.ts";
import { type Names, named } from "./lost-accounts.ts";

const LISTED_AT_RISK = 25;
const RENEWALS_DAYS = 90;

export interface Ahead {
  cancelled: CancelledAccount[];
  renewals: RenewalLine[];
  atRisk: AtRiskAccount[];
  /** All that are at risk, those included that are not listed; and of how many paying accounts the risk is known. */
  whole: { minor: number; customers: number; paying: number; scored: number; known: number };
}

export interface Knowing {
  today: string;
  model: LifecycleModel;
  moves: Moves;
  filter: GroupFilter;
}

/** What is to come: ends that are announced, renewals, and who may leave, with what to do about it. */
export async function whatIsAhead(rows: Reading, knowing: Knowing): Promise<Ahead> {
  const { today, filter } = knowing;
  const cancelled = await cancelledAhead(rows, today, filter);
  const renewing = await renewingIn(rows, { start: today, end: addDays(today, RENEWALS_DAYS + 1) }, filter);
  const { accounts, counts } = await highRisks(rows, filter, LISTED_AT_RISK);
  const ids = [...new Set([...accounts, ...renewing, ...cancelled].map(({ accountId }) => accountId))];
  const names = await namesOf(rows, ids);
  return {
    cancelled: cancelled.map(({ accountId, subscription, ...each }) => ({
      ...named(accountId, names),
      ...each,
      rows: [subscription],
    })),
    renewals: await renewalLines(rows, renewing, { names, today }),
    atRisk: await withSteps(rows, accounts, { names, knowing }),
    whole: { ...counts, minor: counts.atRiskMinor, customers: counts.atRisk },
  };
}

const riskOf = ({ probability, band, calibrated, reasons }: PayingAtRisk): Risk => ({
  probability,
  band,
  calibrated,
  reasons,
});

async function renewalLines(
  rows: Reading,
  renewing: readonly Renewing[],
  { names, today }: { names: Names; today: string },
): Promise<RenewalLine[]> {
  const kept = await risksKept(
    rows,
    renewing.map(({ accountId }) => accountId),
  );
  const risks = new Map(kept.map((each) => [each.accountId, riskOf(each)]));
  return renewing.map(({ accountId, mrrMinor, renewsOn, row }) => {
    const days = daysBetween(today, renewsOn);
    return {
      ...named(accountId, names),
      amountMinor: mrrMinor,
      rows: row ? [row] : [],
      renewsOn,
      within: days <= 30 ? 30 : days <= 60 ? 60 : 90,
      risk: risks.get(accountId) ?? null,
    };
  });
}

/** Each with the first step that its stage allows, as the next-steps tool would say it. */
async function withSteps(
  rows: Reading,
  atRisk: readonly PayingAtRisk[],
  { names, knowing }: { names: Names; knowing: Knowing },
): Promise<AtRiskAccount[]> {
  if (atRisk.length === 0) return [];
  const { model, moves, today: day } = knowing;
  const ids = atRisk.map(({ accountId }) => accountId);
  const facts = new Map((await factsOf(rows, ids, day)).map((each) => [each.accountId, each]));
  const [playbooks, states] = [await playbookRules(rows), await stageStates(rows, ids, model.id)];
  return atRisk.map((each) => {
    const { accountId, mrrMinor, probability } = each;
    const account = named(accountId, names);
    const mine = facts.get(accountId)!; // risk rests on them
    const judgement = judgeStage({ model, facts: mine, day, before: states.get(accountId) });
    const [best] = eligibleSteps({ model, moves, playbooks, judgement, facts: mine, day }).steps;
    return {
      ...account,
      amountMinor: mrrMinor,
      rows: [...new Set(each.reasons.flatMap((reason) => reason.rows))],
      risk: riskOf(each),
      expectedLossMinor: Math.round(mrrMinor * probability),
      nextStep: best ? asNextStep(best, account.owner) : null,
    };
  });
}

const asNextStep = (step: Step, owner: string | null): AtRiskAccount["nextStep"] => ({
  title: step.moveTitle,
  owner: owner ?? step.ownerRole.replaceAll("_", " "),
  dueOn: step.dueOn,
  playbook: step.playbookTitle,
});

/** Moves back to an earlier stage of the model inside a window, newest first. */
export async function regressionsIn(
  rows: Reading,
  { window, model, filter }: { window: Window; model: LifecycleModel; filter: GroupFilter },
): Promise<Regression[]> {
  const placeOf = (stage: string) => model.stages.findIndex(({ id }) => id === stage);
  const titleOf = (stage: string) => stageOf(model, stage)?.name ?? stage;
  const moves = await stageMovesIn(rows, { window, model: model.id, filter });
  return moves
    .filter(({ from, to }) => placeOf(to) >= 0 && placeOf(to) < placeOf(from))
    .map((each) => ({ ...each, from: titleOf(each.from), to: titleOf(each.to) }));
}
