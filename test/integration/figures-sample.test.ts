import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { runTool } from "#agent/run-tool.ts";
import { type Sql, sql } from "#database/sql.ts";
import { createLog } from "#log.ts";
import { definitionOf } from "#tools/definitions.ts";
import { METRIC_NAMES } from "#tools/figures-of.ts";
import { tools } from "#tools/index.ts";
import { callTool } from "../fixtures/figures.ts";
import { type Sample, sampleCompanyHouse } from "../fixtures/sample.ts";

let sample: Sample;
beforeAll(async () => {
  sample = await sampleCompanyHouse();
});

const call = (name: string, input: unknown) => callTool(sample.context, name, input);
const byHand = <T extends z.ZodType>(row: T, query: Sql) =>
  sample.database.read(sample.context.actor, (rows) => rows.one(row, query));

// By hand the deltas are summed at the rates of their days; the metrics value the rest of a contract in another currency at
// the rate that it was agreed at. Accounts and amounts in the base currency are the same to the cent (figures-made.test.ts).
const RATES = 0.002;

/** What each account paid just before two days of the sample's zone, written without the project's own metrics. */
const ends = (from: string, to: string): Sql => sql`(
  select account_id,
    coalesce(sum(base_delta_minor) filter (where effective_at < ${from}::timestamp at time zone 'America/New_York'), 0) as before,
    coalesce(sum(base_delta_minor) filter (where effective_at < ${to}::timestamp at time zone 'America/New_York'), 0) as after,
    coalesce(sum(delta_minor) filter (where effective_at < ${from}::timestamp at time zone 'America/New_York'), 0) as own_before,
    coalesce(sum(delta_minor) filter (where effective_at < ${to}::timestamp at time zone 'America/New_York'), 0) as own_after
  from mrr_event group by 1)`;

test("NRR, GRR and logo churn of two quarters are those of the ledger", async () => {
  const { found, words } = await call("compare_figures", {
    metrics: ["nrr", "grr", "logo_churn"],
    windows: ["Q2", "Q3"],
  });
  for (const [at, [from, to]] of [
    ["2026-04-01", "2026-07-01"],
    ["2026-07-01", "2026-10-01"],
  ].entries()) {
    const hand = await byHand(
      z.object({ start: z.number(), ended: z.number(), kept: z.number(), lost: z.number(), n: z.number() }),
      sql`select sum(before)::bigint as start, sum(case when own_after = 0 then 0 else after end)::bigint as ended,
            sum(case when own_after = 0 then 0 else least(before, after) end)::bigint as kept,
            (count(*) filter (where own_after = 0))::int as lost, count(*)::int as n from ${ends(from!, to!)} e where own_before > 0`,
    );
    const [nrr, grr, logo] = found.lines.map(({ figures }: { figures: unknown[] }) => figures[at]);
    expect(nrr.n).toBe(hand.n);
    expect(Math.abs(nrr.of.whole / hand.start - 1)).toBeLessThan(RATES);
    expect(Math.abs(nrr.value - hand.ended / hand.start)).toBeLessThan(RATES);
    expect(Math.abs(grr.value - hand.kept / hand.start)).toBeLessThan(RATES);
    expect(logo.of).toEqual({ part: hand.lost, whole: hand.n });
  }
  expect(words).toMatch(
    /NRR = Σ end \/ Σ start.*Window: Q2 2026: 2026-04-01 to 2026-06-30, days of America\/New_York, all accounts/s,
  );
});

