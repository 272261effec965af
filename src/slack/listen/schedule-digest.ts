import { myTasks } from "#people/my-tasks.ts";
import { type NeedsMe, needsMe } from "#people/needs-me.ts";
import { ownersIn } from "#schedules/owners.ts";
import type { Schedule } from "#schedules/schedule.ts";
import type { Asker, Job } from "../job.ts";
import type { Message } from "../message.ts";
import { type DigestLine, digestMessage } from "../views/schedule-digest.ts";
import { lookOf } from "./answering.ts";
import type { About } from "./schedule-report.ts";

const MOST = { each: 10, tasks: 10, owners: 60 };

/** What needs somebody: the owner's own accounts in their direct messages; in a channel those of a team, by owner. */
export async function digestFor(
  job: Job,
  asker: Asker,
  { schedule, about }: { schedule: Schedule; about: About },
): Promise<Message> {
  const { house, workspace } = job;
  const { actor } = asker;
  const { personId } = actor;
  const today = house.today(workspace);
  const model = house.modelOf(workspace);
  const isOwn = schedule.channel === null && about.team === undefined && about.owner === undefined;
  const { lines, tasks } = await house.database.read(actor, async (rows) => {
    const all = isOwn && personId !== null ? [{ personId, name: asker.name }] : await ownersIn(rows, about);
    const found: DigestLine[] = [];
    for (const { personId: one, name } of all.slice(0, MOST.owners))
      found.push(
        ...(await needsMe(rows, { personId: one, model, today, limit: MOST.each })).map((needs) => ({
          needs,
          owner: isOwn ? null : name,
        })),
      );
    return { lines: found, tasks: isOwn && personId !== null ? await myTasks(rows, personId, today, MOST.tasks) : [] };
  });
  const look = lookOf(job, asker, today);
  return digestMessage({ lines: isOwn ? lines : byWeight(lines), tasks, isOwn, team: about.team ?? null }, look);
}

const URGENT: NeedsMe["because"]["kind"][] = ["tickets", "regressed", "renewal", "overdue", "silent"];

/** Of several owners, the most urgent first and the largest among them. */
const byWeight = (lines: readonly DigestLine[]): DigestLine[] =>
  lines.toSorted(
    ({ needs: one }, { needs: other }) =>
      URGENT.indexOf(one.because.kind) - URGENT.indexOf(other.because.kind) || other.mrrMinor - one.mrrMinor,
  );
