import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { countingOf, type GroupFilter, ledgersOf } from "#accounts/movements.ts";
import { type DescribedMove, lostIn } from "#accounts/movements-listed.ts";
import type { Counted } from "#accounts/movements-window.ts";
import type { Counting } from "#accounts/rollup-weeks.ts";
import { fillRollups, rebuildRollups } from "#accounts/rollups.ts";
import { checkRollups } from "#accounts/rollups-check.ts";
import { weekSums } from "#accounts/rollups-read.ts";
import type { Actor } from "#actor.ts";
import type { Database, Reading } from "#database/door.ts";
import { name, sql } from "#database/sql.ts";
import type { Incoming, RecordKind, RecordOf } from "#intake/records.ts";
import { createWriter } from "#intake/write.ts";
import { addDays } from "#lifecycle/days.ts";
import { windowSums } from "#metrics/churn.ts";
import type { Window } from "#metrics/figure.ts";
import { mrrMovements } from "#metrics/mrr-movements.ts";
import { rollForward } from "#metrics/roll-forward.ts";
import { allMovements } from "#reports/window-movements.ts";
import { levelOf, windowFigures, windowNumbers } from "#reports/window-numbers.ts";
import { keepStageWeek, stageWeeksFrom } from "#stages/weeks.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { sampleCompanyHouse } from "../fixtures/sample.ts";

type Place = { database: Database; actor: Actor };
const rec = <K extends RecordKind>(kind: K, record: RecordOf<K>): Incoming => ({ kind, record }) as Incoming;
const account = (id: string, more: Partial<RecordOf<"account">> = {}) =>
  rec("account", { id, name: `Customer ${id}`, createdOn: "2025-01-01", ...more });
const event = (id: string, of: string, at: string, deltaMinor: number, currency = "USD") =>
  rec("mrr_event", { id, account: of, at, deltaMinor, currency, reason: "change" });
const writerOf = (place: Place) =>
  createWriter({ ...place, source: "billing", today: "2026-11-22", syncedAt: "2026-11-22T08:00:00Z" });
const EVER = { from: "2020-01-01", before: "2027-01-01" };
const sumsOf = (place: Place, filter: GroupFilter = {}) =>
  place.database.read(place.actor, (rows) => weekSums(rows, EVER, filter));
const checkOf = (place: Place) => place.database.read(place.actor, checkRollups);
const MONDAY = "2026-11-02";

