import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type Sql, sql } from "#database/sql.ts";
import { toolNamed } from "#tools/index.ts";
import { SAMPLE_DAY, type Sample, sampleCompanyHouse } from "../fixtures/sample.ts";

let sample: Sample;
beforeAll(async () => {
  sample = await sampleCompanyHouse();
});

async function call(name: string, input: unknown) {
  const tool = toolNamed(name)!;
  // Each tool has a finding of its own; the tests look at a few fields of each.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  const found = (await tool.run(tool.input.parse(input), sample.context)) as any;
  return { found, words: tool.say(found), inChannel: tool.inChannel!(found) };
}

const byHand = <T extends z.ZodType>(row: T, query: Sql) =>
  sample.database.read(sample.context.actor, (rows) => rows.many(row, query));
const ids = z.object({ id: z.number() });

test("urgent tickets that are older than three days are those of the store, and each says whose and how old it is", async () => {
  const wanted = await byHand(
    ids,
    sql`select ticket_id as id from ticket where solved_at is null and priority = 'urgent' and account_id is not null
        and created_at::date < ${SAMPLE_DAY}::date - 3 order by created_at::date, ticket_id`,
  );
  const { found, words } = await call("tickets", { priority: ["urgent"], older_than_days: 3, limit: 100 });
  expect(wanted.length).toBeGreaterThan(2);
  expect(found.tickets.map(({ id }: { id: number }) => id)).toEqual(wanted.map(({ id }) => id));
  expect(words).toMatch(new RegExp(`^\\*\\*${wanted.length} open urgent tickets opened more than 3 days ago\\*\\*`));
  expect(words).toMatch(/- \*\*.+\*\* #\d+ urgent, .*open since \d{4}-\d\d-\d\d \(\d+ days ago\)/);
});

test("who else has the problem: other accounts whose open tickets say the same, never the account itself", async () => {
  const { found, words } = await call("tickets", { account: "Clearforge", same_matter: "elsewhere" });
  expect(found.like[0].subject).toContain("Calendar sync");
  expect(found.tickets.length).toBeGreaterThan(0);
  for (const each of found.tickets) {
    expect(each.subject).toContain("Calendar sync");
    expect(each.accountId).not.toBe(found.account.id);
  }
  expect(words).toContain("on the matter of #");
  const before = await call("tickets", { account: "Clearforge", same_matter: "before" });
  expect(before.words).toContain("no earlier ticket on the matter of");
});

test("a ticket is found by our number and by the helpdesk's, and one that does not exist is not", async () => {
  const [one] = await byHand(
    ids.extend({ theirs: z.string() }),
    sql`select local_id as id, external_id as theirs from external_id where object = 'ticket' order by 1 desc limit 1`,
  );
  for (const ticket of [`#${one!.id}`, one!.theirs.toLowerCase()])
    expect((await call("tickets", { ticket })).found.tickets).toMatchObject([{ id: one!.id }]);
  expect((await call("tickets", { ticket: "9999999" })).words).toBe("I know no ticket “9999999”.");
});

test("words of the matter, a team and a window hold together, and groups add up", async () => {
  const { found } = await call("tickets", { about: "calendar sync", state: "any", limit: 100 });
  expect(found.count).toBeGreaterThan(1);
  for (const { subject } of found.tickets) expect(subject).toMatch(/sync/i);
  const grouped = await call("tickets", { group_by: "team", state: "any", opened: "last week" });
  const whole = await call("tickets", { state: "any", opened: "last week" });
  const tickets: number[] = grouped.found.groups.map((each: { tickets: number }) => each.tickets);
  expect(tickets.reduce((sum, each) => sum + each, 0)).toBe(whole.found.count);
});

test("what the helpdesk sorts a ticket by is its matter too, and solved ones tell how long that took", async () => {
  const { found, words } = await call("tickets", { about: "outage", state: "solved", limit: 100 });
  expect(found.tickets.some(({ subject }: { subject: string }) => !/outage/i.test(subject))).toBe(true);
  const days = found.tickets.map(
    ({ openedOn, solvedOn }: { openedOn: string; solvedOn: string }) =>
      (Date.parse(solvedOn) - Date.parse(openedOn)) / 86_400_000,
  );
  const mean = days.reduce((sum: number, each: number) => sum + each, 0) / days.length;
  expect(found.count).toBe(found.tickets.length);
  expect(words).toContain(`solved after ${Math.round(mean * 10) / 10} days on average.`);
});

test("an account in small letters at the beginning of what is told is whose situation it is, and a role is not", async () => {
  const told = (question: string) => call("search_playbooks", { question });
  expect((await told("clearforge is furious")).found.account?.name).toContain("Clearforge");
  for (const question of ["customer is furious", "procurement is furious"])
    expect((await told(question)).found.account).toBeNull();
});

test("a channel sees that there are tickets, not what customers wrote in them", async () => {
  const { inChannel } = await call("tickets", { account: "Clearforge", same_matter: "elsewhere" });
  expect(inChannel.keptOut).toEqual(["ticket subjects"]);
  expect(JSON.stringify(inChannel.finding)).not.toContain("Calendar sync");
});

test("the furious customer whose sync has been down for weeks gets the angry-ticket steps, with the account's facts", async () => {
  const { found, words, inChannel } = await call("search_playbooks", {
    question: "customer is furious, their calendar sync has been down for two weeks and they want to cancel",
    account: "Clearforge",
  });
  expect(found).toMatchObject({ verdict: "found", passages: [{ playbookId: "angry-ticket", section: "Steps" }, {}] });
  expect(words).toMatch(/^Now: open ticket #\d+ high, \d+ days old “Calendar sync.*”; renewal on .*; NPS \d\.$/m);
  expect(words).toContain("Looked up as “customer is furious, they want to cancel”.");
  expect(words).not.toContain("> >");
  expect(JSON.stringify((inChannel.finding as typeof found).facts)).not.toContain("Calendar sync");
});

test("an account that the situation calls by its whole name is recognised", async () => {
  const { found } = await call("search_playbooks", { question: "northdale energy keeps opening tickets every day" });
  expect(found.account.name).toBe("Northdale Energy AG");
  expect(found.passages[0].playbookId).toBe("ticket-storm");
});
