import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { refreshFacts } from "#accounts/facts.ts";
import { countingOf } from "#accounts/movements.ts";
import type { DescribedMove } from "#accounts/movements-listed.ts";
import { sql } from "#database/sql.ts";
import type { Incoming, RecordKind, RecordOf } from "#intake/records.ts";
import { createWriter } from "#intake/write.ts";
import { churnCsv } from "#reports/churn-csv.ts";
import { sayChurnReport } from "#reports/say-churn-report.ts";
import { keepVersion } from "#reports/versions.ts";
import { allMovements } from "#reports/window-movements.ts";
import { modelNamed, readLifecycle } from "#stages/knowledge.ts";
import { churnReportTool } from "#tools/churn-report.ts";
import type { ToolContext } from "#tools/define-tool.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { knowledgeFolder, SAMPLE_DAY, sampleCompanyHouse } from "../fixtures/sample.ts";

beforeAll(sampleCompanyHouse); // built once, if anything it is made of has changed

const TODAY = "2026-11-22"; // a Sunday: the last week is that of the 9th
const rec = <K extends RecordKind>(kind: K, record: RecordOf<K>): Incoming => ({ kind, record }) as Incoming;
const account = (id: string, more: Partial<RecordOf<"account">> = {}) =>
  rec("account", { id, name: id, createdOn: "2025-01-01", ...more });
const event = (id: string, of: string, on: string, deltaMinor: number, more: Partial<RecordOf<"mrr_event">> = {}) =>
  rec("mrr_event", { id, account: of, at: `${on}T10:00:00Z`, deltaMinor, currency: "USD", reason: "change", ...more });

/** A company with the given rows, as a tool sees it; `more` brings rows later. */
async function companyOf(rows: Incoming[]) {
  const place = await freshWorkspace();
  const lifecycle = readLifecycle(knowledgeFolder);
  const model = modelNamed(lifecycle, "experience-six");
  const knowledge = { ...lifecycle, model } as unknown as ToolContext["knowledge"]; // no embedder: nothing is searched
  const context: ToolContext = { ...place, today: TODAY, zone: "UTC", baseCurrency: "USD", knowledge };
  const more = async (batch: Incoming[]) => {
    const result = await createWriter({
      ...place,
      source: "billing",
      today: TODAY,
      syncedAt: `${TODAY}T08:00:00Z`,
    }).write(batch);
    await refreshFacts(place.database, place.actor, TODAY);
    return result;
  };
  await more(rows);
  return {
    ...place,
    more,
    report: (window: string, filter: object = {}) => churnReportTool.run({ window, ...filter }, context),
  };
}

const subscription = (id: string, of: string, more: Partial<RecordOf<"subscription">> = {}) =>
  rec("subscription", { id, account: of, mrrMinor: 10_000, currency: "USD", startedOn: "2026-01-01", ...more });

