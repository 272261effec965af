import { fitWeekly, sayLastAttempt } from "#reports/risk/weekly.ts";
import { handReissues } from "#slack/reissue.ts";
import { accountCount, actorIn, allWorkspaces, SAMPLE_WORKSPACE } from "#workspaces/workspace.ts";
import type { House } from "./house.ts";
import type { Round } from "./jobs.ts";

/** Places in which a report was posted hear of its next version: after an import, or when somebody has put a row right. */
export const reissues = (house: House, teams: () => Promise<string[]>): Round => ({
  name: "report-reissue",
  cron: "*/10 * * * *",
  atOnce: true,
  takesSeconds: 600,
  run: async (signal) => {
    const [only, other] = await teams();
    const team = other === undefined ? (only ?? null) : null;
    for (const workspace of await allWorkspaces(house.database)) {
      signal.throwIfAborted();
      const given = { now: new Date().toISOString(), today: house.today(workspace), team };
      const told = await handReissues(house.database, actorIn(workspace), given);
      if (told > 0) house.log.info({ workspace: workspace.handle, told }, "posted reports have a new version");
    }
  },
});

/** Churn risk learns from what has come of it. Made-up customers teach nothing. */
export const riskWeekly = (house: House): Round => ({
  name: "risk-fit",
  cron: "17 * * * *", // each hour it is asked whether a week has passed
  takesSeconds: 3_600,
  run: async (signal) => {
    for (const workspace of await allWorkspaces(house.database)) {
      if (workspace.handle === SAMPLE_WORKSPACE || (await accountCount(house.database, workspace)) === 0) continue;
      const given = { actor: actorIn(workspace), today: house.today(workspace), now: new Date().toISOString(), signal };
      const attempt = await fitWeekly({ database: house.database, ...given });
      if (attempt) house.log.info({ workspace: workspace.handle, version: attempt.version }, sayLastAttempt(attempt));
    }
  },
});