test("the movements that explain a month come largest first, and add up to its change", async () => {
  const { found, words } = await call("why_mrr_changed", { window: "October", direction: "fell", limit: 50 });
  const { change } = await byHand(
    z.object({ change: z.number() }),
    sql`select sum(base_delta_minor)::bigint as change from mrr_event
        where effective_at >= '2026-10-01'::timestamp at time zone 'America/New_York' and effective_at < '2026-11-01'::timestamp at time zone 'America/New_York'`,
  );
  const sizes = found.explained.map(({ amountMinor }: { amountMinor: number }) => Math.abs(amountMinor));
  const told = found.explained.reduce((sum: number, { amountMinor }: { amountMinor: number }) => sum + amountMinor, 0);
  expect(sizes).toEqual(sizes.toSorted((a: number, b: number) => b - a));
  expect(told + found.rest.amountMinor + found.rollForward.fxMinor).toBe(found.netMinor);
  // Of what left in another currency, the ledger keeps what rates did meanwhile: cents.
  expect(Math.abs(found.netMinor - change)).toBeLessThan(Math.abs(change) / 100);
  expect(found.explained.every(({ rows }: { rows: unknown[] }) => rows.length > 0)).toBe(true);
  expect(words).toMatch(/^MRR did not fall in October 2026\. MRR rose/);
});

test("the January cohort keeps as many customers as the ledger says, and what is not over is marked", async () => {
  const { found, words } = await call("cohort_retention", { cohort: "January" });
  const hand = await byHand(
    z.object({ members: z.number(), left: z.number() }),
    sql`with first as (select account_id, min(effective_at) as at from mrr_event where delta_minor > 0 group by 1)
        select count(*)::int as members, (count(*) filter (where (select sum(e.delta_minor) from mrr_event e where e.account_id = first.account_id
            and e.effective_at < '2026-11-01'::timestamp at time zone 'America/New_York') > 0))::int as left
        from first where at >= '2026-01-01'::timestamp at time zone 'America/New_York' and at < '2026-02-01'::timestamp at time zone 'America/New_York'`,
  );
  const [cohort] = found.table.cohorts;
  expect(found.table.cohorts).toHaveLength(1);
  expect(cohort.customers).toBe(hand.members);
  expect(cohort.cells.at(9)).toMatchObject({ offset: 9, partial: false, customers: hand.left });
  expect(cohort.cells.at(-1)).toMatchObject({ start: "2026-11-01", partial: true });
  expect(words).toContain("month 10 * (November 2026)");
});

test("NPS by segment counts each person's last answer of the window", async () => {
  const { found } = await call("scores", { score: "nps", window: "last quarter", group_by: "segment" });
  const hand = await byHand(
    z.object({ n: z.number(), up: z.number(), down: z.number() }),
    sql`with last as (select distinct on (coalesce('c' || contact_id, 'a' || account_id)) score, segment from survey_response join account using (workspace_id, account_id)
          where kind = 'nps' and responded_on >= '2026-07-01' and responded_on < '2026-10-01'
          order by coalesce('c' || contact_id, 'a' || account_id), responded_on desc, survey_response_id desc)
        select count(*)::int as n, (count(*) filter (where score >= 9))::int as up, (count(*) filter (where score <= 6))::int as down from last where segment = 'enterprise'`,
  );
  const line = found.groups.find(({ group }: { group: string }) => group === "enterprise");
  expect(line.camps).toEqual({ promoters: hand.up, passives: hand.n - hand.up - hand.down, detractors: hand.down });
  expect(line.figure.value).toBeCloseTo((100 * (hand.up - hand.down)) / hand.n, 6);
  expect(found.groups.reduce((sum: number, { figure }: { figure: { n: number } }) => sum + figure.n, 0)).toBe(
    found.whole.figure.n,
  );
});

test("CSAT of support is that of the tickets, and says how many were rated", async () => {
  const { found, words } = await call("scores", { score: "support_csat", window: "last quarter" });
  const hand = await byHand(
    z.object({ tickets: z.number(), rated: z.number(), good: z.number() }),
    sql`select count(*)::int as tickets, count(csat)::int as rated, (count(*) filter (where csat >= 4))::int as good from ticket
        where (created_at at time zone 'America/New_York')::date between '2026-07-01' and '2026-09-30'`,
  );
  expect(found.whole.figure.of).toEqual({ part: hand.good, whole: hand.rated });
  expect(words).toContain(`${hand.rated} of ${hand.tickets} tickets were rated`);
});