describe("the report of a week", () => {
  test("says who was lost, why, since when they had paid and what could be seen first", async () => {
    const { report } = await companyOf([
      account("Acme"),
      account("Globex"),
      subscription("s1", "Acme", {
        endedOn: "2026-11-12",
        cancelReason: "price",
        cancelKind: "voluntary",
        status: "ended",
      }),
      subscription("s2", "Globex", { mrrMinor: 5_000 }),
      rec("ticket", {
        id: "t",
        account: "Acme",
        priority: "urgent",
        createdAt: "2026-10-20T09:00:00Z",
        subject: "down",
      }),
      rec("survey", { id: "n", account: "Acme", kind: "nps", score: 3, on: "2026-09-30" }),
      rec("survey", { id: "old", account: "Acme", kind: "nps", score: 1, on: "2026-05-01" }),
    ]);
    const found = await report("last week");
    expect(found.lost).toMatchObject([
      {
        name: "Acme",
        amountMinor: -10_000,
        on: "2026-11-12",
        reason: "price",
        kind: "voluntary",
        tenureMonths: 10,
        firstSign: { what: "NPS answer of 3", on: "2026-09-30", daysBefore: 43 },
        rows: [expect.stringMatching(/^mrr_event:/), expect.stringMatching(/^subscription:/)],
      },
    ]);
    expect(found.headline).toMatchObject({ netMinor: -10_000, lostMinor: 10_000, lostCustomers: 1 });
    expect(found.rollForward).toMatchObject({
      startMinor: 15_000,
      startCustomers: 2,
      endMinor: 5_000,
      endCustomers: 1,
      addsUp: true,
    });
    expect(churnReportTool.say(found)).toContain("1 customer lost with $100.00");
    expect(churnReportTool.say(found)).toContain("logo churn 1 of 2");
  });

  test("keeps customers that came and went apart, and a churn that was taken back is none", async () => {
    const { report } = await companyOf([
      account("Flash"),
      account("Wavering"),
      event("a", "Flash", "2026-11-09", 7_000),
      event("b", "Flash", "2026-11-13", -7_000),
      event("c", "Wavering", "2026-10-01", 9_000),
      event("d", "Wavering", "2026-11-10", -9_000),
      event("e", "Wavering", "2026-11-14", 8_000),
    ]);
    const { rollForward, lost, contractions } = await report("last week");
    expect(lost).toEqual([]);
    expect(contractions).toMatchObject([{ name: "Wavering", amountMinor: -1_000 }]);
    expect(rollForward.lines.filter(({ customers }) => customers > 0)).toEqual([
      { kind: "contraction", amountMinor: -1_000, customers: 1 },
      { kind: "flash", amountMinor: 0, customers: 1 },
    ]);
    expect(rollForward).toMatchObject({ startMinor: 9_000, endMinor: 8_000, addsUp: true });
  });

  test("lists who has cancelled and not left yet, what renews and who was saved", async () => {
    const { report } = await companyOf([
      account("Leaving"),
      account("Renewing"),
      account("Late"),
      subscription("s1", "Leaving", {
        cancelledOn: "2026-11-01",
        cancelOn: "2026-12-31",
        cancelReason: "our own words",
        renewsOn: null,
      }),
      subscription("s2", "Renewing", { renewsOn: "2027-01-10", mrrMinor: 20_000 }),
      subscription("s3", "Late", { mrrMinor: 3_000 }),
      rec("invoice", {
        id: "i",
        account: "Late",
        status: "paid",
        dueMinor: 100,
        paidMinor: 100,
        currency: "USD",
        issuedOn: "2026-10-01",
        dueOn: "2026-10-14",
        paidOn: "2026-11-11",
      }),
    ]);
    const found = await report("last week");
    expect(found.cancelled).toMatchObject([
      { name: "Leaving", endsOn: "2026-12-31", amountMinor: 10_000, reasonShared: false },
    ]);
    expect(found.renewals).toMatchObject([
      { name: "Renewing", renewsOn: "2027-01-10", within: 60, amountMinor: 20_000 },
    ]);
    expect(found.saves).toMatchObject([
      { name: "Late", amountMinor: 3_000, rows: [expect.stringMatching(/^invoice:/)] },
    ]);
  });

  test("has no rate where nobody paid at the start, and says why", async () => {
    const { report } = await companyOf([account("First"), event("a", "First", "2026-11-10", 5_000)]);
    const { figures, rollForward } = await report("last week");
    expect(figures.grr).toMatchObject({ value: null, because: "MRR at the start is 0" });
    expect(figures.logoChurn).toMatchObject({ value: null, because: "there are no customers at the start" });
    expect(rollForward).toMatchObject({ startMinor: 0, endMinor: 5_000, addsUp: true });
  });
});

