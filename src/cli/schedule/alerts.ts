import { AskAgain } from "#errors.ts";
import { alertCounts, alertReportLines, limitLines, REPORT_DAYS } from "#schedules/alert-report.ts";
import { limitsFrom, type SomeLimits } from "#schedules/limits.ts";
import { keepWorkspaceLimits, workspaceLimits } from "#schedules/limits-kept.ts";
import { LIMITS_EXAMPLE, readLimits } from "#schedules/read-limits.ts";
import { actorIn } from "#workspaces/workspace.ts";
import { type PlaceOptions, pickWorkspace, type Terminal, type Told } from "../terminal.ts";
import { opened } from "./schedules.ts";

/** `alerts report`. */
export async function reportAlerts(terminal: Terminal, options: PlaceOptions): Promise<Told> {
  const house = await terminal.house(options);
  const workspace = await pickWorkspace(house, options);
  const { counts, common } = await house.database.read(actorIn(workspace), async (rows) => ({
    counts: await alertCounts(rows, house.today(workspace)),
    common: await workspaceLimits(rows),
  }));
  const lines = alertReportLines(counts, common).map((line) => `- ${line}`);
  return {
    json: { workspace: workspace.handle, days: REPORT_DAYS, alerts: counts, limits: limitsFrom(common) },
    words: [
      `**Alerts of the last ${REPORT_DAYS} days**`,
      ...(lines.length > 0 ? lines : ["None was told so far."]),
    ].join("\n"),
  };
}

/** `alerts limits`. */
export async function showLimits(terminal: Terminal, options: PlaceOptions): Promise<Told> {
  const { database, workspace, actor } = await opened(terminal, options);
  const common = await database.read(actor, (rows) => workspaceLimits(rows));
  return toldLimits(workspace.handle, common);
}

/** `alerts limits WORDS`, for everybody whose alerts have no limits of their own. Throws AskAgain for what cannot be. */
export async function setLimits(terminal: Terminal, said: string, options: PlaceOptions): Promise<Told> {
  const isUsual = /^(?:usual|reset|default)$/i.test(said.trim());
  const { limits } = readLimits((pattern) => pattern.exec(said));
  if (!isUsual && Object.keys(limits).length === 0)
    throw new AskAgain(`I did not understand “${said}”. Say it like: perennial alerts limits "${LIMITS_EXAMPLE}".`);
  const { database, workspace, actor } = await opened(terminal, options);
  const common = await database.write(actor, async (rows) => {
    await keepWorkspaceLimits(rows, isUsual ? null : limits);
    return workspaceLimits(rows);
  });
  return toldLimits(workspace.handle, common);
}

const toldLimits = (workspace: string, common: SomeLimits): Told => ({
  json: { workspace, limits: limitsFrom(common) },
  words: limitLines(common)
    .map((line) => `- ${line}`)
    .join("\n"),
});
