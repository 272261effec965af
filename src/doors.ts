import type { AgentHouse } from "#agent/ask.ts";
import { createAgentHouse } from "#agent/ask.ts";
import { proseWriter } from "#agent/prose-writer.ts";
import { loadPrompt } from "#prompts.ts";
import { narrateChurn } from "#reports/narrative.ts";
import type { SlackDoor } from "#slack/door.ts";
import { openSlackDoor } from "#slack/door.ts";
import type { SlackHouse } from "#slack/house.ts";
import type { SlackSettings } from "#slack/settings.ts";
import { tools, vocabulary } from "#tools/index.ts";
import { bindTeam, workspaceOfTeam } from "#workspaces/teams.ts";
import { type Workspace, workspaceByHandle } from "#workspaces/workspace.ts";
import type { House } from "./house.ts";
import { openJobs } from "./jobs.ts";
import { reissues, riskWeekly } from "./rounds.ts";
import { UpToDate } from "./up-to-date.ts";

/** What people come in by, once it is open. */
export interface OpenDoors {
  kind: "slack" | "playground";
  /** The playground's page; null where Slack is the page. */
  url: string | null;
  /** What to tell the person who started it, as Markdown lines. */
  says: string[];
  /** Takes nothing new, finishes what is under way, within 25 seconds. */
  stop(): Promise<void>;
}

/** Opens Slack where tokens are set, else the playground: a Slack of our own with the same bot. Throws BadInput for wrong tokens. */
export async function openDoors(house: House, workspace: Workspace): Promise<OpenDoors> {
  const upToDate = new UpToDate(house);
  upToDate.ready(workspace).catch(() => undefined); // the first question tries again, and tells
  const { slack } = house.config;
  const opened = slack
    ? await openSlack(house, workspace, upToDate, slack)
    : await openPlayground(house, workspace, upToDate);
  const { database, kind, log } = house;
  const { door, ...said } = opened;
  const teams = () => door.teams();
  const jobs = await openJobs({ database, kind, log, teams, rounds: [reissues(house, teams), riskWeekly(house)] });
  const stop = () => Promise.all([jobs.stop(), said.stop()]).finally(() => upToDate.stop());
  return { ...said, stop: () => stop().then(() => undefined) };
}

type Opened = OpenDoors & { door: SlackDoor };

async function openSlack(
  house: House,
  workspace: Workspace,
  upToDate: UpToDate,
  settings: SlackSettings,
): Promise<Opened> {
  const served = settings.team.kind === "oauth" ? byInstallation(house) : asItStands(house, workspace);
  const door = await openSlackDoor({ house: slackHouse(house, upToDate, served), settings });
  await door.start();
  return { door, kind: "slack", url: null, says: slackSays(settings, door), stop: () => door.stop() };
}

function slackSays({ transport, team }: SlackSettings, door: SlackDoor): string[] {
  const by =
    transport.kind === "socket"
      ? "Socket Mode, so nothing has to reach this machine"
      : `HTTP on ${transport.host}:${door.port ?? transport.port}; Slack's Request URL is https://YOUR-HOST/slack/events`;
  const installs = team.kind === "oauth" ? [`- Install in a team: ${team.publicUrl}/slack/install`] : [];
  return [`- Slack: connected by ${by}`, ...installs];
}

async function openPlayground(house: House, workspace: Workspace, upToDate: UpToDate): Promise<Opened> {
  const [{ startPlayground }, { worldWithLarkspur }] = await Promise.all([
    import("#playground/server.ts"),
    import("#playground/world/larkspur.ts"),
  ]);
  const model = house.config.model
    ? `Answers come from ${house.config.model.name}.`
    : "No model is configured: rules pick the look-ups, and answers say so.";
  const playground = await startPlayground({
    world: worldWithLarkspur(),
    port: house.config.playgroundPort,
    log: house.log,
    notice: `A playground on your machine. Nothing leaves it, and nobody else sees it. ${model}`,
  });
  const settings: SlackSettings = {
    transport: { kind: "socket", appToken: playground.tokens.app },
    team: { kind: "token", botToken: playground.tokens.bot },
    tokenKeys: [],
    apiUrl: playground.apiUrl,
    crmLinks: ["https://crm.larkspur.example/accounts/{id}"],
  };
  const door = await openSlackDoor({ house: slackHouse(house, upToDate, asItStands(house, workspace)), settings });
  await door.start();
  return {
    door,
    kind: "playground",
    url: playground.url,
    says: [`- Playground: **${playground.url}** — open it in your browser and ask there, as in Slack`],
    stop: async () => {
      await door.stop();
      await playground.close();
    },
  };
}

/** The one workspace, read anew: an administrator may have chosen another lifecycle model for it. */
const asItStands =
  (house: House, { handle }: Workspace) =>
  (): Promise<Workspace | null> =>
    workspaceByHandle(house.database, handle);

/** Each team that installed has a workspace of its own. */
function byInstallation(house: House): SlackHouse["workspaceForTeam"] {
  return async ({ id, name }) => {
    const known = await workspaceOfTeam(house.database, id);
    if (known || name === null) return known;
    const workspace = await house.ownWorkspace(`slack-${id.toLowerCase()}`);
    await bindTeam(house.database, workspace.id, id);
    return workspace;
  };
}

function slackHouse(house: House, upToDate: UpToDate, served: SlackHouse["workspaceForTeam"]): SlackHouse {
  let agent: AgentHouse | null = null;
  const { model, promptsFolder } = house.config;
  const write = proseWriter(model, house.log);
  const instructions = loadPrompt(promptsFolder, "churn-narrative", [])({});
  return {
    log: house.log,
    database: house.database,
    models: house.lifecycle.models,
    workspaceForTeam: served,
    ready: (workspace) => upToDate.ready(workspace),
    today: (workspace) => house.today(workspace),
    modelOf: (workspace) => house.modelOf(workspace),
    context: (workspace, actor) => house.context(workspace, actor),
    agent: async () => {
      agent ??= createAgentHouse({ model, tools, vocabulary, promptsFolder, log: house.log });
      return agent;
    },
    narrate: (report, { actor, signal }) =>
      narrateChurn(report, { write, instructions, database: house.database, actor, signal }),
  };
}
