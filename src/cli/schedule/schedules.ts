import { BadInput } from "#errors.ts";
import { runsOf } from "#schedules/runs.ts";
import type { Schedule } from "#schedules/schedule.ts";
import {
  deleteSchedule,
  pauseSchedule,
  resumeSchedule,
  scheduleNumbered,
  schedules,
  wantSchedule,
} from "#schedules/store.ts";
import { actorIn } from "#workspaces/workspace.ts";
import { type PlaceOptions, pickWorkspace, type Terminal, type Told } from "../terminal.ts";
import { wordsOf } from "./words.ts";

/** `schedule list`. */
export async function listSchedules(terminal: Terminal, options: PlaceOptions): Promise<Told> {
  const { database, workspace, actor } = await opened(terminal, options);
  const all = await database.read(actor, (rows) => schedules(rows));
  const lines = all.map((each) => `| ${[each.id, wordsOf(each), each.ownerName, stateOf(each)].join(" | ")} |`);
  return {
    json: { workspace: workspace.handle, schedules: all },
    words:
      all.length === 0
        ? "Nothing is scheduled. In Slack: `/perennial schedule every Monday at 9, churn for my team`; here: `perennial schedule add`."
        : ["| # | Report | Owner | Next |", "|--:|---|---|---|", ...lines].join("\n"),
  };
}

/** `schedule pause`, `resume` and `delete`. Throws BadInput for a number that is not there. */
export async function changeSchedule(
  terminal: Terminal,
  { id, change, options }: { id: number; change: "pause" | "resume" | "delete"; options: PlaceOptions },
): Promise<Told> {
  const { database, actor } = await opened(terminal, options);
  const schedule = await database.write(actor, async (rows) => {
    const known = await numbered(rows, id);
    if (change === "pause") await pauseSchedule(rows, id, "from the terminal");
    else if (change === "delete") await deleteSchedule(rows, id);
    else return resumeSchedule(rows, id, new Date().toISOString());
    return (await scheduleNumbered(rows, id)) ?? known;
  });
  const done = { pause: "Paused", resume: "Goes on", delete: "Deleted" }[change];
  return { json: { [change]: id, schedule }, words: `${done}: ${wordsOf(schedule)}.` };
}

/** `schedule run`: asks for it; whoever stands in Slack sends it. Throws BadInput for a number that is not there. */
export async function runSchedule(terminal: Terminal, id: number, options: PlaceOptions): Promise<Told> {
  const { database, actor } = await opened(terminal, options);
  const schedule = await database.write(actor, async (rows) => {
    const known = await numbered(rows, id);
    await wantSchedule(rows, id, new Date().toISOString());
    return known;
  });
  return {
    json: { run: id },
    words: `Asked for: ${wordsOf(schedule)}. The Perennial that runs (\`perennial start\`) sends it within a minute; where none runs, the next one does as it starts.`,
  };
}

/** `schedule runs`. */
export async function showRuns(terminal: Terminal, id: number, options: PlaceOptions): Promise<Told> {
  const { database, actor } = await opened(terminal, options);
  const runs = await database.read(actor, async (rows) => {
    await numbered(rows, id);
    return runsOf(rows, id, SHOWN_RUNS);
  });
  const lines = runs.map(({ slot, state, note }) => `- ${slot}: ${state}${note ? `, ${note}` : ""}`);
  return { json: { schedule: id, runs }, words: lines.length > 0 ? lines.join("\n") : "It has not come yet." };
}

const SHOWN_RUNS = 20;

/** The house, the workspace and who the terminal is in it. */
export async function opened(terminal: Terminal, options: PlaceOptions) {
  const house = await terminal.house(options);
  const workspace = await pickWorkspace(house, options);
  return { database: house.database, workspace, actor: actorIn(workspace) };
}

/** The schedule of that number. Throws BadInput where there is none. */
export async function numbered(rows: Parameters<typeof scheduleNumbered>[0], id: number): Promise<Schedule> {
  const schedule = Number.isSafeInteger(id) ? await scheduleNumbered(rows, id) : null;
  if (!schedule) throw new BadInput(`There is no schedule ${id}. \`perennial schedule list\` shows those there are.`);
  return schedule;
}

const stateOf = ({ pausedAt, pausedBecause, nextAt }: Schedule): string =>
  pausedAt === null ? nextAt : `paused${pausedBecause ? `: ${pausedBecause}` : ""}`;
