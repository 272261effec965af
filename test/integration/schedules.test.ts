import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { sql } from "#database/sql.ts";
import { createLog } from "#log.ts";
import { runsOf } from "#schedules/runs.ts";
import type { Schedule } from "#schedules/schedule.ts";
import { schedules } from "#schedules/store.ts";
import type { SlackHouse } from "#slack/house.ts";
import { lookForSlots, openJobs } from "../../src/jobs.ts";
import { type News, TestSlack } from "../fixtures/slack.ts";
import { sampleSlackHouse } from "../fixtures/slack-listeners.ts";

const log = createLog("silent");
let slack: TestSlack;
let house: SlackHouse;
let workspaceId: number;
const inside = () => ({ workspaceId, personId: null, audience: "private" as const });

beforeAll(async () => {
  const sample = await sampleSlackHouse();
  ({ house } = sample);
  workspaceId = sample.workspace.id;
  slack = await TestSlack.open({ house, transport: "socket" });
});
afterAll(async () => {
  await nothingScheduled();
  await slack.close();
});
beforeEach(async () => {
  await slack.news();
  await nothingScheduled();
});

const nothingScheduled = () =>
  house.database.write(inside(), async (rows) => {
    for (const table of [
      sql`schedule_run`,
      sql`alert_said`,
      sql`alert_told`,
      sql`alert`,
      sql`alert_health`,
      sql`schedule`,
    ])
      await rows.run(sql`delete from ${table}`);
  });

const all = (): Promise<Schedule[]> => house.database.read(inside(), (rows) => schedules(rows));
const runs = (id: number) => house.database.read(inside(), (rows) => runsOf(rows, id, 10));
const channel = (name: string): string => `#${name}`;

async function commanded(who: string, where: string, text: string): Promise<News[]> {
  await slack.command(who, where, `/perennial schedule ${text}`);
  return slack.news();
}
async function pressed(who: string, on: News | undefined, called: string): Promise<News[]> {
  if (!on) throw new Error("nothing was shown to press on");
  await slack.press(who, on, called);
  return slack.news();
}
/** Looks for what is due as if it were so many milliseconds after the slot that comes next. */
async function look(schedule: Schedule, after = 1_000): Promise<{ handed: number; shown: News[] }> {
  const now = new Date(Date.parse(schedule.nextAt) + after).toISOString();
  const handed = await lookForSlots(house.database, log, now);
  return { handed, shown: await slack.news() };
}
/** A daily report whose time of day was so many hours ago, and which nobody has looked for since. */
async function overdue(hours: number): Promise<Schedule> {
  const slot = new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * 3_600_000);
  await commanded("Owen", "direct message", `every day at ${slot.toISOString().slice(11, 16)} UTC, my renewals`);
  const [made] = await all();
  await house.database.write(inside(), (rows) => rows.run(sql`update schedule set next_at = ${slot.toISOString()}`));
  return { ...made!, nextAt: slot.toISOString() };
}

test("said in a command, a report is set up, comes in its channel at its time, once, and the thread goes on", async () => {
  const [card] = await commanded("Owen", "#sales", `every Monday at 9 in ${channel("sales")}, renewals for my team`);
  expect(card).toMatchObject({ whom: "Owen Fairclough" });
  expect(card?.words).toMatch(
    /Scheduled: \*Renewals\* for the team of Owen Fairclough, every Monday at 09:00 \(Europe\/London\) in <#C/,
  );
  const [schedule] = await all();
  const { handed, shown } = await look(schedule!);
  expect(handed).toBe(1);
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatchObject({ where: "#sales", whom: null, thread: null });
  expect(shown[0]?.words).toMatch(/accounts? .*EMEA|EMEA/);
  expect((await look(schedule!)).handed).toBe(0);
  slack.say("Owen", "#sales", "@Perennial tell me about the first one", shown[0]?.ts ?? "");
  expect((await slack.news()).at(-1)?.words).toMatch(/\*Owner\*/);
  expect(await runs(schedule!.id)).toMatchObject([{ state: "done", note: null }]);
});

test("said in a message it is set up as well; the same a second time is not", async () => {
  slack.say("Lukas", "direct message", "every weekday at 8:30 my renewals");
  const [card] = await slack.news();
  expect(card?.words).toMatch(/every weekday at 08:30 \(Europe\/Berlin\) in direct messages to Lukas Brandl/);
  slack.say("Lukas", "direct message", "every weekday at 8:30 my renewals");
  expect((await slack.news())[0]?.words).toMatch(/scheduled already: it is number \d+/);
  expect(await all()).toHaveLength(1);
});

test.each([
  ["every Monday at 9, churn for the moon team", /no team “moon” here/],
  ["every Monday, churn", /at what time/],
  ["every Monday at 9 in <#C0NOWHERE|nowhere>, renewals", /Invite me/],
  ["every Monday at 9 for plan Team, renewals", /Only churn can be narrowed to a plan|no plan/],
  ["pause 4711", /no schedule 4711/],
  ["pause", /Say which/],
  ["quiet all day", /Say your quiet hours like/],
])("“schedule %s” is answered with what is wrong", async (text, sentence) => {
  const [said] = await commanded("Owen", "direct message", text);
  expect(said?.words).toMatch(sentence);
  expect(await all()).toEqual([]);
});