describe("the weeks of the ledger", () => {
  test("are counted while rows come in, and each kind of movement stands in the week of its day", async () => {
    const place = await freshWorkspace({ zone: "Europe/Berlin" });
    await writerOf(place).write([
      account("1"),
      account("2"),
      event("a", "1", "2026-11-02T10:00:00Z", 10_000),
      event("b", "1", "2026-11-11T10:00:00Z", -2_500),
      event("c", "2", "2026-11-08T22:59:00Z", 5_000), // Sunday in Berlin
      event("d", "2", "2026-11-15T23:30:00Z", -5_000), // Monday the 16th in Berlin
    ]);
    expect(await sumsOf(place)).toMatchObject([
      { week: MONDAY, newMinor: 15_000, newCustomers: 2, deltaMinor: 15_000, ledgerRows: 2 },
      { week: "2026-11-09", contractionMinor: -2_500, contractionCustomers: 1 },
      { week: "2026-11-16", churnMinor: -5_000, churnCustomers: 1, customersDelta: -1 },
    ]);
  });

  test("follow a row that comes late, one that comes twice and one that is corrected", async () => {
    const place = await freshWorkspace();
    const writer = writerOf(place);
    await writer.write([account("1"), event("new", "1", "2026-11-02T10:00:00Z", 10_000)]);
    await writer.write([event("gone", "1", "2026-11-17T10:00:00Z", -10_000)]);
    await writer.write([event("more", "1", "2026-11-10T10:00:00Z", 2_000)]);
    await writer.write([event("gone", "1", "2026-11-17T10:00:00Z", -12_000)]);
    await writer.write([event("more", "1", "2026-11-10T10:00:00Z", 2_000)]);
    expect(await sumsOf(place)).toMatchObject([
      { week: MONDAY, newMinor: 10_000 },
      { week: "2026-11-09", expansionMinor: 2_000 },
      { week: "2026-11-16", churnMinor: -12_000, deltaMinor: -12_000 },
    ]);
    expect((await checkOf(place)).differences).toEqual([]);
  });

  test("go with an account to its new segment, and with its plan", async () => {
    const place = await freshWorkspace();
    const writer = writerOf(place);
    await writer.write([account("1", { segment: "startup" }), event("new", "1", "2026-11-02T10:00:00Z", 10_000)]);
    await writer.write([account("1", { segment: "enterprise", plan: "Business" })]);
    const of = (filter: GroupFilter) => sumsOf(place, filter);
    expect(levelOf(await of({ segment: "startup" }))).toEqual({ minor: 0, customers: 0 });
    expect(levelOf(await of({ segment: "enterprise" }))).toEqual({ minor: 10_000, customers: 1 });
    expect(levelOf(await of({ plan: "Business", segment: "enterprise" }))).toEqual({ minor: 10_000, customers: 1 });
    expect((await checkOf(place)).differences).toEqual([]);
  });

  test("that somebody has tampered with are found by the check, and put right by a rebuild", async () => {
    const place = await freshWorkspace();
    await writerOf(place).write([account("1"), event("new", "1", "2026-11-02T10:00:00Z", 10_000)]);
    await place.database.write(place.actor, async (rows) => {
      await rows.run(sql`update account_week set end_minor = 9999`);
      await rows.run(sql`update mrr_week set churn_minor = -5 where cut = 'segment'`);
    });
    const { differences } = await checkOf(place);
    expect(differences.map(({ where, week, says }) => [where, week, says])).toEqual(
      expect.arrayContaining([
        [expect.stringMatching(/^account:\d+$/), MONDAY, "endMinor: 9999 in the rollup, 10000 by the ledger"],
        ["segment:", MONDAY, "the sum is not that of its accounts"],
        ["all:", MONDAY, "the sum is not that of its accounts"],
      ]),
    );
    expect(await rebuildRollups(place.database, place.actor)).toBe(1);
    expect((await checkOf(place)).differences).toEqual([]);
    expect(levelOf(await sumsOf(place))).toEqual({ minor: 10_000, customers: 1 });
  });

  test("of a database from before months were kept tell the months, until these are filled in", async () => {
    const place = await freshWorkspace();
    const writer = writerOf(place);
    await writer.write([account("1"), event("new", "1", "2026-10-05T10:00:00Z", 10_000)]);
    await place.database.write(place.actor, async (rows) => {
      for (const table of ["mrr_period", "account_period", "period_rollup"])
        await rows.run(sql`delete from ${name(table)}`);
    });
    await writer.write([
      event("more", "1", "2026-10-20T10:00:00Z", 500),
      event("gone", "1", "2026-11-10T10:00:00Z", -10_500),
    ]);
    const october = () =>
      place.database.read(place.actor, async (rows) =>
        windowFigures(
          rows,
          { start: "2026-10-01", end: "2026-11-01" },
          { counting: await countingOf(rows), filter: {} },
        ),
      );
    const before = await october();
    expect(before.sums.lines.new).toEqual({ amountMinor: 10_500, customers: 1 });
    expect(await fillRollups(place.database, place.actor)).toBe(1);
    expect(before).toMatchObject(await october());
    expect(await fillRollups(place.database, place.actor)).toBe(0);
    await place.database.write(place.actor, (rows) =>
      rows.run(sql`update mrr_period set delta_minor = 1 where cut = 'mix'`),
    );
    const { differences } = await checkOf(place);
    expect(differences.map(({ where, week }) => [where, week])).toEqual(
      expect.arrayContaining([
        ["quarter of mix:[null, null, null]", "2026-10-01"],
        ["month of mix:[null, null, null]", "2026-11-01"],
      ]),
    );
  });

  test("of two writers at once are all counted", async () => {
    const place = await freshWorkspace();
    const ids = Array.from({ length: 8 }, (_, at) => String(at));
    await writerOf(place).write(ids.map((id) => account(id)));
    await Promise.all(
      ids.map((id) =>
        writerOf(place).write([
          event(`new ${id}`, id, "2026-11-03T10:00:00Z", 1_000),
          event(`up ${id}`, "0", "2026-11-10T10:00:00Z", 10),
        ]),
      ),
    );
    const sums = await sumsOf(place);
    expect(levelOf(sums)).toEqual({ minor: 8_080, customers: 8 });
    expect((await checkOf(place)).differences).toEqual([]);
  });
});

