import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { proseWriter } from "#agent/prose-writer.ts";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { createLog } from "#log.ts";
import { formatChange, formatMoney } from "#money.ts";
import { loadPrompt } from "#prompts.ts";
import type { ChurnReport } from "#reports/churn-report.ts";
import { narrateChurn } from "#reports/narrative.ts";
import { churnReportFor } from "#tools/churn-report.ts";
import { promptsFolder, scripted } from "../fixtures/ask.ts";
import { type Asked, type ModelServer, modelServer } from "../fixtures/model-server.ts";
import { SAMPLE_DAY, type Sample, sampleCompanyHouse } from "../fixtures/sample.ts";

/*
 * A whole week, told by a model that writes from what it is given. Every figure and day of its text is worked out once more
 * in here: from the database rows that the report names for it, by SQL and arithmetic that share nothing with the report's.
 */

let server: ModelServer;
let sample: Sample;
let report: ChurnReport;
let text: string;
beforeAll(async () => {
  server = await modelServer();
  sample = await sampleCompanyHouse();
  report = await churnReportFor({ window: "last week" }, sample.context);
  server.script((asked) => ({ say: threeParagraphs(asked) }));
  const { database, actor } = sample.context;
  const instructions = loadPrompt(promptsFolder, "churn-narrative", [])({});
  const write = proseWriter(scripted(server.url), createLog("silent"));
  const narrative = await narrateChurn(report, { write, instructions, database, actor });
  expect(narrative.dropped).toEqual([]);
  text = narrative.text ?? "";
});
afterAll(() => server.close());

interface Told {
  window: string;
  netChangeOfMrr: string;
  lost: { customers: number; mrr: string };
  atRisk: { customers: number; mrr: string };
  start: { mrr: string; customers: number };
  end: { mrr: string; customers: number };
  netAgainstEarlierWindows: { againstTheOneBefore: string; meanOfTheOnesBefore: string; windowsBefore: number };
  lostCustomers: {
    name: string;
    mrr: string;
    on: string;
    monthsAsCustomer: number;
    firstSign: { what: string; on: string; daysBefore: number };
  }[];
  accountsAtRisk: {
    name: string;
    mrr: string;
    why: string[];
    nextStep: { title: string; owner: string; dueOn: string };
  }[];
}

/** What a diligent model writes: it copies from what it was sent, and has nothing else. */
function threeParagraphs({ messages }: Asked): string {
  const [, json = ""] = /<report>\n([\s\S]*)\n<\/report>/.exec(messages.at(-1)?.content ?? "") ?? [];
  const told = JSON.parse(json) as Told;
  const { lost, start, end, netAgainstEarlierWindows: before, lostCustomers, accountsAtRisk, atRisk } = told;
  const gone = lostCustomers.map(({ name, mrr, on }) => `${name} with ${mrr} on ${on}`);
  const { name, monthsAsCustomer, firstSign } = lostCustomers[0]!;
  const signs = `${name} had been a customer for ${monthsAsCustomer} months; the first sign, ${firstSign.what}, could be seen on ${firstSign.on}, ${firstSign.daysBefore} days before.`;
  const risks = accountsAtRisk
    .slice(0, 3)
    .map((each) => `${each.name} pays ${each.mrr}; next is “${each.nextStep.title}” by ${each.nextStep.dueOn}.`);
  return [
    `Net MRR changed by ${told.netChangeOfMrr}, from ${start.mrr} of ${start.customers} customers to ${end.mrr} of ${end.customers}. ${lost.customers} customers were lost with ${lost.mrr}: ${gone.join(", ")}.`,
    `${signs} Against the week before the net change is ${before.againstTheOneBefore}; the mean of the ${before.windowsBefore} weeks before was ${before.meanOfTheOnesBefore}.`,
    `At risk are ${atRisk.customers} customers with ${atRisk.mrr}. ${risks.join(" ")}`,
  ].join("\n\n");
}

const read = <T>(work: (rows: Reading) => Promise<T>): Promise<T> =>
  sample.context.database.read(sample.context.actor, work);
const count = z.object({ n: z.number() });
const ids = (rows: readonly string[], table: string): number[] =>
  rows.filter((row) => row.startsWith(`${table}:`)).map((row) => Number(row.slice(table.length + 1)));

const entry = z.object({ account: z.number(), day: z.string(), delta: z.number(), base: z.number() });
type Entry = z.infer<typeof entry>;