test("a list stops at a hundred and says how many are not on it; the sums and the CSV hold them all", async () => {
  const ids = Array.from({ length: 510 }, (_, at) => `Customer ${String(at).padStart(3, "0")}`);
  const { report, database, actor } = await companyOf([
    ...ids.map((id) => account(id)),
    ...ids.map((id, at) =>
      subscription(id, id, { startedOn: "2026-03-01", mrrMinor: 1_000 + at, renewsOn: "2026-12-01" }),
    ),
    ...ids.map((id, at) => event(`start ${id}`, id, "2026-03-01", 1_000 + at)),
    ...ids.slice(0, 104).map((id, at) => event(`gone ${id}`, id, "2026-11-12", -1_000 - at)),
    ...ids.slice(104).map((id) => event(`up ${id}`, id, "2026-11-12", 2_000)),
  ]);
  const found = await report("last week");
  expect(found.left).toEqual({ lost: 4, expansions: 306, movements: 10, renewals: 306 });
  expect(found.lost).toHaveLength(100);
  expect(found.lost.slice(0, 2).map(({ name, amountMinor }) => [name, amountMinor])).toEqual([
    ["Customer 103", -1_103],
    ["Customer 102", -1_102],
  ]);
  expect(found.headline).toMatchObject({ lostCustomers: 104, lostMinor: 104 * 1_000 + (103 * 104) / 2 });
  expect(found.expansions.slice(0, 2).map(({ name }) => name)).toEqual(["Customer 104", "Customer 105"]);
  expect(found.renewalsDue).toMatchObject([{ within: 30, customers: 406 }]);
  expect(sayChurnReport(found)).toContain("Renewals from 2026-11-22: 406 in 30 days");
  const all = await database.read(actor, async (rows) => {
    const pages: DescribedMove[][] = [];
    const counted = { counting: await countingOf(rows), filter: {} };
    for await (const page of allMovements(rows, found.asked.window, counted)) pages.push(page);
    return pages.flat();
  });
  expect(all).toHaveLength(510);
  expect(all.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(found.headline.netMinor);
});

describe("what the data cannot tell", () => {
  test("is said: ledger against subscriptions, churn records against the ledger, missing rates", async () => {
    const company = await companyOf([
      account("Acme", { crmStage: "Churned" }),
      subscription("s1", "Acme"),
      event("a", "Acme", "2026-02-01", 8_000),
      rec("churn", { id: "c", account: "Acme", on: "2026-11-11", reason: "price", reactivation: false }),
    ]);
    const { doubts } = await company.report("last week");
    expect(doubts).toEqual(
      expect.arrayContaining([
        "Ledger and subscriptions disagree on 1 account; the report follows the ledger: Acme (ledger $80.00, subscriptions $100.00).",
        "Churn records of the window name 1 account, the ledger 0. Not lost by the ledger: Acme.",
        "The CRM calls 1 account churned that still pays by the ledger.",
        "No source gives usage data.",
      ]),
    );
    const { refused } = await company.more([event("f", "Acme", "2026-11-10", 500, { currency: "CHF" })]);
    expect(refused[0]?.reason).toContain("there is no exchange rate for CHF");
  });

  test.each([
    ["next week", {}, /in the future/],
    ["2026-11-10 to 2026-11-01", {}, /runs backwards/],
    ["some day", {}, /I do not know the window/],
    ["last week", { team: "EMAE" }, /There is no team “EMAE” here\. Did you mean: EMEA\?/],
    ["last week", { owner: "Nobody Known" }, /There is no account owner “Nobody Known”/],
    ["last week", { segment: "x" }, /No segment is on record here/],
  ])("is asked about again: %s %j", async (window, filter, sentence) => {
    const { report } = await companyOf([
      rec("team", { id: "t", name: "EMEA" }),
      rec("person", { id: "p", name: "June Okafor" }),
      account("Acme"),
    ]);
    await expect(report(window, filter)).rejects.toThrow(sentence);
  });
});

describe("a report that was given out", () => {
  const start = [
    account("Acme"),
    account("Globex"),
    event("a", "Acme", "2026-02-01", 8_000),
    event("g", "Globex", "2026-02-01", 120_000),
  ];

  test("is a new version when somebody is backdated into its window, and says who", async () => {
    const { report, more, database, actor } = await companyOf(start);
    const keep = async () => {
      const found = await report("2026-11-02 to 2026-11-08");
      await database.write(actor, (rows) => keepVersion(rows, actor.workspaceId, found));
      return found;
    };
    expect(await keep()).toMatchObject({ version: 1, changes: [] });
    expect(await keep()).toMatchObject({ version: 1, changes: [] });
    await more([event("gone", "Globex", "2026-11-03", -120_000)]);
    const changes = [
      "Globex churned on 2026-11-03 was added: −$1,200.00",
      "MRR at the end was $1,280.00 and is $80.00",
    ];
    expect(await keep()).toMatchObject({ version: 2, changes });
    expect(await keep()).toMatchObject({ version: 2, changes });
    expect(churnReportTool.say(await report("2026-11-02 to 2026-11-08"))).toContain("Version 2 of this report");
  });

  test("has no versions while its window is not over", async () => {
    const { report, database, actor } = await companyOf(start);
    const found = await report("this week");
    expect(found).toMatchObject({ isPartial: true, version: 1 });
    expect(await database.write(actor, (rows) => keepVersion(rows, actor.workspaceId, found))).toBe(false);
  });
});

test("a channel sees a reason that several customers give, not one that may be a customer's own words", async () => {
  const lost = ["A", "B", "C", "D"].flatMap((name, at) => [
    account(name),
    subscription(`s${name}`, name, {
      status: "ended",
      endedOn: "2026-11-12",
      cancelReason: at < 3 ? "price" : "your support was rude",
    }),
  ]);
  const { report } = await companyOf(lost);
  const { finding, keptOut } = churnReportTool.inChannel!(await report("last week"));
  expect(finding.lost.map(({ reason }) => reason).sort()).toEqual([null, "price", "price", "price"]);
  expect(keptOut).toEqual(["reasons that were written down"]);
  expect(churnCsv(await report("last week"), { forChannel: true })).not.toContain("rude");
});

test("the lines of the CSV add up to the roll-forward, each with its rows", async () => {
  const { context } = await sampleCompanyHouse();
  const report = await churnReportTool.run({ window: "October" }, context);
  const [heading, ...lines] = churnCsv(report)
    .trim()
    .slice(1)
    .split("\r\n")
    .map((line) => line.split(","));
  const sum = (kind: string) =>
    lines
      .filter((cells) => cells[heading!.indexOf("movement")] === kind)
      .reduce((all, cells) => all + Math.round(Number(cells[heading!.indexOf("amount")]) * 100), 0);
  for (const { kind, amountMinor } of report.rollForward.lines)
    if (kind !== "exchange") expect([kind, sum(kind)]).toEqual([kind, amountMinor]);
  expect(lines.every((cells) => /mrr_event:\d+/.test(cells.at(-1)!))).toBe(true);
});

test("the reports of all teams add up to the report of the company", async () => {
  const { context, database } = await sampleCompanyHouse();
  const teams = await database.read(context.actor, (rows) =>
    rows.many(z.object({ name: z.string() }), sql`select name from team`),
  );
  const whole = await churnReportTool.run({ window: "last month" }, context);
  let [start, lost] = [0, 0];
  for (const { name } of teams) {
    const part = await churnReportTool.run({ window: "last month", team: name }, context);
    expect(part.rollForward.addsUp).toBe(true);
    start += part.rollForward.startMinor;
    lost += part.headline.lostMinor;
  }
  expect([start, lost]).toEqual([whole.rollForward.startMinor, whole.headline.lostMinor]);
});

/** The roll-forward worked out by SQL alone: each account's MRR from row to row, then what it was at both ends. */
const bySql = (from: string, to: string, zone: string) => sql`
  with recursive entry as (
    select account_id, row_number() over (partition by account_id order by effective_at, mrr_event_id) as n, effective_at as at, delta_minor as d, base_delta_minor as b from mrr_event),
  balance as (
    select account_id, n, at, d as minor, b as base from entry where n = 1
    union all
    select e.account_id, e.n, e.at, p.minor + e.d,
      -- What goes takes its share of what had been counted, so that rates alone make no movement.
      case when p.minor + e.d = 0 then 0 when e.d < 0 and p.minor + e.d > 0 then round(p.base::numeric * (p.minor + e.d) / p.minor)::bigint else p.base + e.b end
    from balance p join entry e on e.account_id = p.account_id and e.n = p.n + 1),
  ends as (
    select account_id, coalesce((array_agg(base order by n desc) filter (where at < ${from}::timestamp at time zone ${zone}))[1], 0) as s,
      coalesce((array_agg(base order by n desc) filter (where at < ${to}::timestamp at time zone ${zone}))[1], 0) as e,
      coalesce(bool_or(minor > 0) filter (where at < ${from}::timestamp at time zone ${zone}), false) as before
    from balance group by account_id)
  select sum(s)::bigint as "startMinor", sum(e)::bigint as "endMinor", (count(*) filter (where s > 0))::int as "startCustomers", (count(*) filter (where e > 0))::int as "endCustomers",
    coalesce(sum(e) filter (where s = 0 and not before), 0)::bigint as new, coalesce(sum(e) filter (where s = 0 and before), 0)::bigint as reactivation,
    coalesce(sum(e - s) filter (where s > 0 and e > s), 0)::bigint as expansion, coalesce(sum(e - s) filter (where s > e and e > 0), 0)::bigint as contraction,
    coalesce(sum(-s) filter (where s > 0 and e = 0), 0)::bigint as churn
  from ends`;

test.each([
  ["last week", "2026-11-09", "2026-11-16"],
  ["October", "2026-10-01", "2026-11-01"],
  ["Q3 2026", "2026-07-01", "2026-10-01"],
  ["2026-10-03 to 2026-10-20", "2026-10-03", "2026-10-21"],
])("the roll-forward of the sample company is what SQL over its ledger says: %s", async (window, from, to) => {
  const { context, database } = await sampleCompanyHouse();
  expect(context.today).toBe(SAMPLE_DAY);
  const { rollForward } = await churnReportTool.run({ window }, context);
  const { lines, addsUp, ...ends } = rollForward;
  const byKind = Object.fromEntries(lines.map(({ kind, amountMinor }) => [kind, amountMinor]));
  const found = await database.read(context.actor, (rows) =>
    rows.one(z.record(z.string(), z.number()), bySql(from, to, context.zone)),
  );
  expect({ ...ends, ...byKind }).toEqual(found);
  expect(addsUp).toBe(true);
});