test("what customers wrote in a survey is told in private and kept out of a channel", async () => {
  const log = createLog("silent");
  const given = { score: "nps", comments: true };
  const inPrivate = await runTool(tools, "scores", given, sample.context, log);
  const channel = { ...sample.context, actor: { ...sample.context.actor, audience: "channel" as const } };
  const inChannel = await runTool(tools, "scores", given, channel, log);
  expect(inPrivate.words).toMatch(/> .+: “.+”/);
  expect(inChannel.words).not.toContain("“");
  expect(inChannel.keptOut).toEqual(["comments of surveys"]);
  const map = await runTool(tools, "lifecycle_map", {}, channel, log);
  expect(map.words).not.toContain("“");
});

test("if five accounts leave instead of renewing, the window ends with exactly their MRR less", async () => {
  const { found: due } = await call("renewals", { limit: 5 });
  const five = due.accounts.map(({ id }: { id: number }) => `#${id}`);
  const { found, words } = await call("what_if", { accounts: five, suppose: "renew" });
  const together = found.accounts.reduce((sum: number, { mrrMinor }: { mrrMinor: number }) => sum + mrrMinor, 0);
  expect(found.accounts).toHaveLength(5);
  expect(found.differenceMinor).toBe(together);
  expect(
    found.outcomes.every(({ rollForward }: { rollForward: { wrong: string | null } }) => rollForward.wrong === null),
  ).toBe(true);
  expect(words).toContain("A supposition, no forecast");
});

test("average revenue per account is the MRR of the ledger over the accounts that pay", async () => {
  const { found } = await call("compare_figures", { metrics: ["arpa", "mrr", "customers"], windows: ["today"] });
  const { found: paying } = await call("portfolio", { filters: { paying: true } });
  const { mrr: hand } = await byHand(
    z.object({ mrr: z.number() }),
    sql`with own as (select account_id, sum(delta_minor) as minor, sum(base_delta_minor) as base from mrr_event group by 1) select sum(base)::bigint as mrr from own where minor > 0`,
  );
  const [arpa, mrr, customers] = found.lines.map(({ figures }: { figures: { value: number }[] }) => figures[0]!.value);
  expect(customers).toBe(paying.count);
  expect(Math.abs(mrr! / hand - 1)).toBeLessThan(RATES);
  expect(arpa).toBeCloseTo(mrr! / customers!, 6);
});

test("lifetime value hides where too few customers speak for it, and tells why", async () => {
  const clv = { metrics: ["clv"], windows: ["last 12 months"] };
  const { found } = await call("compare_figures", clv);
  const few = await call("compare_figures", {
    ...clv,
    windows: ["last week"],
    filters: { plan: ["Enterprise"], segment: ["startup"] },
  });
  expect(found.lines[0].figures[0].value).toBeGreaterThan(0);
  expect(few.found.lines[0].figures[0].value).toBeNull();
  expect(few.words).toMatch(/fewer than 30 customers|monthly churn is not known/);
});

test.each([
  ["compare_figures", { metrics: ["nrr"], windows: ["Q1 2027"] }, /in the future/],
  ["compare_figures", { metrics: ["nrr"], windows: ["2026-10-20 to 2026-10-03"] }, /backwards/],
  ["compare_figures", { metrics: ["nrr"], filters: { team: ["EMAE"] } }, /Did you mean: EMEA/],
  ["stage_funnel", { from: "Purchase", to: "Awareness" }, /does not come after/],
  ["stage_funnel", { from: "Purchse" }, /Did you mean Purchase/],
  ["cohort_retention", { cohort: "June 2024" }, /No account first paid in June 2024/],
  ["what_if", { accounts: ["Acme GmbH"], suppose: "churn" }, /pays nothing/],
  ["what_if", { accounts: ["Westwell Stores"], suppose: "churn", window: "Q1 2026" }, /is over/],
])("%s says what is wrong with %j", async (tool, input, sentence) => {
  await expect(call(tool, input)).rejects.toThrow(sentence);
});