test("nothing is set up where people of another company read", async () => {
  const [said] = await commanded(
    "Owen",
    "direct message",
    `every Monday at 9 in ${channel("shared-northbeam")}, renewals`,
  );
  expect(said?.words).toMatch(/another company read/);
  expect(await all()).toEqual([]);
});

test("paused it does not come, resumed it comes again, deleted never; others may not", async () => {
  const [card] = await commanded("Owen", "#sales", "every day at 9, renewals");
  const [schedule] = await all();
  const [foreign] = await commanded("Tasha", "#sales", `delete ${schedule!.id}`);
  expect(foreign?.words).toMatch(/Only Owen Fairclough, who set it up, or an admin/);
  expect((await pressed("Owen", card, "Pause"))[0]?.words).toMatch(/Paused:/);
  expect(await look(schedule!)).toMatchObject({ handed: 0, shown: [] });
  const [listed] = await commanded("Tasha", "#sales", "list");
  expect(listed?.words).toMatch(/Paused: by Owen Fairclough/);
  await commanded("Ingrid", "#sales", `resume ${schedule!.id}`);
  const [resumed] = await all();
  expect((await look(resumed!)).shown).toHaveLength(1);
  await commanded("Owen", "#sales", `delete ${schedule!.id}`);
  expect(await all()).toEqual([]);
});

test("run now comes at once and says so", async () => {
  await commanded("Saskia", "direct message", "every day at 9, my renewals");
  const [schedule] = await all();
  const shown = await commanded("Saskia", "direct message", `run ${schedule!.id}`);
  expect(shown.map(({ words }) => words).join("\n")).toMatch(/on its way/);
  expect(shown.some(({ where, words }) => where === "direct message" && /Saskia Vermeulen/.test(words))).toBe(true);
});

test("the window sets up what is filled in, and changes it", async () => {
  await slack.command("Lukas", "#sales", "/perennial schedule new");
  await slack.news();
  expect(await slack.submit("Lukas", { report: "Renewals", days: "Every weekday", name: "Mars" })).toMatchObject({
    ok: true,
  });
  expect((await slack.news()).map(({ words }) => words).join()).toMatch(
    /no team, person, segment, country or plan “Mars”/,
  );
  await slack.command("Lukas", "#sales", "/perennial schedule new");
  await slack.news();
  await slack.submit("Lukas", { report: "Renewals", days: "Every weekday", name: "DACH" });
  const [card] = await slack.news();
  expect(card?.words).toMatch(/\*Renewals\* for team DACH, every weekday at 09:00/);
  await pressed("Lukas", card, "Edit");
  await slack.submit("Lukas", { days: "On the 1st of each month" });
  const [changed] = await slack.news();
  expect(changed?.words).toMatch(/Changed: \*Renewals\* for team DACH, on the 1st of each month at 09:00/);
  expect(await all()).toHaveLength(1);
});

test("late by two hours it comes and says so; late by a day it is skipped and noted", async () => {
  const late = await overdue(2);
  await lookForSlots(house.database, log);
  const [shown] = await slack.news();
  expect(shown?.words).toMatch(/^2 h late/);
  expect(await runs(late.id)).toMatchObject([{ state: "done", note: "2 h late" }]);
  await nothingScheduled();
  const gone = await overdue(8);
  expect(await lookForSlots(house.database, log)).toBe(0);
  expect(await slack.news()).toEqual([]);
  expect(await runs(gone.id)).toMatchObject([{ state: "skipped" }]);
});

test("a channel that was archived: its owner is told each time, and after the third it is paused", async () => {
  const { id } = slack.world.addChannel({
    ...{ team: slack.person("Owen").team_id, name: "cs-leads" },
    members: [slack.person("Owen").id, slack.bot.id],
  });
  await commanded("Owen", "direct message", `every day at 9 in <#${id}|cs-leads>, renewals`);
  slack.world.archive(slack.person("Ingrid").id, id);
  for (const time of [1, 2, 3]) {
    const [schedule] = await all();
    const { shown } = await look(schedule!);
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({ where: "direct message" });
    expect(shown[0]?.words).toMatch(/could not be sent[\s\S]*archived/);
    expect(/paused until you resume it/.test(shown[0]?.words ?? "")).toBe(time === 3);
  }
  expect((await all())[0]).toMatchObject({ failures: 3, pausedAt: expect.any(String) });
});

test("when its owner is no longer in Slack, a schedule is paused and nobody is bothered", async () => {
  await commanded("Saskia", "#sales", "every day at 9, renewals");
  const [schedule] = await all();
  await house.database.write(inside(), (rows) =>
    rows.run(sql`update person set slack_user_id = null where person_id = ${schedule!.ownerId}`),
  );
  expect(await look(schedule!)).toEqual({ handed: 1, shown: [] });
  expect(await all()).toMatchObject([{ pausedBecause: expect.stringMatching(/owner is not in this Slack workspace/) }]);
});