test("stages are counted for the week of the day, once a week", async () => {
  const { database, workspace, context } = await sampleCompanyHouse();
  const keep = (day: string) =>
    database.write(context.actor, (rows) =>
      keepStageWeek(rows, { workspaceId: workspace.id, model: context.knowledge.model.id, day }),
    );
  await keep("2026-11-18");
  await keep("2026-11-22");
  const found = await database.read(context.actor, (rows) =>
    stageWeeksFrom(rows, context.knowledge.model.id, "2026-11-01"),
  );
  expect([...new Set(found.map(({ week }) => week))]).toEqual(["2026-11-16"]);
  const { accounts } = await database.read(context.actor, (rows) =>
    rows.one(
      z.object({ accounts: z.number() }),
      sql`select count(*)::int as accounts from account where deleted_at is null and merged_into is null`,
    ),
  );
  expect(found.reduce((sum, each) => sum + each.accounts, 0)).toBe(accounts);
});

const change = fc.record({
  of: fc.integer({ min: 0, max: 2 }),
  day: fc.integer({ min: 0, max: 40 }),
  hour: fc.integer({ min: 0, max: 23 }),
  minor: fc.integer({ min: -3, max: 5 }).map((each) => each * 1_000),
  euro: fc.boolean(),
});
/** A ledger never takes a customer below 0: what would is cut at what is there, in the currency it is paid in. */
function possible(changes: z.infer<typeof changeShape>[]) {
  const balances = new Map<string, number>();
  const byTime = changes
    .map((each, at) => ({ ...each, at }))
    .sort((a, b) => a.day - b.day || a.hour - b.hour || a.at - b.at);
  return byTime.flatMap((each) => {
    const key = `${each.of} ${each.euro}`;
    const before = balances.get(key) ?? 0;
    const minor = Math.max(each.minor, -before);
    balances.set(key, before + minor);
    return minor === 0 ? [] : [{ ...each, minor }];
  });
}
const changeShape = z.object({
  of: z.number(),
  day: z.number(),
  hour: z.number(),
  minor: z.number(),
  euro: z.boolean(),
});

/** Groups that cut across each other, so that one filter is a kept sum and two are not. */
const GROUPS: Partial<RecordOf<"account">>[] = [
  { segment: "startup", country: "DE", plan: "Team", industry: "retail" },
  { segment: "startup", country: "FR", plan: "Business", industry: "software" },
  { segment: "enterprise", country: "DE", plan: "Business", industry: "software" },
];
const FILTERS: GroupFilter[] = [
  {},
  { segment: "startup" },
  { countries: ["DE", "FR"] },
  { plan: "Business", segment: "startup" },
  { countries: ["DE"], segment: "startup", plan: "Team" },
  { industry: "software" },
];
const isIn = (filter: GroupFilter, at: number): boolean => {
  const { segment, country, plan, industry } = GROUPS[at]!; // one each
  return (
    (filter.segment ?? segment) === segment &&
    (filter.plan ?? plan) === plan &&
    (filter.industry ?? industry) === industry &&
    (filter.countries?.includes(country!) ?? true)
  );
};

/** By the days after 28 September. */
const OCTOBER = { first: 3, length: 31 };
const OCTOBER_SO_FAR = { first: 3, length: 20 };
const FOURTH_QUARTER = { first: 3, length: 92 };

const lostRow = z.object({ id: z.number() });

/** A window's numbers and movements, from the kept sums and weeks; its figures alone and its lost accounts say the same. */
async function byRollups(rows: Reading, window: Window, counted: Counted) {
  const { byLedger, ...numbers } = await windowNumbers(rows, window, counted);
  const { opening, closing, sums, fx, flashCustomers, wrong } = numbers;
  const lost = await rows.many(
    lostRow,
    sql`with ${lostIn({ window, counted, byLedger })} select account_id as id from lost order by 1`,
  );
  expect(await windowFigures(rows, window, counted)).toMatchObject(numbers);
  const movements: DescribedMove[] = [];
  for await (const page of allMovements(rows, window, counted)) movements.push(...page);
  const churned = movements.filter(({ kind }) => kind === "churn").map(({ accountId }) => accountId);
  expect(lost.map(({ id }) => id)).toEqual(churned.sort((a, b) => a - b));
  return {
    ...{ opening, closing, fx, flashCustomers, wrong },
    sums,
    movements: movements
      .map(({ accountId, kind, amountMinor, rows: refs }) => ({ accountId, kind, amountMinor, rows: refs.length }))
      .sort((a, b) => a.accountId - b.accountId),
  };
}

