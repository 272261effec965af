import { afterAll, beforeAll, expect, test } from "vitest";
import { proseWriter } from "#agent/prose-writer.ts";
import { sql } from "#database/sql.ts";
import { createLog } from "#log.ts";
import { loadPrompt } from "#prompts.ts";
import { narrateChurn } from "#reports/narrative.ts";
import { runsOf } from "#schedules/runs.ts";
import type { Schedule } from "#schedules/schedule.ts";
import { schedules } from "#schedules/store.ts";
import type { SlackHouse } from "#slack/house.ts";
import { lookForSlots } from "../../src/jobs.ts";
import { promptsFolder, scripted } from "../fixtures/ask.ts";
import { type Asked, type ModelServer, modelServer } from "../fixtures/model-server.ts";
import { type News, TestSlack } from "../fixtures/slack.ts";
import { sampleSlackHouse } from "../fixtures/slack-listeners.ts";

const log = createLog("silent");
const instructions = loadPrompt(promptsFolder, "churn-narrative", [])({});
let server: ModelServer;
let slack: TestSlack;
let house: SlackHouse;
let workspaceId: number;
const inside = () => ({ workspaceId, personId: null, audience: "private" as const });

beforeAll(async () => {
  server = await modelServer();
  const sample = await sampleSlackHouse();
  workspaceId = sample.workspace.id;
  const { database } = sample.house;
  const write = proseWriter(scripted(server.url), log);
  house = {
    ...sample.house,
    narrate: (report, { actor, signal }) => narrateChurn(report, { write, instructions, database, actor, signal }),
  };
  slack = await TestSlack.open({ house, transport: "socket" });
});
afterAll(async () => {
  await nothingScheduled();
  await slack.close();
  await server.close();
});

const nothingScheduled = () =>
  house.database.write(inside(), async (rows) => {
    for (const table of [sql`report_reissued`, sql`report_posted`, sql`schedule_run`, sql`schedule`])
      await rows.run(sql`delete from ${table}`);
  });

/** Sets Monday's report up in #sales, and lets its slot come. */
async function monday(): Promise<{ schedule: Schedule; root: News; rest: News[] }> {
  await nothingScheduled();
  await slack.command("Owen", "#sales", "/perennial schedule every Monday at 9 in #sales, churn for all accounts");
  await slack.news();
  const [schedule] = await house.database.read(inside(), (rows) => schedules(rows));
  const slot = new Date(Date.parse(schedule!.nextAt) + 1_000).toISOString();
  expect(await lookForSlots(house.database, log, { now: slot })).toBe(1);
  const news = await slack.news();
  const root = news.find(({ thread, ts }) => thread === null || thread === ts); // with replies it leads a thread
  if (!root) throw new Error("no report was posted");
  return { schedule: schedule!, root, rest: news.filter((each) => each !== root) };
}

interface Told {
  netChangeOfMrr: string;
  lost: { customers: number; mrr: string };
  lostCustomers: { name: string; mrr: string }[];
}
const reportIn = ({ messages }: Asked): Told =>
  JSON.parse(/<report>\n([\s\S]*)\n<\/report>/.exec(messages.at(-1)?.content ?? "")?.[1] ?? "{}") as Told;

/** What the model writes of the report that it is sent. */
const written = ({ netChangeOfMrr, lost, lostCustomers: [first] }: Told): string =>
  `Net MRR changed by ${netChangeOfMrr} last week. ${lost.customers} customers were lost with ${lost.mrr}; the largest was ${first?.name} with ${first?.mrr}.`;

test("Monday's report comes into the channel once, with what the model wrote about its figures", async () => {
  let said = "";
  server.script((asked) => {
    said = written(reportIn(asked));
    return { say: said };
  });
  const { schedule, root, rest } = await monday();
  expect(root).toMatchObject({ where: "#sales", whom: null });
  expect(said).toMatch(/^Net MRR changed by −\$[\d,.]+ last week\. 4 customers/);
  expect(root.words).toContain(said);
  expect(root.words).toContain("Written by a model from this report.");
  // A manager's first screen: net change, who was lost, who is at risk, what is different from the week before, a picture.
  for (const words of [
    /\*Net −\$[\d,.]+\* MRR/,
    /\*4 customers lost\*/,
    /\*At risk on /,
    /\*Against the week before:\*/,
  ])
    expect(root.words).toMatch(words);
  expect(JSON.stringify(root.blocks)).toContain('"data_visualization"');
  expect(rest.every(({ thread }) => thread === root.ts)).toBe(true);
  expect(await lookForSlots(house.database, log, { now: schedule.nextAt })).toBe(0);
  expect(await house.database.read(inside(), (rows) => runsOf(rows, schedule.id, 5))).toMatchObject([
    { state: "done", note: null },
  ]);
});

test("a narrative whose figures are not the report's is left out of the post, and that is said there", async () => {
  server.script({ say: "We lost 999 customers with $1.00 last week." });
  const { root, rest } = await monday();
  expect(root.words).toContain("what the model wrote did not match the figures of the report");
  expect(JSON.stringify([root, ...rest])).not.toContain("999 customers");
  expect(root.words).toContain("*4 customers lost*");
});

test("a model that is away costs the narrative, not the report", async () => {
  server.script({ status: 400 });
  const { root } = await monday();
  expect(root.words).toContain("No narrative: the model did not answer");
  expect(root.words).toContain("*4 customers lost*");
});