test("every figure carries its window, zone, filter, definition and how many it speaks of", async () => {
  const { found } = await call("compare_figures", {
    metrics: ["nrr", "logo_churn", "quick_ratio", "arpa", "clv"],
    windows: ["Q3"],
    group_by: "team",
  });
  for (const { group, figures } of found.lines) {
    expect(figures[0]).toMatchObject({
      window: { start: "2026-07-01", end: "2026-10-01" },
      zone: "America/New_York",
      filter: `all accounts, ${group}`,
    });
    expect(figures[0].definition.formula.length).toBeGreaterThan(5);
    expect(figures[0].n).toBeGreaterThanOrEqual(0);
  }
});

const countOf = z.object({ n: z.number() });

interface Line {
  group: string | null;
  figures: { value: number }[];
}
const valuesOf = (lines: Line[]) => lines.map(({ figures: [first] }) => first!.value);
const sum = (values: number[]) => values.reduce((all, each) => all + each, 0);

/** Accounts whose MRR falls to 0 inside October, by the ledger alone. */
const leftInOctober = sql`(select account_id from mrr_event group by 1
  having sum(delta_minor) filter (where effective_at < '2026-10-01'::timestamp at time zone 'America/New_York') > 0
    and sum(delta_minor) filter (where effective_at < '2026-11-01'::timestamp at time zone 'America/New_York') = 0)`;

test("who was lost in October is who the ledger says, and the reasons count all of them", async () => {
  const { found, words } = await call("mrr_movements", { window: "October", kinds: ["churn"] });
  const { n } = await byHand(countOf, sql`select count(*)::int as n from ${leftInOctober} gone`);
  expect(found.lines).toMatchObject([{ kind: "churn", customers: n }]);
  expect(found.movements).toHaveLength(n);
  expect(sum(found.reasons.map(({ customers }: { customers: number }) => customers))).toBe(n);
  expect(sum(found.movements.map(({ amountMinor }: { amountMinor: number }) => amountMinor))).toBe(
    found.lines[0].amountMinor,
  );
  expect(words).toMatch(new RegExp(`^\\*\\*${n} customers lost, −\\$[\\d,.]+ MRR\\*\\*, in October 2026`));
});

test("each month from the first to the last, and each team, add up to the whole", async () => {
  const months = await call("compare_figures", { metrics: ["churned_mrr"], windows: ["Q3"], each: "month" });
  const whole = await call("compare_figures", { metrics: ["churned_mrr", "lost_customers"], windows: ["Q3"] });
  const teams = await call("compare_figures", {
    metrics: ["churned_mrr"],
    windows: ["Q3"],
    group_by: "team",
    order: "highest",
  });
  const [churned] = valuesOf(whole.found.lines);
  expect(months.found.windows.map(({ title }: { title: string }) => title)).toEqual([
    "July 2026",
    "August 2026",
    "September 2026",
  ]);
  expect(sum(months.found.lines[0].figures.map(({ value }: { value: number }) => value))).toBe(churned);
  const byTeam = valuesOf(teams.found.lines);
  expect(sum(byTeam)).toBe(churned);
  expect(byTeam).toEqual(byTeam.toSorted((a, b) => b - a));
  expect(months.words).toContain("highest in");
});

