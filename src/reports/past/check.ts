import { z } from "zod";
import {
  type BandWeek,
  bandWeeksFrom,
  healthKeptFrom,
  healthWeeks,
  type KeptHealth,
  keptOf,
} from "#accounts/health-weeks.ts";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { daysBetween } from "#lifecycle/days.ts";
import { type StageWeek, stageWeeksFrom } from "#stages/weeks.ts";
import { pastDays } from "./days.ts";
import type { Rebuild } from "./rebuild.ts";
import { replay } from "./replay.ts";
import { PastSums } from "./sums.ts";

/** Where what was kept of a past week says otherwise than what its rows say today. */
export interface PastDifference {
  /** `account:12`, `stage:retention` or `health:good`. */
  where: string;
  week: string;
  says: string;
}

export interface PastCheck {
  /** How many weeks that are over are kept; 0: none yet. */
  weeks: number;
  accounts: number;
  differences: PastDifference[];
}

/** Works the kept weeks out again, keeping nothing, and compares the health of each account and the sums by stage and band. */
export async function checkHistory(asked: Omit<Rebuild, "weeks">): Promise<PastCheck> {
  const { database, actor, model, today } = asked;
  const first = await database.read(actor, (rows) => firstKept(rows, model.id));
  const weeks = first === null ? 0 : Math.floor(daysBetween(first, today) / 7);
  const past = await database.write(actor, (rows) => pastDays(rows, { today, weeks }));
  const found: PastCheck = { weeks: past.weekOf.size, accounts: 0, differences: [] };
  if (first === null || past.weekOf.size === 0) return { ...found, weeks: 0 };
  const sums = new PastSums();
  const inside = ({ week }: { week: string }): boolean => week >= past.from && week < past.until;
  for await (const page of replay({ ...asked, past })) {
    sums.add(page.looks);
    found.accounts += page.accountIds.length;
    const kept = await database.read(actor, (rows) => healthWeeks(rows, page.accountIds));
    const recent = ({ week }: KeptHealth): boolean => week >= healthKeptFrom(today);
    const given = page.looks.flatMap((look) => keptOf(look, look.week)).filter(recent);
    found.differences.push(...differing(kept.filter(inside).filter(recent).map(ofHealth), given.map(ofHealth)));
  }
  const [stages, bands] = await database.read(actor, async (rows) => [
    await stageWeeksFrom(rows, model.id, past.from),
    await bandWeeksFrom(rows, past.from),
  ]);
  found.differences.push(
    ...differing(stages.filter(inside).map(ofStage), sums.stages().map(ofStage)),
    ...differing(bands.filter(inside).map(ofBand), sums.bands().map(ofBand)),
  );
  return found;
}

const firstRow = z.object({ week: z.string().nullable() });

const firstKept = async (rows: Reading, model: string): Promise<string | null> =>
  (
    await rows.one(
      firstRow,
      sql`select min(week) as week from stage_week where workspace_id = current_workspace() and model_id = ${model}`,
    )
  ).week;

/** Something that is kept of a week, and what it says in words. */
interface Said {
  where: string;
  week: string;
  says: string;
}

const ofHealth = ({ accountId, week, score, points }: KeptHealth): Said => ({
  where: `account:${accountId}`,
  week,
  says: `health ${score ?? "not known"} (${points.map((each) => each ?? "–").join(" ")})`,
});

const ofStage = ({ week, stage, accounts, paying, mrrMinor, health }: StageWeek): Said => ({
  where: `stage:${stage}`,
  week,
  says: `${accounts} accounts, ${paying} paying ${mrrMinor}, health ${health ?? "not known"}`,
});

const ofBand = ({ week, band, accounts, mrrMinor, score }: BandWeek): Said => ({
  where: `health:${band}`,
  week,
  says: `${accounts} accounts paying ${mrrMinor}, on average ${score ?? "not known"}`,
});

function differing(kept: Said[], given: Said[]): PastDifference[] {
  const [before, now] = [byKey(kept), byKey(given)];
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((key) => {
    const [old, fresh] = [before.get(key), now.get(key)];
    const { where, week } = (old ?? fresh)!; // the key is from one of them
    const says = `${old?.says ?? "nothing"} in the snapshot, ${fresh?.says ?? "nothing"} by the rows`;
    return old?.says === fresh?.says ? [] : [{ where, week, says }];
  });
}

const byKey = (all: Said[]): Map<string, Said> => new Map(all.map((each) => [`${each.where} ${each.week}`, each]));
