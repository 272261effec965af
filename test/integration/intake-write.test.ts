import { describe, expect, test } from "vitest";
import { z } from "zod";
import { findAccount } from "#accounts/find.ts";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { loadFresh } from "#intake/load-fresh.ts";
import type { Incoming, RecordKind, RecordOf } from "#intake/records.ts";
import { createWriter } from "#intake/write.ts";
import { freshWorkspace } from "../fixtures/database.ts";

const rec = <K extends RecordKind>(kind: K, record: RecordOf<K>, more: Partial<Incoming> = {}): Incoming =>
  ({ kind, record, ...more }) as Incoming;
const account = (id: string, name: string, more: Partial<RecordOf<"account">> = {}) =>
  rec("account", { id, name, createdOn: "2025-01-01", ...more });
const subscription = (id: string, of: string, more: Partial<RecordOf<"subscription">> = {}) =>
  rec("subscription", { id, account: of, mrrMinor: 10_000, currency: "USD", startedOn: "2025-02-01", ...more });

type Place = { database: Database; actor: Actor };
const writerOf = (place: Place, source = "crm", today = "2026-03-01") =>
  createWriter({ ...place, source, today, syncedAt: `${today}T08:00:00Z` });
const anyRow = z.record(z.string(), z.unknown());
const rowsOf = ({ database, actor }: Place, query: ReturnType<typeof sql>) =>
  database.read(actor, (rows) => rows.many(anyRow, query));
const accountsOf = (place: Place) =>
  rowsOf(place, sql`select name, industry, plan, segment, owner_id as owner from account order by account_id`);
const ledgerOf = (place: Place) =>
  rowsOf(
    place,
    sql`select source_key as key, delta_minor as minor, base_delta_minor as base, effective_at as at from mrr_event order by effective_at, source_key`,
  );

describe("a record that came before", () => {
  test("is left alone when it says the same, and changed in place when not", async () => {
    const place = await freshWorkspace();
    const writer = writerOf(place);
    expect((await writer.write([account("1", "Acme"), account("2", "Globex")])).counts.account).toEqual({
      new: 2,
      changed: 0,
      same: 0,
      refused: 0,
    });
    expect(
      (await writer.write([account("1", "Acme"), account("2", "Globex", { industry: "Energy" })])).counts.account,
    ).toEqual({ new: 0, changed: 1, same: 1, refused: 0 });
    expect((await accountsOf(place)).map((each) => [each.name, each.industry])).toEqual([
      ["Acme", null],
      ["Globex", "Energy"],
    ]);
  });

  test("is found under its new name, its old one, and its words are counted once", async () => {
    const place = await freshWorkspace();
    await writerOf(place).write([account("1", "Acme Rockets GmbH")]);
    await writerOf(place).write([account("1", "Acme Space GmbH")]);
    expect(await rowsOf(place, sql`select name_norm from account`)).toEqual([{ name_norm: "acme space" }]);
    expect(await rowsOf(place, sql`select alias from account_alias`)).toEqual([{ alias: "Acme Rockets GmbH" }]);
    expect(
      await rowsOf(place, sql`select word, accounts from account_word where accounts > 0 and not whole order by word`),
    ).toEqual([
      { word: "acme", accounts: 1 },
      { word: "rockets", accounts: 1 },
      { word: "space", accounts: 1 },
    ]);
  });

  test("marks its account, and the one it has left, to be judged anew", async () => {
    const place = await freshWorkspace();
    const writer = writerOf(place);
    const note = (of: string) => rec("note", { id: "n", account: of, body: "called", at: "2026-01-01T10:00:00Z" });
    await writer.write([account("1", "Acme"), account("2", "Globex"), note("1")]);
    await place.database.write(place.actor, (rows) => rows.run(sql`update account_facts set dirty = false`));
    expect((await writer.write([note("2")])).touched).toBe(2);
    expect(await rowsOf(place, sql`select count(*)::int as n from account_facts where dirty`)).toEqual([{ n: 2 }]);
  });
});

