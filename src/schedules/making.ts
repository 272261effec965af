import type { Reading, Writing } from "#database/door.ts";
import { AskAgain } from "#errors.ts";
import { checkLimits, type LimitName, limitsFrom, type SomeLimits } from "./limits.ts";
import { workspaceLimits } from "./limits-kept.ts";
import { filterNamed, type KnownNames } from "./name-filter.ts";
import { ownsAccounts, teamOf } from "./owners.ts";
import type { ReadSchedule } from "./read-words.ts";
import type { Schedule, ScheduleFilter } from "./schedule.ts";
import { addSchedule, changeSchedule, type ScheduleParts, schedules } from "./store.ts";

const MOST = 50; // of one person

/** What was said, and for whom; `known` tells the names that a workspace has. */
export interface Making {
  read: ReadSchedule;
  ownerId: number;
  /** Where none was said. */
  zone: string;
  slackTeam: string | null;
  /** null: the owner's direct messages. */
  channel: string | null;
  known(rows: Reading): Promise<KnownNames>;
}

/** A schedule of what was said. Throws AskAgain for a name that nobody has, a limit that cannot be, or an owner without accounts. */
export async function scheduleParts(rows: Reading, making: Making): Promise<ScheduleParts> {
  const { read, ownerId, zone, slackTeam, channel } = making;
  const { report, cadence } = read;
  const filter = await filterOf(rows, making);
  return { ownerId, report, filter, cadence, zone: read.zone ?? zone, slackTeam, channel };
}

/** Keeps it: as a new one, or as a change of `id`. Throws AskAgain for what is scheduled already, and for one too many. */
export async function keepSchedule(
  rows: Writing,
  parts: ScheduleParts,
  id: number | null,
  now: string,
): Promise<Schedule> {
  if (id !== null) return changeSchedule(rows, id, parts, now);
  const own = await schedules(rows, { ownerId: parts.ownerId });
  const same = own.find((each) => isSame(each, parts));
  if (same) throw new AskAgain(`That is scheduled already: it is number ${same.id} of the list of schedules.`);
  if (own.length >= MOST)
    throw new AskAgain(`There are ${own.length} schedules of one person, as many as there may be. Delete one first.`);
  return addSchedule(rows, parts, now);
}

const isSame = (one: ScheduleParts, other: ScheduleParts): boolean => sameKey(one) === sameKey(other);
const sameKey = ({ report, filter, cadence, zone, channel }: ScheduleParts): string =>
  JSON.stringify([
    report,
    Object.entries(filter)
      .map(([name, value]) => [name, JSON.stringify(value)])
      .sort(),
    "days" in cadence ? cadence.days : cadence.monthDay,
    cadence.at,
    zone,
    channel,
  ]);

async function filterOf(rows: Reading, { read, ownerId, known }: Making): Promise<ScheduleFilter> {
  const { named, mine, conditions, report } = read;
  if (mine === "accounts" && !(await ownsAccounts(rows, ownerId)))
    throw new AskAgain("The CRM names you as the owner of no account. Say whose instead, such as “for team DACH”.");
  if (mine === "team" && (await teamOf(rows, ownerId)) === null)
    throw new AskAgain("I have no team of yours on record. Say which one, such as “for team DACH”.");
  const filter = named === null ? {} : filterNamed(named, await known(rows));
  if (filter.plan !== undefined && report !== "churn")
    throw new AskAgain("Only churn can be narrowed to a plan. Name a team, person, segment or country.");
  const limits = report === "alerts" ? await ownLimits(rows, read.limits) : {};
  return {
    ...filter,
    ...(mine ? { mine } : {}),
    ...(report === "alerts" && conditions.length > 0 ? { conditions } : {}),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
  };
}

/** What differs from the workspace's: where that changes, a subscription which says the same goes along. */
async function ownLimits(rows: Reading, said: SomeLimits): Promise<SomeLimits> {
  const common = limitsFrom(await workspaceLimits(rows));
  checkLimits(limitsFrom(common, said));
  return Object.fromEntries(Object.entries(said).filter(([name, value]) => common[name as LimitName] !== value)); // its keys are limits
}