/** The whole ledger, oldest first, with the workspace's own days. */
const wholeLedger = (): Promise<Entry[]> =>
  read((rows) =>
    rows.many(
      entry,
      sql`select account_id as account, (effective_at at time zone ${report.zone})::date::text as day, delta_minor as delta, base_delta_minor as base
          from mrr_event where workspace_id = current_workspace() order by effective_at, mrr_event_id`,
    ),
  );

/** What customers pay at the beginning of a day: what is added counts as its row says, what goes takes its share along. */
function worthBefore(day: string, ledger: readonly Entry[]): Map<number, number> {
  const standing = new Map<number, { own: number; base: number }>();
  for (const each of ledger.filter((row) => row.day < day)) {
    const { own, base } = standing.get(each.account) ?? { own: 0, base: 0 };
    const left = own + each.delta;
    const worth = left === 0 ? 0 : each.delta < 0 ? Math.round((base * left) / own) : base + each.base;
    standing.set(each.account, { own: left, base: worth });
  }
  return new Map([...standing].filter(([, { own }]) => own > 0).map(([account, { base }]) => [account, base]));
}
const total = (worth: Map<number, number>): number => [...worth.values()].reduce((sum, each) => sum + each, 0);
const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** Money, days, shares and plain numbers, in the order of the text. */
const figuresIn = (prose: string): string[] =>
  prose.match(/[−+]?\$[\d,]+\.\d{2}|\d{4}-\d{2}-\d{2}|\d+(?:\.\d+)?%|\b\d+(?:\.\d+)?\b/g) ?? [];

test("each number of three paragraphs is found again from the rows that the report names for it", async () => {
  const { window } = report.asked;
  const ledger = await wholeLedger();
  const [atStart, atEnd] = [worthBefore(window.start, ledger), worthBefore(window.end, ledger)];
  const money = (minor: number) => formatMoney(minor, "USD");
  const traced: string[] = [];

  // What moved: the report's own rows are exactly the ledger's rows of the window.
  const inside = await read((rows) =>
    rows.many(
      z.object({ row: z.string() }),
      sql`select 'mrr_event:' || mrr_event_id as row from mrr_event where workspace_id = current_workspace()
            and (effective_at at time zone ${report.zone})::date between ${window.start}::date and ${window.end}::date - 1`,
    ),
  );
  const named = report.movements.flatMap(({ rows }) => rows);
  expect(named.toSorted()).toEqual(inside.map(({ row }) => row).toSorted());
  traced.push(formatChange(total(atEnd) - total(atStart), "USD"));
  traced.push(money(total(atStart)), String(atStart.size), money(total(atEnd)), String(atEnd.size));

  // Who was lost: paid at the start, pays nothing after its last row.
  const gone = [...atStart.keys()].filter((account) => !atEnd.has(account));
  const lostMinor = gone.reduce((sum, account) => sum + atStart.get(account)!, 0);
  traced.push(String(gone.length), money(lostMinor));
  for (const each of report.lost) {
    expect(gone).toContain(each.accountId);
    const [row] = await read((rows) =>
      rows.many(
        entry,
        sql`select account_id as account, (effective_at at time zone ${report.zone})::date::text as day, delta_minor as delta, base_delta_minor as base
            from mrr_event where workspace_id = current_workspace() and mrr_event_id = any(${ids(each.rows, "mrr_event")}::bigint[]) order by effective_at desc limit 1`,
      ),
    );
    expect(row?.account).toBe(each.accountId);
    traced.push(money(atStart.get(each.accountId)!), row!.day);
  }

  // The first of them: its first paid day, and the day after which nobody was in touch for a month.
  const [first] = report.lost;
  const paid = ledger.find(({ account, delta }) => account === first!.accountId && delta > 0)!;
  const months =
    new Date(first!.on).getUTCMonth() -
    new Date(paid.day).getUTCMonth() +
    (Number(first!.on.slice(0, 4)) - Number(paid.day.slice(0, 4))) * 12;
  traced.push(String(paid.day.slice(8) > first!.on.slice(8) ? months - 1 : months));
  const { days } = await read((rows) =>
    rows.one(
      z.object({ days: z.array(z.string()) }),
      sql`select coalesce(jsonb_agg(occurred_at::date::text order by occurred_at), '[]') as days from interaction where workspace_id = current_workspace()
            and account_id = ${first!.accountId} and occurred_at < ${first!.on}::date`,
    ),
  );
  expect(first!.firstSign?.what).toBe("no contact for 30 days");
  const since = plusDays(first!.firstSign!.on, -31);
  expect(days).toContain(since); // the last contact
  expect(days.filter((day) => day > since && day < first!.firstSign!.on)).toEqual([]);
  traced.push(
    "30",
    plusDays(since, 31),
    String((Date.parse(first!.on) - Date.parse(plusDays(since, 31))) / 86_400_000),
  );

  // The weeks before, each from the ledger.
  const changeOf = (monday: string) =>
    total(worthBefore(plusDays(monday, 7), ledger)) - total(worthBefore(monday, ledger));
  const earlier = Array.from({ length: 12 }, (_, at) => changeOf(plusDays(window.start, -7 * (at + 1))));
  traced.push(formatChange(changeOf(window.start) - earlier[0]!, "USD"), "12");
  traced.push(formatChange(Math.round(earlier.reduce((sum, each) => sum + each, 0) / 12), "USD"));

  // At risk: paying today, in the two worst bands, not cancelled.
  const today = worthBefore(plusDays(SAMPLE_DAY, 1), ledger);
  const risky = await read((rows) =>
    rows.many(
      z.object({ account: z.number() }),
      sql`select r.account_id as account from account_risk r where r.workspace_id = current_workspace() and r.band in ('high', 'critical')
            and not exists (select from subscription s where s.workspace_id = r.workspace_id and s.account_id = r.account_id
              and s.cancel_on > ${SAMPLE_DAY}::date and s.status in ('active', 'past_due'))`,
    ),
  );
  const atRisk = risky.filter(({ account }) => today.has(account));
  traced.push(String(atRisk.length), money(atRisk.reduce((sum, { account }) => sum + today.get(account)!, 0)));
  for (const each of report.atRisk.slice(0, 3)) {
    expect(atRisk).toContainEqual({ account: each.accountId });
    traced.push(money(today.get(each.accountId)!), each.nextStep!.dueOn);
    expect(each.nextStep!.dueOn >= SAMPLE_DAY && each.nextStep!.dueOn <= plusDays(SAMPLE_DAY, 30)).toBe(true);
  }

  expect(text.split("\n\n")).toHaveLength(3);
  expect(figuresIn(text)).toEqual(traced);
});