/** The same from the whole ledgers of the accounts, row by row. */
async function byLedger(rows: Reading, window: Window, { counting, ids }: { counting: Counting; ids: number[] }) {
  const { zone, base } = counting;
  const whole = mrrMovements({ rows: await ledgersOf(rows, ids, zone), window, zone, base });
  const paying = (key: "startMinor" | "endMinor") => whole.customers.filter((each) => each[key] > 0).length;
  const told = rollForward(whole);
  return {
    opening: { minor: whole.openingMinor, customers: paying("startMinor") },
    closing: { minor: whole.closingMinor, customers: paying("endMinor") },
    fx: { amountMinor: told.fxMinor, customers: whole.fx.length },
    flashCustomers: whole.flash.length,
    wrong: told.wrong,
    sums: windowSums(whole),
    movements: whole.movements.map(({ accountId, kind, amountMinor, rows: refs }) => ({
      ...{ accountId, kind, amountMinor },
      rows: refs.length,
    })),
  };
}

test("random ledgers, late, twice and in two currencies: any window of any accounts is from the weeks what it is from the ledger", async () => {
  const rates = Array.from({ length: 50 }, (_, at) =>
    rec("exchange_rate", {
      id: `r${at}`,
      currency: "EUR",
      day: addDays("2026-09-20", at),
      rate: 1 + ((at * 7) % 13) / 100,
    }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 14 }),
      fc.array(fc.record({ first: fc.integer({ min: 0, max: 38 }), length: fc.integer({ min: 1, max: 20 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.constantFrom(...FILTERS),
      fc.integer(),
      async (changes, spans, filter, seed) => {
        const place = await freshWorkspace({ zone: "America/New_York" });
        const writer = writerOf(place);
        await writer.write([...rates, ...GROUPS.map((groups, at) => account(String(at), groups))]);
        const events = possible(changes).map((each, at) =>
          event(
            `e${at}`,
            String(each.of),
            `${addDays("2026-09-28", each.day)}T${String(each.hour).padStart(2, "0")}:${String(each.at).padStart(2, "0")}:00Z`,
            each.minor,
            each.euro ? "EUR" : "USD",
          ),
        );
        const shuffled = events
          .map((each, at) => ({ each, key: Math.sin(seed + at) }))
          .sort((a, b) => a.key - b.key)
          .map(({ each }) => each);
        for (let at = 0; at < shuffled.length; at += 4)
          await writer.write([...shuffled.slice(at, at + 4), ...shuffled.slice(0, 1)]);
        expect((await checkOf(place)).differences).toEqual([]);
        const windows = [{ first: 7, length: 7 }, OCTOBER, OCTOBER_SO_FAR, FOURTH_QUARTER, ...spans].map(
          ({ first, length }) => ({
            start: addDays("2026-09-28", first),
            end: addDays("2026-09-28", first + length),
          }),
        );
        await place.database.read(place.actor, async (rows) => {
          const counting = await countingOf(rows);
          const named = await rows.many(nameRow, sql`select account_id as id, name from account`);
          const ids = named.filter((each) => isIn(filter, Number(each.name.slice(-1)))).map(({ id }) => id);
          for (const window of windows) {
            const found = await byRollups(rows, window, { counting, filter });
            expect([window, found]).toEqual([window, await byLedger(rows, window, { counting, ids })]);
            expect(found.wrong).toBeNull();
            expect(new Set(found.movements.map(({ accountId }) => accountId)).size).toBe(found.movements.length);
            expect(found.sums.keptMinor).toBeLessThanOrEqual(found.sums.startMinor);
          }
        });
      },
    ),
    { numRuns: 25 },
  );
});

const nameRow = z.object({ id: z.number(), name: z.string() });