describe("one customer of several sources", () => {
  test("stays one: by domain, by name, by an id of another source", async () => {
    const place = await freshWorkspace();
    await writerOf(place, "crm").write([
      account("C1", "Acme Corp", { domains: ["acme.com"], industry: "Retail" }),
      account("C2", "Globex Ltd"),
    ]);
    await writerOf(place, "billing").write([
      account("B1", "ACME Incorporated", { domains: ["www.Acme.com"], plan: "Team" }),
      account("B2", "Globex", { plan: "Basic", segment: "startup" }),
      subscription("S1", "B1"),
    ]);
    await writerOf(place, "desk").write([
      rec("ticket", {
        id: "T1",
        account: { source: "crm", id: "C1" },
        subject: "x",
        createdAt: "2026-01-02T00:00:00Z",
      }),
      rec("ticket", { id: "T2", account: { domain: "acme.com" }, createdAt: "2026-01-02T00:00:00Z" }),
      rec("ticket", { id: "T3", account: { name: "globex" }, createdAt: "2026-01-02T00:00:00Z" }),
    ]);
    expect(await accountsOf(place)).toEqual([
      { name: "Acme Corp", industry: "Retail", plan: "Team", segment: null, owner: null },
      { name: "Globex Ltd", industry: null, plan: "Basic", segment: "startup", owner: null },
    ]);
    const [acme] = await rowsOf(
      place,
      sql`select account_id as id, (select count(*)::int from ticket t where t.account_id = a.account_id) as tickets from account a where name = 'Acme Corp'`,
    );
    expect(acme?.tickets).toBe(2);
    expect(
      await rowsOf(
        place,
        sql`select distinct source from external_id where object = 'account' and local_id = ${acme?.id} order by 1`,
      ),
    ).toEqual([{ source: "billing" }, { source: "crm" }]);
  });

  test("is not taken for another one: other legal form, other domain, second id of one source, mail provider", async () => {
    const place = await freshWorkspace();
    await writerOf(place, "crm").write([
      account("1", "Acme Corp"),
      account("2", "Hooli", { domains: ["hooli.com"] }),
      account("3", "Jo", { domains: ["gmail.com"] }),
    ]);
    await writerOf(place, "crm").write([account("4", "Acme Corp")]);
    await writerOf(place, "billing").write([
      account("1", "Acme GmbH"),
      account("2", "Hooli", { domains: ["hooli.org"] }),
      account("3", "Bo", { domains: ["gmail.com"] }),
    ]);
    expect((await accountsOf(place)).map((each) => each.name)).toEqual([
      "Acme Corp",
      "Hooli",
      "Jo",
      "Acme Corp",
      "Acme GmbH",
      "Hooli",
      "Bo",
    ]);
  });

  test("keeps what the other source knows when one of them falls silent", async () => {
    const place = await freshWorkspace();
    await writerOf(place, "crm").write([account("1", "Acme", { industry: "Retail", segment: "startup" })]);
    await writerOf(place, "billing").write([account("1", "Acme", { plan: "Team" })]);
    await writerOf(place, "crm").write([account("1", "Acme", { segment: null, industry: "Media" })]);
    expect(await accountsOf(place)).toEqual([
      { name: "Acme", industry: "Media", plan: "Team", segment: "startup", owner: null },
    ]);
  });

  test("moves whole when its source merges it", async () => {
    const place = await freshWorkspace();
    const writer = writerOf(place);
    await writer.write([account("1", "Acme"), account("2", "Akme"), subscription("S", "2")]);
    await writer.write([account("2", "Akme", { mergedInto: "1" })]);
    expect(await rowsOf(place, sql`select a.name from subscription join account a using (account_id)`)).toEqual([
      { name: "Acme" },
    ]);
    expect(
      (await writer.write([rec("note", { id: "n", account: "2", body: "late", at: "2026-01-01T00:00:00Z" })])).refused,
    ).toEqual([]);
    expect(await rowsOf(place, sql`select a.name from note join account a using (account_id)`)).toEqual([
      { name: "Acme" },
    ]);
  });

  test("people are one by mail address, and keep their teams", async () => {
    const place = await freshWorkspace();
    await writerOf(place, "crm").write([
      rec("person", { id: "1", name: "Ann Lee", email: "Ann@us.com", team: "EMEA", manager: "2" }),
      rec("person", { id: "2", name: "Bo", email: "bo@us.com" }),
    ]);
    await writerOf(place, "desk").write([
      rec("person", { id: "9", name: "Ann Lee", email: "ann@us.com" }),
      rec("person", { id: "10", name: "A. Lee", email: "ANN@us.com" }),
    ]);
    expect(
      await rowsOf(
        place,
        sql`select p.full_name as name, t.name as team, m.full_name as manager from person p left join team t using (team_id) left join person m on m.person_id = p.manager_id order by p.person_id`,
      ),
    ).toEqual([
      { name: "A. Lee", team: "EMEA", manager: "Bo" },
      { name: "Bo", team: null, manager: null },
    ]);
    const clash = await writerOf(place, "crm").write([rec("person", { id: "2", name: "Bo", email: "ann@us.com" })]);
    expect(clash.refused[0]).toMatchObject({ column: "email", reason: expect.stringContaining("another person") });
  });
});

