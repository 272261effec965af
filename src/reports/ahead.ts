import { factsOf } from "#accounts/facts.ts";
import type { GroupFilter } from "#accounts/movements.ts";
import { type Capped, cancelledAhead, namesOf, type Renewing, renewingIn } from "#accounts/movements-ahead.ts";
import { highRisks, type PayingAtRisk, risksKept } from "#accounts/movements-at-risk.ts";
import { lostIn, type MovesAsked } from "#accounts/movements-listed.ts";
import { stagesBack } from "#accounts/movements-stages.ts";
import { type RiskCounts, renewalsDue } from "#accounts/standings-read.ts";
import type { Reading } from "#database/door.ts";
import { addDays, daysBetween } from "#lifecycle/days.ts";
import { judgeStage } from "#lifecycle/judge.ts";
import { type LifecycleModel, stageOf } from "#lifecycle/model.ts";
import type { Moves } from "#lifecycle/moves.ts";
import { eligibleSteps, type Step } from "#lifecycle/next-steps.ts";
import { playbookRules } from "#playbooks/rules.ts";
import { stageStates } from "#stages/state.ts";
import type { AtRiskAccount, CancelledAccount, ChurnReport, Regression, RenewalLine, Risk } from "./churn-report.ts";
import { type Names, named } from "./lost-accounts.ts";
import { LISTED } from "./window-movements.ts";

const LISTED_AT_RISK = 25;
const RENEWALS_DAYS = 90;
const DUE = [30, 60, 90] as const;

/** What lies ahead. Each list holds so many; the rest says how many there are in all. */
export interface Ahead {
  cancelled: Capped<CancelledAccount>;
  renewals: Capped<RenewalLine>;
  due: NonNullable<ChurnReport["renewalsDue"]>;
  atRisk: AtRiskAccount[];
  /** All that are at risk, those included that are not listed; and of how many paying accounts the risk is known. */
  whole: RiskCounts;
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
  const cancelled = await cancelledAhead(rows, { today, filter, most: LISTED });
  const window = { start: today, end: addDays(today, RENEWALS_DAYS + 1) };
  const renewing = await renewingIn(rows, { window, filter, most: LISTED });
  const due = (await renewalsDue(rows, { window, filter })).map(({ month, ...each }) => ({
    ...each,
    within: DUE[month]!,
  })); // three
  const { accounts, counts } = await highRisks(rows, filter, LISTED_AT_RISK);
  const ids = [...new Set([...accounts, ...renewing, ...cancelled.first].map(({ accountId }) => accountId))];
  const names = await namesOf(rows, ids);
  return {
    cancelled: {
      all: cancelled.all,
      first: cancelled.first.map(({ accountId, subscription, endsOn, reason, reasonShared, amountMinor }) => ({
        ...named(accountId, names),
        ...{ endsOn, reason, reasonShared, amountMinor },
        rows: [subscription],
      })),
    },
    renewals: {
      all: due.reduce((sum, { customers }) => sum + customers, 0),
      first: await renewalLines(rows, renewing, { names, today }),
    },
    due,
    atRisk: await withSteps(rows, accounts, { names, knowing }),
    whole: counts,
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

/** Moves back to an earlier stage of the model inside a window, newest first. Who was lost has gone back further, and is on another list. */
export async function regressionsIn(
  rows: Reading,
  moves: MovesAsked,
  { model, filter }: Pick<Knowing, "model" | "filter">,
): Promise<Capped<Regression>> {
  const titleOf = (stage: string) => stageOf(model, stage)?.name ?? stage;
  const { first, all } = await stagesBack(rows, {
    window: moves.window,
    model: model.id,
    stages: model.stages.map(({ id }) => id),
    filter,
    most: LISTED,
    lost: lostIn(moves),
  });
  return {
    all,
    first: first.map(({ accountId, name, owner, from, to, on, mrrMinor }) => ({
      ...{ accountId, name, owner, on, mrrMinor },
      from: titleOf(from),
      to: titleOf(to),
    })),
  };
}
