// One bot in a process of its own, so that its processor time and its memory are its own.
import { App } from "@slack/bolt";
import { createAgentHouse } from "#agent/ask.ts";
import { openSlackDoor } from "#slack/door.ts";
import type { SlackHouse } from "#slack/house.ts";
import { tools, vocabulary } from "#tools/index.ts";
import { numberedHouse } from "../../chaos/house.ts";
import { freshDatabase, log } from "../databases.ts";
import { openCompany } from "../turn/company.ts";
import type { Used, Wanted } from "./bot.ts";

const wanted = JSON.parse(process.argv[2] ?? "{}") as Wanted; // our own parent wrote it
const openers: Record<Wanted["who"], () => Promise<() => Promise<void>>> = {
  door: openDoor,
  agent: openAgent,
  plain: openPlain,
};

const close = await openers[wanted.who]();
process.on("message", async (asked: "used" | "end") => {
  if (asked === "used") return void process.send?.(used());
  await close();
  process.disconnect?.();
});
process.once("disconnect", () => process.exit());
process.send?.("ready");

/** After a full collection, so that rubbish does not count. */
function used(): Used {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, heapMb: heapUsed / 2 ** 20, rssMb: rss / 2 ** 20 };
}

/** Our door, with an agent that answers at once. */
async function openDoor(): Promise<() => Promise<void>> {
  const { database, close: closeDatabase } = await freshDatabase(wanted.serverUrl, "slack_door");
  const closeDoor = await opened(await numberedHouse({ database, log, thinks: 0 }));
  return async () => {
    await closeDoor();
    await closeDatabase();
  };
}

/** Our door and our agent, with a scripted model at the wire and the sample company in the database. */
async function openAgent(): Promise<() => Promise<void>> {
  const company = await openCompany(wanted.serverUrl, [], "slack_agent");
  const { house, workspace } = company;
  const model = {
    ...{ name: "scripted", fallback: null, baseUrl: wanted.modelUrl ?? "", apiKey: "none" },
    ...{ timeoutSeconds: 60, maxCalls: 8, maxTokens: 1_000_000 },
  };
  const agent = createAgentHouse({ model, tools, vocabulary, promptsFolder: company.promptsFolder, log });
  const closeDoor = await opened({
    ...{ log, database: house.database, models: house.lifecycle.models },
    workspaceForTeam: async () => workspace,
    ready: async () => undefined,
    today: () => house.today(workspace),
    modelOf: () => house.modelOf(workspace),
    context: (_, actor) => house.context(workspace, actor),
    agent: async () => agent,
  });
  return async () => {
    await closeDoor();
    await company.close();
  };
}

async function opened(house: SlackHouse): Promise<() => Promise<void>> {
  const { apiUrl, appToken, botToken } = wanted;
  const settings = { transport: { kind: "socket" as const, appToken }, team: { kind: "token" as const, botToken } };
  const door = await openSlackDoor({ house, settings: { ...settings, tokenKeys: [], apiUrl, crmLinks: [] } });
  await door.start();
  return () => door.stop();
}

/** The least that a bot can be: Bolt's own app, answering a constant in the thread. It keeps nothing. */
async function openPlain(): Promise<() => Promise<void>> {
  const { apiUrl, appToken, botToken: token } = wanted;
  const app = new App({ token, appToken, socketMode: true, clientOptions: { slackApiUrl: apiUrl } });
  app.message(async ({ message, say }) => {
    if (message.subtype === undefined) await say({ text: "Forty-two.", thread_ts: message.ts });
  });
  await app.start();
  return async () => void (await app.stop());
}
