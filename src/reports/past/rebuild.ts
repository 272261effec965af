import { factsOf } from "#accounts/facts.ts";
import { healthKeptFrom, keepBandsOfWeek, keptOf, replaceBands, replaceHealth } from "#accounts/health-weeks.ts";
import type { Writing } from "#database/door.ts";
import { judgeStage } from "#lifecycle/judge.ts";
import { type Judged, keepModel, keepStages, replaceTransitions } from "#stages/judge-accounts.ts";
import { keepStageWeek, replaceStageWeeks } from "#stages/weeks.ts";
import { pastDays } from "./days.ts";
import { type PastPage, type Replay, replay } from "./replay.ts";
import { PastSums } from "./sums.ts";

export interface Rebuild extends Omit<Replay, "past"> {
  /** The facts that are kept must be as of it. */
  today: string;
  /** How far back. */
  weeks: number;
}

/** What was made anew. */
export interface Rebuilt {
  accounts: number;
  /** How many weeks that are over, as far as data reaches. */
  weeks: number;
  moves: number;
}

/**
 * Works out anew how accounts went through the stages of a model and how their health was at the end of each past week.
 * Replaces what rules had decided; persons' pins stay. Accounts are done some at a time, each wholly or not at all, so that
 * a run that was cut off leaves nothing half-told and can be begun again; the sums of the weeks come last.
 */
export async function rebuildHistory(asked: Rebuild): Promise<Rebuilt> {
  const { database, actor, model, today } = asked;
  const past = await database.write(actor, (rows) => pastDays(rows, asked));
  await database.write(actor, (rows) => keepModel(rows, actor.workspaceId, model));
  const [sums, done] = [new PastSums(), { accounts: 0, moves: 0 }];
  for await (const page of replay({ ...asked, past })) {
    sums.add(page.looks);
    done.accounts += page.accountIds.length;
    done.moves += await database.write(actor, (rows) => keepPage(rows, { ...asked, past }, page));
  }
  const workspaceId = actor.workspaceId;
  await database.write(actor, async (rows) => {
    await replaceStageWeeks(rows, { ...past, workspaceId, model: model.id, weeks: sums.stages() });
    await replaceBands(rows, workspaceId, { ...past, bands: sums.bands() });
    await keepStageWeek(rows, { workspaceId, model: model.id, day: today });
    await keepBandsOfWeek(rows, workspaceId, today);
  });
  return { ...done, weeks: past.weekOf.size };
}

/** Keeps the past of some accounts, and where they stand today by the facts that are kept. Returns how many moves there were. */
async function keepPage(
  rows: Writing,
  { actor: { workspaceId }, model, today, past }: Rebuild & Pick<Replay, "past">,
  { accountIds, looks, moves, states }: PastPage,
): Promise<number> {
  const latest = (await factsOf(rows, accountIds, today)).map((facts): Judged => {
    const before = states.get(facts.accountId);
    const judgement = judgeStage({ model, facts, day: today, before });
    return { accountId: facts.accountId, from: before?.stage ?? null, judgement };
  });
  const moved = [...moves, ...latest.filter(({ from, judgement }) => judgement.stage !== from)];
  await replaceTransitions(rows, workspaceId, { accountIds, model, moved });
  await keepStages(rows, workspaceId, model, latest);
  const kept = looks.flatMap((look) => keptOf(look, look.week)).filter(({ week }) => week >= healthKeptFrom(today));
  await replaceHealth(rows, workspaceId, { ...past, accountIds, kept });
  return moved.length;
}