describe("what cannot be taken", () => {
  test("is listed with line, column and reason, and the rest comes in", async () => {
    const place = await freshWorkspace();
    const result = await writerOf(place).write([
      account("1", "Acme", {}),
      { ...account("2", " "), line: 3 },
      { ...account("1", "Acme again"), line: 4 },
      { ...account("3", "Bad day", { createdOn: "2025-02-30" }), line: 5 },
      { ...account("4", "Bad\u0000byte"), line: 6 },
      rec("note", { id: "n", account: "77", body: "lost", at: "2026-01-01T00:00:00Z" }, { line: 9 }),
      rec("usage", { id: "u", day: "2026-01-01" }, { line: 10 }),
    ]);
    expect(result.refused.map(({ id, line, column, reason }) => [id, line, column, reason])).toEqual([
      ["2", 3, "name", expect.stringContaining("must not be empty")],
      ["1", 4, "id", expect.stringContaining("duplicate id")],
      ["3", 5, "createdOn", expect.stringContaining("must be a day such as")],
      ["4", 6, null, expect.stringContaining("cannot be stored")],
      ["u", 10, "account", "names neither an account nor a subscription"],
      ["n", 9, "account", 'account "77" is not known here, or is not the only one of that name'],
    ]);
    expect(result.counts.account).toEqual({ new: 1, changed: 0, same: 0, refused: 4 });
  });

  test("a reference that may wait is made when the other row comes", async () => {
    const place = await freshWorkspace();
    const writer = writerOf(place);
    expect((await writer.write([account("2", "Daughter", { parent: "1", owner: "p" })])).refused).toHaveLength(1);
    await writer.write([{ ...account("2", "Daughter", { parent: "1", owner: "p" }), mayWait: ["owner"] }]);
    await writer.write([account("1", "Mother"), rec("person", { id: "p", name: "Ann" })]);
    expect(
      await rowsOf(
        place,
        sql`select p.name as parent, o.full_name as owner from account a join account p on p.account_id = a.parent_account_id join person o on o.person_id = a.owner_id`,
      ),
    ).toEqual([{ parent: "Mother", owner: "Ann" }]);
    expect(await rowsOf(place, sql`select * from waiting_link`)).toEqual([]);
  });

  test("two names that are one leave a reference by name open", async () => {
    const place = await freshWorkspace();
    await writerOf(place).write([account("1", "Acme Corp"), account("2", "Acme GmbH")]);
    const { refused } = await writerOf(place, "desk").write([
      rec("ticket", { id: "t", account: { name: "Acme" }, createdAt: "2026-01-01T00:00:00Z" }),
    ]);
    expect(refused[0]?.reason).toBe('account name "Acme" is not known here, or is not the only one of that name');
  });
});

describe("the ledger of a source that tells only subscriptions", () => {
  test("rises at the start and falls at the end; trials count nothing", async () => {
    const place = await freshWorkspace({ zone: "Europe/Berlin" });
    await writerOf(place).write([
      account("1", "Acme"),
      subscription("running", "1"),
      subscription("over", "1", { startedOn: "2025-03-01", endedOn: "2025-09-01", mrrMinor: 5_000 }),
      subscription("trial", "1", { trial: true, mrrMinor: 7_000 }),
      subscription("cancelled", "1", { startedOn: "2025-04-01", cancelOn: "2026-06-01" }),
      subscription("bought", "1", { startedOn: "2025-05-01", trial: true, trialEndsOn: "2025-05-15", mrrMinor: 900 }),
    ]);
    expect(await ledgerOf(place)).toEqual([
      { key: "subscription:running:start", minor: 10_000, base: 10_000, at: "2025-01-31T23:00:00.000Z" },
      { key: "subscription:over:start", minor: 5_000, base: 5_000, at: "2025-02-28T23:00:00.000Z" },
      { key: "subscription:cancelled:start", minor: 10_000, base: 10_000, at: "2025-03-31T22:00:00.000Z" },
      { key: "subscription:bought:start", minor: 900, base: 900, at: "2025-05-14T22:00:00.000Z" },
      { key: "subscription:over:end", minor: -5_000, base: -5_000, at: "2025-08-31T22:00:00.000Z" },
    ]);
    expect(
      (await rowsOf(place, sql`select status from subscription order by subscription_id`)).map((each) => each.status),
    ).toEqual(["active", "ended", "trialing", "active", "active"]);
  });

  test("a changed subscription never counts twice", async () => {
    const place = await freshWorkspace();
    const writer = writerOf(place);
    await writer.write([account("1", "Acme"), subscription("s", "1", { endedOn: "2025-08-01" })]);
    await writer.write([subscription("s", "1", { mrrMinor: 12_000 })]);
    expect((await ledgerOf(place)).map((each) => each.minor)).toEqual([12_000]);
  });

  test("the source's own events take its place", async () => {
    const place = await freshWorkspace();
    const writer = writerOf(place);
    await writer.write([account("1", "Acme"), subscription("s", "1"), subscription("other", "1", { mrrMinor: 700 })]);
    await writer.write([
      rec("mrr_event", {
        id: "e1",
        account: "1",
        subscription: "s",
        at: "2025-02-01T00:00:00Z",
        deltaMinor: 9_000,
        currency: "USD",
      }),
    ]);
    await writer.write([subscription("s", "1", { seats: 5 })]);
    expect((await ledgerOf(place)).map((each) => each.key)).toEqual(["event:e1", "subscription:other:start"]);
  });

  test("other currencies are converted at the day's rate; without one the row is refused with the cure", async () => {
    const place = await freshWorkspace();
    const writer = writerOf(place);
    const rate = (day: string, value: number) => rec("exchange_rate", { id: day, currency: "EUR", day, rate: value });
    const { refused } = await writer.write([
      rate("2025-01-01", 1.1),
      rate("2025-03-01", 1.2),
      account("1", "Acme"),
      subscription("e", "1", { currency: "EUR", mrrMinor: 333 }),
      subscription("j", "1", { currency: "JPY", mrrMinor: 5_000 }),
    ]);
    expect((await ledgerOf(place)).map((each) => [each.minor, each.base])).toEqual([[333, 366]]);
    expect(refused).toEqual([
      expect.objectContaining({
        id: "j",
        column: "currency",
        reason: expect.stringMatching(/import exchange rates for JPY/),
      }),
    ]);
  });
});