test("quiet hours move what comes to a person, and leave the channel's report alone", async () => {
  await commanded("Camille", "direct message", "every day at 6:00, digest");
  await commanded("Camille", "#sales", "every day at 6:00, renewals");
  await commanded("Camille", "direct message", "quiet 22:00-07:30");
  const paris = (at: string) =>
    new Date(at).toLocaleTimeString("sv-SE", { timeZone: "Europe/Paris", timeStyle: "short" });
  const found = await all();
  expect(found.map(({ report, nextAt }) => [report, paris(nextAt)]).sort()).toEqual([
    ["digest", "07:30"],
    ["renewals", "06:00"],
  ]);
  const { shown } = await look(found.find(({ report }) => report === "digest")!);
  const digest = shown.find(({ where }) => where === "direct message");
  expect(digest?.words).toMatch(/What needs you, 22 Nov 2026/);
});

test("the digest chosen in the settings comes by itself, and goes when it is switched off", async () => {
  const choose = async (digest: string) => {
    await slack.command("Tasha", "direct message", "/perennial settings");
    await slack.news();
    await slack.submit("Tasha", { digest });
    await slack.news();
  };
  await choose("Every Monday");
  expect(await all()).toMatchObject([
    { report: "digest", bySettings: true, cadence: { days: [1], at: "08:30" }, zone: "America/Chicago" },
  ]);
  await choose("Every working day");
  const [daily] = await all();
  expect(daily).toMatchObject({ cadence: { days: [1, 2, 3, 4, 5] } });
  expect((await look(daily!)).shown[0]?.words).toMatch(/What needs you/);
  await choose("Off");
  expect(await all()).toEqual([]);
});

test("ten looks at the same moment hand a slot on once", async () => {
  await commanded("Owen", "direct message", "every day at 9, my renewals");
  const [schedule] = await all();
  const now = new Date(Date.parse(schedule!.nextAt) + 1_000).toISOString();
  const handed = await Promise.all(Array.from({ length: 10 }, () => lookForSlots(house.database, log, now)));
  expect(handed.reduce((sum, each) => sum + each)).toBe(1);
  expect(await slack.news()).toHaveLength(1);
  const kept = await house.database.write(inside(), (rows) =>
    rows.one(
      z.object({ n: z.number() }),
      sql`select count(*)::int as n from inbox where key like 'slot:%' and key like ${`slot:${schedule!.id}:%`}`,
    ),
  );
  expect(kept.n).toBe(1);
});

test("the churn of last week comes for the owner's team, with its figures", async () => {
  await commanded("Owen", "#sales", "every Monday at 9 in #sales, churn for my team");
  const [schedule] = await all();
  const { shown } = await look(schedule!);
  expect(shown[0]).toMatchObject({ where: "#sales" });
  expect(shown[0]?.words).toMatch(/EMEA/);
  expect(await runs(schedule!.id)).toMatchObject([{ state: "done" }]);
});

test("alerts come together in one message, each once; one that is snoozed says until when", async () => {
  await commanded("Ingrid", "direct message", "every day at 9, alerts on cancellations and detractors");
  const [schedule] = await all();
  const { shown } = await look(schedule!);
  expect(shown).toHaveLength(1);
  expect(shown[0]?.words).toMatch(
    /\d+ new alerts[\s\S]*(?:Cancellation scheduled|Detractor)[\s\S]*\((?:NPS answer|subscription)/,
  );
  expect((await pressed("Ingrid", shown[0], "Snooze"))[0]?.words).toMatch(/Snoozed until 6 Dec 2026/);
  expect((await pressed("Ingrid", shown[0], "Not useful"))[0]?.words).toMatch(/that counts/);
  const others = (await look((await all())[0]!)).shown; // a message holds thirty
  const named = (on: News | undefined): string[] => [...((on?.words ?? "").match(/^\*.+?\*.*$/gm) ?? [])];
  expect(named(others[0]).filter((each) => named(shown[0]).includes(each))).toEqual([]);
  expect((await look((await all())[0]!)).shown).toEqual([]);
  expect((await runs(schedule!.id))[0]).toMatchObject({ state: "done", note: "nothing new" });
});

test("pg-boss wakes us on this database too, and what was due while nobody ran is taken up", async () => {
  const late = await overdue(1);
  const kind = process.env.TEST_DATABASE_URL ? "server" : "embedded";
  const jobs = await openJobs({ database: house.database, kind, log });
  try {
    await vi.waitFor(async () => expect(await runs(late.id)).toMatchObject([{ state: "done" }]), {
      timeout: 20_000,
      interval: 100,
    });
  } finally {
    await jobs.stop();
  }
  expect((await slack.news())[0]?.words).toMatch(/^1 h late/);
});

test("nothing that was posted is something Slack would refuse", () => expect(slack.malformed()).toEqual([]));
