import { z } from "zod";
import { type Found, findAccount } from "#accounts/find.ts";
import { type AccountCard, type AccountOverview, accountCard } from "#accounts/overview.ts";
import { labelRows, type RowLabel } from "#accounts/row-labels.ts";
import type { Reading } from "#database/door.ts";
import { type AccountFacts, FACTS } from "#lifecycle/facts.ts";
import { judgeStage } from "#lifecycle/judge.ts";
import type { Judgement, Reason } from "#lifecycle/judgement.ts";
import { sayValue } from "#lifecycle/words.ts";
import type { Pin } from "#stages/state.ts";
import type { ToolContext } from "./define-tool.ts";

/** How every tool takes an account: as the person said it. */
export const accountInput = z
  .string()
  .max(300)
  .describe("the account's name (or part of it, its domain, or #id), as the person said it");

/** The account that a tool speaks of, judged on the day of the question. */
export interface Subject {
  account: Found;
  overview: AccountOverview;
  facts: AccountFacts;
  judgement: Judgement;
  /** A person's word on the stage, where it still counts. */
  pin: Pin | null;
}

/** Finds the account, its facts and its stage. Throws AskAgain when the name does not tell one account. */
export async function subjectOf(rows: Reading, said: string, context: ToolContext): Promise<Subject> {
  const account = await findAccount(rows, said);
  const { model } = context.knowledge;
  const { overview, facts, state } = await accountCard(rows, {
    accountId: account.id,
    model: model.id,
    today: context.today,
  });
  const judgement = judgeStage({ model, facts, day: context.today, before: state ?? undefined });
  return { account, overview, facts, judgement, pin: state && pinOf(state, context.today) };
}

function pinOf(
  { pinnedStage, pinnedUntil, pinnedBy, pinReason }: NonNullable<AccountCard["state"]>,
  today: string,
): Pin | null {
  if (!pinnedStage || !pinnedUntil || pinnedUntil < today) return null;
  return { stage: pinnedStage, until: pinnedUntil, by: pinnedBy, reason: pinReason };
}

/** A reason with the rows behind it as a person can look them up. */
export interface ShownReason {
  what: string;
  asked: string;
  value: string | number | null;
  /** The value as a person reads it: money with its currency. */
  shown: string;
  held: Reason["held"];
  on: string | null;
  rows: RowLabel[];
  doubt: string | null;
}

/** Reasons with labels on their rows, in one query for all of them. */
export async function showReasons(rows: Reading, reasons: readonly Reason[], currency: string): Promise<ShownReason[]> {
  const labels = await labelRows(
    rows,
    reasons.flatMap((each) => each.evidence.rows),
  );
  return reasons.map(({ fact, label, asked, value, held, evidence, doubt }) => ({
    what: label,
    asked,
    value,
    shown: sayValue(FACTS[fact].kind, value, currency),
    held,
    on: evidence.on,
    rows: evidence.rows.map((row) => labels.get(row)).filter((each) => each !== undefined),
    doubt,
  }));
}

/** The stage by the name that people use; its id when the model has lost it. */
export const stageTitle = (context: ToolContext, stage: string): string =>
  stage === "lapsed" ? "Lapsed" : (context.knowledge.model.stages.find((each) => each.id === stage)?.name ?? stage);