test("a fresh load says the same as the ordinary way in, and stays in its workspace", async () => {
  const [fresh, ordinary] = [await freshWorkspace(), await freshWorkspace()];
  const records = [
    account("1", "Acme Corp", { domains: ["acme.com"], owner: "p" }),
    rec("person", { id: "p", name: "Ann", team: "EMEA" }),
    subscription("s", "1"),
  ];
  const loaded = await loadFresh({ ...fresh, batches: [{ source: "crm", records }], today: "2026-03-01" });
  expect([loaded.counts.new, loaded.refused]).toEqual([3, []]);
  expect((await writerOf(ordinary).write(records)).counts.account?.new).toBe(1);
  expect(await accountsOf(fresh)).toMatchObject([{ name: "Acme Corp", owner: expect.any(Number) }]);
  expect(await ledgerOf(fresh)).toEqual(await ledgerOf(ordinary));
  expect((await writerOf(fresh).write(records)).counts).toMatchObject({
    account: { same: 1 },
    person: { same: 1 },
    subscription: { same: 1 },
  });
});

test("each kind of data is as fresh as its source", async () => {
  const place = await freshWorkspace();
  await writerOf(place, "crm", "2026-03-01").write([account("1", "Acme")]);
  await writerOf(place, "billing", "2026-02-01").write([subscription("s", "nobody")]);
  await writerOf(place, "crm", "2026-02-01").write([account("1", "Acme")]);
  expect(await rowsOf(place, sql`select domain, source, synced_at from source_feed order by 1`)).toEqual([
    { domain: "billing", source: "billing", synced_at: "2026-02-01T08:00:00.000Z" },
    { domain: "crm", source: "crm", synced_at: "2026-03-01T08:00:00.000Z" },
  ]);
});

test("two workspaces do not meet, even with the same ids", async () => {
  const [one, other] = [await freshWorkspace(), await freshWorkspace()];
  await writerOf(one).write([account("1", "Acme", { domains: ["acme.com"] })]);
  const result = await writerOf(other).write([account("1", "Acme", { domains: ["acme.com"] })]);
  expect(result.counts.account?.new).toBe(1);
  expect(await accountsOf(one)).toHaveLength(1);
});

test("an imported account is found by a misspelt word of its name, of its former name, and by both written together", async () => {
  const { database, actor } = await freshWorkspace();
  const writer = createWriter({ database, actor, source: "crm" });
  await writer.write([{ kind: "account", record: { id: "1", name: "Quiet Harbor Ltd", aliases: ["Old Anchorage"] } }]);
  await writer.write([{ kind: "account", record: { id: "1", name: "Silent Harbor Ltd", aliases: ["Old Anchorage"] } }]);
  const find = (said: string) => database.read(actor, (rows) => findAccount(rows, said));
  for (const said of ["Silent Harbour", "silentharbor", "Quite Harbor", "Old Ancorage"]) {
    expect((await find(said)).name, said).toBe("Silent Harbor Ltd");
  }
});
