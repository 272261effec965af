import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { Actor } from "#actor.ts";
import { reportAlerts, setLimits, showLimits } from "#cli/schedule/alerts.ts";
import { addByWords, editByWords } from "#cli/schedule/by-words.ts";
import { changeSchedule, listSchedules, runSchedule } from "#cli/schedule/schedules.ts";
import type { Terminal } from "#cli/terminal.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { createLog } from "#log.ts";
import { runsOf } from "#schedules/runs.ts";
import { schedules } from "#schedules/store.ts";
import { allWorkspaces } from "#workspaces/workspace.ts";
import { lookForSlots } from "../../src/jobs.ts";
import { freshWorkspace } from "../fixtures/database.ts";

let database: Database;
let actor: Actor;
let options: { workspace: string };
let terminal: Terminal;

beforeEach(async () => {
  ({ database, actor } = await freshWorkspace({ zone: "Europe/Berlin" }));
  const workspace = (await allWorkspaces(database)).find(({ id }) => id === actor.workspaceId)!; // just made
  options = { workspace: workspace.handle };
  // Only a house is asked for here, and of it only what stands in the database.
  terminal = { house: async () => ({ database, today: () => "2026-11-22" }) } as unknown as Terminal;
  await database.write(actor, async (rows) => {
    await rows.run(sql`insert into team (workspace_id, name) values (current_workspace(), 'DACH')`);
    await rows.run(
      sql`insert into person (workspace_id, full_name, slack_user_id) values (current_workspace(), 'Owen Fairclough', 'U1'),
            (current_workspace(), 'Lukas Brandl', 'U2'), (current_workspace(), 'Lukas Meyer', 'U3')`,
    );
    await rows.run(sql`insert into person (workspace_id, full_name) values (current_workspace(), 'Never There')`);
  });
});

const all = () => database.read(actor, (rows) => schedules(rows));

test("words that would do in Slack set one up for somebody, change it, and it is listed as it is", async () => {
  const added = await addByWords(terminal, "every Monday at 9, churn for team DACH", {
    ...{ ...options, owner: "owen", channel: "C0LEADS01" },
  });
  expect(added.words).toMatch(
    /for Owen Fairclough: Churn report for team DACH, every Monday at 09:00 \(Europe\/Berlin\), channel C0LEADS01.*Invite me/,
  );
  const { id } = (await all())[0]!;
  const edited = await editByWords(
    terminal,
    { id, words: "warn us 45 days before a renewal without contact" },
    options,
  );
  expect(edited.words).toMatch(
    /Alerts for all accounts \(renewal near, and no contact: 45 days before the renewal, 30 without contact\), every weekday at 09:00/,
  );
  expect((await listSchedules(terminal, options)).words).toMatch(
    /45 days before the renewal.*channel C0LEADS01 \| Owen/,
  );
  await editByWords(terminal, { id, words: "every day at 7 in #C0OTHER01, renewals, America/Chicago" }, options);
  expect(await all()).toMatchObject([{ channel: "C0OTHER01", zone: "America/Chicago", report: "renewals" }]);
});

test.each([
  ["every Monday at 9, churn", {}, /Say whose it is: --owner NAME.*Owen Fairclough/],
  ["every Monday at 9, churn", { owner: "Owenn" }, /Nobody called “Owenn” has used me in Slack; did you mean Owen/],
  ["every Monday at 9, churn", { owner: "Lukas" }, /Which Lukas: Lukas Brandl or Lukas Meyer/],
  ["every Monday at 9, churn", { owner: "Never There" }, /has used me in Slack/],
  ["every Monday at 9, churn", { owner: "Owen", channel: "#leads" }, /“#leads” is not the id of a channel/],
  ["every Monday at 9 in #leads, churn", { owner: "Owen" }, /which channel #leads is/],
  ["every Monday, churn", { owner: "Owen" }, /at what time/],
  ["every Monday at 9, churn for the moon team", { owner: "Owen" }, /no team “moon”/],
  ["every Monday at 9, churn for my accounts", { owner: "Owen" }, /owner of no account/],
  ["every Monday at 9, churn", { owner: "Owen", zone: "Europe/Berln" }, /no time zone “Europe\/Berln”/],
])("“%s” %j is refused with the cure", async (words, given, sentence) => {
  await expect(addByWords(terminal, words, { ...options, ...given })).rejects.toThrow(sentence);
  expect(await all()).toEqual([]);
});

test("run asks for it once, whoever looks next sends it, also while it is paused; its own times stay", async () => {
  await addByWords(terminal, "every Monday at 9, churn", { ...options, owner: "Owen" });
  const [before] = await all();
  await changeSchedule(terminal, { id: before!.id, change: "pause", options });
  const look = () => lookForSlots(database, createLog("silent"), { teams: ["T1"] });
  while ((await look()) > 0); // what other files have left in this worker's database is due on a later day
  expect((await runSchedule(terminal, before!.id, options)).words).toMatch(/sends it within a minute/);
  const handed = await Promise.all([look(), look(), look()]);
  expect(handed.reduce((sum, each) => sum + each)).toBe(1);
  expect(await database.read(actor, (rows) => runsOf(rows, before!.id, 5))).toMatchObject([{ note: "asked for" }]);
  const kept = await database.write(actor, (rows) =>
    rows.many(
      z.object({ team: z.string(), asked: z.boolean() }),
      sql`select body ->> 'team_id' as team, (body -> 'event' ->> 'asked')::boolean as asked from inbox`,
    ),
  );
  expect(kept).toEqual([{ team: "T1", asked: true }]);
  expect(await all()).toMatchObject([{ nextAt: before!.nextAt, wantedAt: null }]);
  await expect(runSchedule(terminal, 4_711, options)).rejects.toThrow(/no schedule 4711/);
  await database.write(actor, (rows) => rows.run(sql`delete from inbox`));
});

test("limits are shown, changed in words, and put back; what was told and said of alerts is counted", async () => {
  expect((await showLimits(terminal, options)).words).toMatch(/30 days before the renewal/);
  const changed = await setLimits(terminal, "5 tickets in 3 days, champions silent for 30 days", options);
  expect(changed.words).toMatch(/5 tickets in 3 days \(set here\)[\s\S]*30 days of silence \(set here\)/);
  await expect(setLimits(terminal, "health good from 40, poor below 60", options)).rejects.toThrow(
    /poor has to be below/,
  );
  await expect(setLimits(terminal, "the moon", options)).rejects.toThrow(/did not understand/);
  expect((await setLimits(terminal, "usual", options)).words).not.toMatch(/set here/);
  expect((await reportAlerts(terminal, options)).words).toMatch(/None was told so far/);
});