test("what may be lost in December: announced ends and renewals are those of the rows, the riskiest first", async () => {
  const { found, words } = await call("churn_outlook", { from: "2026-12-01", to: "2026-12-31", limit: 100 });
  const renewing = await byHand(
    countOf.extend({ minor: z.number() }),
    sql`select count(*)::int as n, sum(base_mrr_minor)::bigint as minor from account_facts where mrr_minor > 0 and renews_on between '2026-12-01' and '2026-12-31'`,
  );
  const ending = await byHand(
    countOf,
    sql`select count(distinct account_id)::int as n from subscription where ended_on is null and mrr_minor > 0 and cancel_on between '2026-12-01' and '2026-12-31'`,
  );
  expect(found.renewals).toMatchObject({ customers: renewing.n, amountMinor: renewing.minor });
  expect(found.ending.customers).toBe(ending.n);
  const order = ["critical", "high", "watch", "low", null];
  const places = found.accounts.map(({ band }: { band: string | null }) => order.indexOf(band));
  expect(places).toEqual(places.toSorted((a: number, b: number) => a - b));
  expect(words).toContain("cannot foresee");
  await expect(call("churn_outlook", { to: "2026-01-01" })).rejects.toThrow(/days ahead/);
});

test("those at high risk per team are together those of the bands", async () => {
  const { found } = await call("churn_risk", { group_by: "team" });
  const bands = found.counts.bands.filter(({ band }: { band: string }) => band === "high" || band === "critical");
  const accounts = (some: { accounts: number }[]) => sum(some.map((each) => each.accounts));
  expect(accounts(found.groups.lines)).toBe(accounts(bands));
});

test("those with a sign of a churn are those whose risk holds it", async () => {
  const { n } = await byHand(
    countOf,
    sql`select count(*)::int as n from account_risk r join account_facts f using (workspace_id, account_id)
        where f.mrr_minor > 0 and exists (select 1 from jsonb_array_elements(r.terms) t where t ->> 'signal' = 'champion_left' and (t ->> 'term')::float > 0)`,
  );
  const { found } = await call("churn_risk", { sign: "champion_left", limit: 50, with_cancelled: true });
  const { bands, cancelled, tooLittleKnown } = found.counts;
  expect(sum(bands.map((each: { accounts: number }) => each.accounts)) + cancelled.accounts + tooLittleKnown).toBe(n);
  for (const { terms } of found.accounts) expect(terms[0].says).toBe("champion left");
});

test("the share of MRR is that of those listed, of those who fit, and of each group", async () => {
  const shares = (words: string) => [...words.matchAll(/([\d.]+)%/g)].map((match) => Number(match[1]));
  const { found: all } = await call("portfolio", { limit: 100 });
  const { found, words } = await call("portfolio", { limit: 3, share: true });
  const three = sum(all.accounts.slice(0, 3).map((each: { baseMrrMinor: number }) => each.baseMrrMinor));
  expect(found.share).toEqual({ allMinor: all.baseMrrMinor, listedMinor: three });
  expect(shares(words)).toEqual([Number(((100 * three) / all.baseMrrMinor).toFixed(1))]);
  const grouped = await call("portfolio", { group_by: "segment", share: true });
  expect(sum(shares(grouped.words))).toBeCloseTo(100, 0);
});

test("the portfolio says how many of its accounts pay, and who has no owner", async () => {
  const paying = await byHand(countOf, sql`select count(*)::int as n from account_facts where mrr_minor > 0`);
  expect((await call("portfolio", {})).words).toContain(`, ${paying.n} of them paying`);
  const unowned = await byHand(
    countOf,
    sql`select count(*)::int as n from account where owner_id is null and deleted_at is null and merged_into is null`,
  );
  expect((await call("portfolio", { filters: { owned: false } })).found.count).toBe(unowned.n);
});

test("a figure is explained with the formula that it carries", async () => {
  const { found } = await call("compare_figures", { metrics: METRIC_NAMES, windows: ["last quarter"] });
  for (const [at, name] of METRIC_NAMES.entries())
    expect([name, definitionOf(name)?.formula]).toEqual([name, found.lines[at].figures[0].definition.formula]);
});
