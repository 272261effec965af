import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
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
import { soon } from "../fixtures/soon.ts";

const log = createLog("silent");
let slack: TestSlack;
let house: SlackHouse;
let workspaceId: number;
/** Whether looking something up fails for a reason that nobody expected. */
let isBroken = false;
const inside = () => ({ workspaceId, personId: null, audience: "private" as const });

beforeAll(async () => {
  const sample = await sampleSlackHouse();
  const modelOf: SlackHouse["modelOf"] = (workspace) => {
    if (isBroken) throw new Error("the model is broken");
    return sample.house.modelOf(workspace);
  };
  house = { ...sample.house, modelOf };
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
      sql`report_reissued`,
      sql`report_posted`,
      sql`alert_limit`,
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
  const handed = await lookForSlots(house.database, log, { now });
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

test("late by two hours it comes and says so; late by eight it is skipped, and its owner is told once", async () => {
  const late = await overdue(2);
  await lookForSlots(house.database, log);
  const [shown] = await slack.news();
  expect(shown?.words).toMatch(/^2 h late/);
  expect(await runs(late.id)).toMatchObject([{ state: "done", note: "2 h late" }]);
  await nothingScheduled();
  const gone = await overdue(8);
  expect(await lookForSlots(house.database, log)).toBe(0);
  const told = await slack.news();
  expect(told).toMatchObject([{ where: "direct message" }]);
  expect(told[0]?.words).toMatch(/was not sent, because I was not running[\s\S]*more than 6 hours ago[\s\S]*Run now/);
  expect(await runs(gone.id)).toMatchObject([{ state: "skipped" }]);
  expect(await lookForSlots(house.database, log)).toBe(0);
  expect(await slack.news()).toEqual([]);
});

test("a channel that was archived: its owner is told, it is paused, and comes again once that is put right", async () => {
  const { id } = slack.world.addChannel({
    ...{ team: slack.person("Owen").team_id, name: "cs-leads" },
    members: [slack.person("Owen").id, slack.bot.id],
  });
  await commanded("Owen", "direct message", `every day at 9 in <#${id}|cs-leads>, renewals`);
  slack.world.archive(slack.person("Ingrid").id, id);
  const { shown } = await look((await all())[0]!);
  expect(shown).toMatchObject([{ where: "direct message" }]);
  expect(shown[0]?.words).toMatch(/could not be sent[\s\S]*archived[\s\S]*paused until you resume it/);
  expect(await all()).toMatchObject([{ failures: 1, pausedBecause: expect.stringMatching(/archived or deleted/) }]);
  const [edited] = await commanded(
    "Owen",
    "#sales",
    `edit ${(await all())[0]!.id} every day at 10 in #sales, renewals`,
  );
  expect(edited?.words).toMatch(/Changed: \*Renewals\* for all accounts, every day at 10:00/);
  expect((await look((await all())[0]!)).shown).toMatchObject([{ where: "#sales" }]);
});

test("a failure on our side is told to the owner with a reference, three times, and then it is paused", async () => {
  await commanded("Owen", "direct message", "every day at 9, digest");
  isBroken = true;
  try {
    for (const time of [1, 2, 3]) {
      const [schedule] = await all();
      const { shown } = await look(schedule!);
      expect(shown).toMatchObject([{ where: "direct message" }]);
      expect(shown[0]?.words).toMatch(/could not be sent[\s\S]*failed on my side \(ref \w+\)/);
      expect(shown[0]?.words).not.toMatch(/the model is broken/);
      expect(/paused until you resume it/.test(shown[0]?.words ?? "")).toBe(time === 3);
    }
  } finally {
    isBroken = false;
  }
});

test("news of a failed report waits for the end of its owner's quiet hours", async () => {
  const clock = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
  await commanded("Owen", "#sales", "every day at 9 UTC, renewals for my team");
  await commanded("Owen", "direct message", `quiet ${clock(-1)}-${clock(1)}`);
  const [schedule] = await all();
  await house.database.write(inside(), (rows) =>
    rows.run(sql`update schedule set zone = 'UTC', channel = 'C0GONE' where schedule_id = ${schedule!.id}`),
  );
  await lookForSlots(house.database, log, { now: new Date(Date.parse(schedule!.nextAt) + 1_000).toISOString() });
  await soon(async () => expect(await runs(schedule!.id)).toMatchObject([{ state: "failed" }]));
  const waiting = await house.database.write(inside(), (rows) =>
    rows.one(
      z.object({ state: z.string(), minutes: z.number() }),
      sql`select state, extract(epoch from due_at - now())::int / 60 as minutes from inbox where key like ${`owner:${schedule!.id}:%`}`,
    ),
  );
  expect(waiting.state).toBe("waiting");
  expect(waiting.minutes).toBeGreaterThan(50);
  await house.database.write(inside(), (rows) =>
    rows.run(sql`update inbox set due_at = now() where state = 'waiting'`),
  );
  expect((await slack.news()).at(-1)?.words).toMatch(/could not be sent/);
  await commanded("Owen", "direct message", "quiet off");
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

test("a channel's digest tells the team's accounts with their owners, a person's tells their own", async () => {
  await commanded("Owen", "#sales", "every weekday at 8, digest for my team");
  await commanded("Owen", "direct message", "every weekday at 8, digest");
  const found = await all();
  const inChannel = (await look(found.find(({ channel }) => channel !== null)!)).shown.find(
    ({ where }) => where === "#sales",
  );
  expect(inChannel?.words).toMatch(/What needs attention in team EMEA/);
  const owners = new Set([...(inChannel?.words ?? "").matchAll(/MRR [^·\n]+·\s+([^\n]+)/g)].map(([, owner]) => owner));
  expect(owners.size).toBeGreaterThan(1);
  expect(inChannel?.words).not.toMatch(/My open tasks/);
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
  const handed = await Promise.all(Array.from({ length: 10 }, () => lookForSlots(house.database, log, { now })));
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
  await slack.command("Ingrid", "direct message", "/perennial alerts");
  expect((await slack.news())[0]?.words).toMatch(/: told \d+ times, 0 over since, snoozed 1, not useful 1 \(\d+ %\)/);
  const others = (await look((await all())[0]!)).shown; // a message holds thirty
  const named = (on: News | undefined): string[] => [...((on?.words ?? "").match(/^\*.+?\*.*$/gm) ?? [])];
  expect(named(others[0]).filter((each) => named(shown[0]).includes(each))).toEqual([]);
  expect((await look((await all())[0]!)).shown).toEqual([]);
  expect((await runs(schedule!.id))[0]).toMatchObject({ state: "done", note: "nothing new" });
});

test("alerts with a limit of their own say it in the card, the list and the alert", async () => {
  const [card] = await commanded("Ingrid", "direct message", "warn me 60 days before a renewal without contact");
  expect(card?.words).toMatch(
    /Scheduled: \*Alerts\* for all accounts \(renewal near, and no contact\), every weekday at 09:00[\s\S]*60 days before the renewal, 30 without contact/,
  );
  expect((await commanded("Ingrid", "direct message", "list"))[0]?.words).toMatch(
    /Limits: .*60 days before the renewal/,
  );
  const { shown } = await look((await all())[0]!);
  expect(shown[0]?.words).toMatch(
    /Renewal near, and no contact[\s\S]*limit: 60 days before the renewal, 30 without contact/,
  );
  const renews = [...(shown[0]?.words ?? "").matchAll(/renews (\d{1,2} \w{3} \d{4})/g)].map(([, day = ""]) =>
    Date.parse(day),
  );
  expect(renews.some((day) => day > Date.parse("2026-12-22"))).toBe(true); // the usual limit ends there
});

test("the window for alerts takes what to tell and from where on, and shows it when it is edited", async () => {
  await slack.command("Lukas", "#sales", "/perennial alerts new");
  const [open] = await slack.news();
  expect(open?.words).toMatch(/New alerts[\s\S]*Renewal near, and no contact[\s\S]*From 1 to 365; usually 30/);
  expect(await slack.submit("Lukas", { conditions: "", limit_renewalDays: "45" })).toMatchObject({ ok: false });
  expect(await slack.submit("Lukas", { conditions: "Detractor", limit_detractorScore: "11" })).toMatchObject({
    ok: false,
  });
  expect(
    await slack.submit("Lukas", {
      conditions: "Renewal near; Detractor",
      limit_renewalDays: "45",
      limit_detractorScore: "4",
    }),
  ).toMatchObject({ ok: true });
  const [card] = await slack.news();
  expect(card?.words).toMatch(
    /\*Alerts\* for all accounts \(renewal near, and no contact, detractor\), every weekday at 09:00/,
  );
  expect(card?.words).toMatch(/45 days before the renewal, 30 without contact; detractor: NPS 4 or less/);
  expect(await all()).toMatchObject([
    { filter: { conditions: ["renewal_untouched", "detractor"], limits: { renewalDays: 45, detractorScore: 4 } } },
  ]);
  await pressed("Lukas", card, "Edit");
  await slack.submit("Lukas", { conditions: "Detractor", limit_detractorScore: "6", limit_renewalDays: "" });
  expect((await slack.news())[0]?.words).toMatch(
    /Changed: \*Alerts\* for all accounts \(detractor\)[\s\S]*NPS 6 or less/,
  );
  expect((await all())[0]?.filter).toEqual({ conditions: ["detractor"] });
});

test("limits for everybody are an admin's to change, and count for alerts without their own", async () => {
  const said = async (who: string, text: string) => {
    await slack.command(who, "direct message", `/perennial alerts ${text}`);
    return (await slack.news())[0]?.words ?? "";
  };
  expect(await said("Owen", "limits 45 days before a renewal without contact")).toMatch(/set by an admin/);
  expect(await said("Ingrid", "limits health below 200")).toMatch(/from 2 to 100/);
  expect(await said("Ingrid", "limits the moon")).toMatch(/I did not understand “the moon”/);
  expect(await said("Ingrid", "limits 45 days before a renewal without contact, NPS 4 or less")).toMatch(
    /45 days before the renewal, 30 without contact \(set here\)[\s\S]*NPS 4 or less \(set here\)/,
  );
  expect(await said("Owen", "every day at 9 on detractors")).toMatch(/Limits: detractor: NPS 4 or less/);
  expect(await said("Ingrid", "limits usual")).not.toMatch(/set here/);
  expect((await commanded("Owen", "direct message", "list"))[0]?.words).toMatch(/Limits: detractor: NPS 6 or less/);
});

test("pg-boss wakes us on this database too, and what was due while nobody ran is taken up", async () => {
  const late = await overdue(1);
  const kind = process.env.TEST_DATABASE_URL ? "server" : "embedded";
  const done: string[] = [];
  const round = (name: string, atOnce: boolean) => ({
    ...{ name, atOnce, cron: "0 0 1 1 *", takesSeconds: 60 },
    run: async () => void done.push(name),
  });
  const rounds = [round("test-at-once", true), round("test-new-year", false)];
  const jobs = await openJobs({ database: house.database, kind, log, rounds });
  try {
    await soon(async () => expect(await runs(late.id)).toMatchObject([{ state: "done" }]));
    await soon(() => expect(done).toEqual(["test-at-once"]));
  } finally {
    await jobs.stop();
  }
  expect((await slack.news())[0]?.words).toMatch(/^1 h late/);
});

test("nothing that was posted is something Slack would refuse", () => expect(slack.malformed()).toEqual([]));