test("the reasons of the accounts at risk rest on rows of those accounts, and count them rightly", async () => {
  const tables = new Map<string, number[]>();
  for (const { risk, accountId } of report.atRisk)
    for (const row of risk.reasons.flatMap(({ rows }) => rows)) {
      const [table = "", id = ""] = row.split(":");
      tables.set(`${table}:${accountId}`, [...(tables.get(`${table}:${accountId}`) ?? []), Number(id)]);
    }
  expect(tables.size).toBeGreaterThan(20);
  const known = {
    ticket: sql`select count(*)::int as n from ticket where ticket_id`,
    product_usage: sql`select count(*)::int as n from product_usage where product_usage_id`,
    interaction: sql`select count(*)::int as n from interaction where interaction_id`,
    subscription: sql`select count(*)::int as n from subscription where subscription_id`,
    survey_response: sql`select count(*)::int as n from survey_response where survey_response_id`,
    contact: sql`select count(*)::int as n from contact where contact_id`,
    invoice: sql`select count(*)::int as n from invoice where invoice_id`,
    mrr_event: sql`select count(*)::int as n from mrr_event where mrr_event_id`,
    account: sql`select count(*)::int as n from account where account_id`,
  };
  await read(async (rows) => {
    for (const [key, found] of tables) {
      const [table, account] = key.split(":");
      const unique = [...new Set(found)];
      const { n } = await rows.one(
        count,
        sql`${known[table as keyof typeof known]} = any(${unique}::bigint[]) and workspace_id = current_workspace() and account_id = ${Number(account)}`,
      );
      expect([key, n]).toEqual([key, unique.length]);
    }
    const urgent = report.atRisk.flatMap(({ accountId, risk }) =>
      risk.reasons.filter(({ what }) => /urgent open/.test(what)).map(({ what }) => ({ accountId, what })),
    );
    expect(urgent.length).toBeGreaterThan(0);
    for (const { accountId, what } of urgent) {
      const { n } = await rows.one(
        count,
        sql`select count(*)::int as n from ticket where workspace_id = current_workspace() and account_id = ${accountId} and priority = 'urgent'
              and solved_at is null and created_at < ${SAMPLE_DAY}::date + 1`,
      );
      expect(what).toBe(`${n} urgent open`);
    }
  });
});
