import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { highRisks } from "#accounts/movements-at-risk.ts";
import { riskHistory } from "#accounts/risk-history.ts";
import { type RiskAttempt, riskAttempts, riskModelInUse, standardErrors } from "#accounts/risk-models.ts";
import { refreshRisks } from "#accounts/risk-scores.ts";
import { labelRows } from "#accounts/row-labels.ts";
import { type Sql, sql } from "#database/sql.ts";
import { EXPERT, logistic } from "#metrics/churn-risk.ts";
import type { RiskRow } from "#metrics/risk-fit.ts";
import { fitChurnRisk, monthEndsBefore } from "#reports/risk/fit.ts";
import { sayAttempt } from "#reports/risk/say.ts";
import { churnRiskTool } from "#tools/churn-risk.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { SAMPLE_DAY, type Sample, sampleCompanyHouse } from "../fixtures/sample.ts";

const LOOKED_AT = "2025-11-30"; // some had cancelled by then, some did so soon after
let sample: Sample;
let before: { facts: unknown; words: string };
let then: RiskRow[];
let attempt: RiskAttempt;

const many = <T extends z.ZodType>(row: T, query: Sql) =>
  sample.database.read(sample.context.actor, (rows) => rows.many(row, query));
const ask = async (input: z.input<typeof churnRiskTool.input>) => {
  const found = await churnRiskTool.run(churnRiskTool.input.parse(input), sample.context);
  return { found, words: churnRiskTool.say(found) };
};
const factsAsTheyAre = () =>
  many(
    z.object({ all: z.string() }),
    sql`select md5(string_agg(f::text, '' order by account_id)) as all from account_facts f`,
  );
/** The sample company is shared: whoever comes next finds it with an expert's weights, as it was. */
const asItWas = async () => {
  const { actor } = sample.context;
  await sample.database.write(actor, (rows) => rows.run(sql`delete from risk_model`));
  await refreshRisks(sample.database, actor, SAMPLE_DAY);
};

beforeAll(async () => {
  sample = await sampleCompanyHouse();
  const { database } = sample;
  const { actor } = sample.context;
  await asItWas();
  before = { facts: await factsAsTheyAre(), words: (await ask({ limit: 3 })).words };
  then = await riskHistory({ database, actor, days: [LOOKED_AT] });
  attempt = await fitChurnRisk({ database, actor, today: SAMPLE_DAY, months: 9 });
});
afterAll(asItWas);

describe("an account as it was known on a past day", () => {
  const strength = (row: RiskRow, signal: (typeof EXPERT.signals)[number]) =>
    row.strengths[EXPERT.signals.indexOf(signal)];
  const subscription = z.object({ accountId: z.number(), day: z.string() });

  test("who had churned 90 days later is told by the subscriptions as by the ledger", async () => {
    const ended = await many(
      subscription,
      sql`select account_id as "accountId", max(ended_on) as day from subscription s where mrr_minor > 0 and started_on <= ${LOOKED_AT}::date
          and (ended_on is null or ended_on > ${LOOKED_AT}::date) group by 1 having bool_and(coalesce(ended_on <= ${LOOKED_AT}::date + 90, false)) order by 1`,
    );
    const churned = then.filter((row) => row.churned).map(({ accountId }) => accountId);
    expect(churned.sort((a, b) => a - b)).toEqual(ended.map(({ accountId }) => accountId));
    expect(churned.length).toBeGreaterThan(0);
  });

  test("a cancellation counts from the click on, not before", async () => {
    const clicks = await many(
      subscription,
      sql`select account_id as "accountId", cancelled_on as day from subscription where cancelled_on is not null and mrr_minor > 0 and coalesce(ended_on, cancel_on) > ${LOOKED_AT}::date and started_on <= ${LOOKED_AT}::date`,
    );
    expect(new Set(clicks.map(({ day }) => day <= LOOKED_AT))).toEqual(new Set([true, false]));
    for (const { accountId, day } of clicks) {
      const row = then.find((each) => each.accountId === accountId)!;
      expect([accountId, strength(row, "cancellation")]).toEqual([accountId, day <= LOOKED_AT ? 1 : 0]);
    }
  });

  test("who left later is not given away by a renewal that is missing today", async () => {
    const leaving = await many(
      subscription,
      sql`select account_id as "accountId", ended_on as day from subscription where term_months = 12 and renews_on is null and cancelled_on > ${LOOKED_AT}::date
          and ended_on between ${LOOKED_AT}::date + 1 and ${LOOKED_AT}::date + 80`,
    );
    expect(leaving.length).toBeGreaterThan(0);
    for (const { accountId } of leaving)
      expect(strength(then.find((row) => row.accountId === accountId)!, "renewal_near")).toBeGreaterThan(0);
  });

  test("a champion who left later was still there", () => {
    expect(then.every((row) => strength(row, "champion_left") === 0)).toBe(true);
  });

  test("looking back leaves no trace in the facts of today", async () => {
    expect(await factsAsTheyAre()).toEqual(before.facts);
  });
});

describe("weights learnt from the past", () => {
  test("they tell the newest quarter better than the base rate and than an expert", () => {
    const { baseRateBrier, expert, fitted } = attempt.quality;
    expect(attempt).toMatchObject({ accepted: true, version: 1 });
    expect(attempt.churnedAccounts).toBeGreaterThanOrEqual(15);
    expect(expert.brier).toBeLessThan(baseRateBrier!);
    expect(fitted!.brier).toBeLessThan(expert.brier!);
    // The reason given is worked out elsewhere over the same quarter.
    expect(attempt.because).toContain(`${fitted!.brier!.toFixed(4)} against ${expert.brier!.toFixed(4)}`);
  });

  test("calibration has every look at an account of the quarter in it", () => {
    const { rows, churned, expert, fitted } = attempt.quality;
    for (const table of [expert.calibration, fitted!.calibration]) {
      expect(table.reduce((sum, { accounts }) => sum + accounts, 0)).toBe(rows);
      expect(table.reduce((sum, each) => sum + each.churned, 0)).toBe(churned);
    }
    const words = sayAttempt(attempt, attempt.model!);
    expect(words).toContain("always the base rate");
    expect(words).toContain(
      `| cancellation | ${EXPERT.weights[0]!.toFixed(2)} | ${attempt.model!.weights[0]!.toFixed(2)} |`,
    );
  });

  test("they are kept with their standard errors, and in use from then on", async () => {
    const [inUse, [kept]] = await sample.database.read(sample.context.actor, async (rows) => [
      await riskModelInUse(rows),
      await riskAttempts(rows, 5),
    ]);
    expect(inUse).toEqual(attempt.model);
    expect(kept).toEqual(attempt);
    expect(standardErrors(inUse)).toHaveLength(EXPERT.weights.length + 1);
    expect(Math.max(...standardErrors(inUse))).toBeLessThanOrEqual(Math.max(...standardErrors(EXPERT)));
  });

  test("no attempt teaches anything where nobody has churned", async () => {
    const { database, actor } = await freshWorkspace();
    const made = await fitChurnRisk({ database, actor, today: SAMPLE_DAY, months: 7 });
    expect(made).toMatchObject({ accepted: false, model: null, churnedAccounts: 0 });
    expect(made.because).toContain("15 are needed");
    expect(await database.read(actor, riskModelInUse)).toEqual(EXPERT);
    expect(sayAttempt(made, EXPERT)).toContain("not taken");
  });

  test("month ends go back from the newest whose outcome is known", () => {
    expect(monthEndsBefore("2026-03-30", 3)).toEqual(["2025-12-31", "2026-01-31", "2026-02-28"]);
    expect(monthEndsBefore("2026-03-31", 1)).toEqual(["2026-03-31"]);
  });
});

describe("the risk of accounts", () => {
  test("before weights are fitted there are bands and reasons, and no percentage but those of the reasons", () => {
    expect(before.words).toMatch(/^1\. \*\*.+\*\* — high, MRR .+ Because: .+ \(\+\d\.\d\d\) \[/m);
    expect(before.words).toContain("no percentage because");
    expect(before.words).not.toContain("interval");
    expect(before.words).not.toContain("expected loss");
  });

  test("the score is its terms, the probability is the score's, and every reason has rows that exist", async () => {
    const { found } = await ask({ limit: 50, with_cancelled: true });
    const kept = await many(
      z.object({
        score: z.number(),
        intercept: z.number(),
        probability: z.number(),
        terms: z.array(z.object({ term: z.number(), says: z.string(), rows: z.array(z.string()) })),
      }),
      sql`select score, intercept, probability, terms from account_risk where probability is not null`,
    );
    expect(kept.length).toBeGreaterThan(200);
    for (const { score, intercept, probability, terms } of kept) {
      expect(intercept + terms.reduce((sum, { term }) => sum + term, 0)).toBeCloseTo(score, 9);
      expect(probability).toBeCloseTo(logistic(score), 9);
    }
    const refs = kept.flatMap(({ terms }) => terms.flatMap(({ rows }) => rows));
    const labels = await sample.database.read(sample.context.actor, (rows) => labelRows(rows, refs));
    expect(labels.size).toBe(new Set(refs).size);
    expect(found.accounts.every(({ terms }) => terms.every(({ rows }) => rows.length > 0))).toBe(true);
  });

  test("a report has the same accounts at high risk, in the same order, for the same reasons", async () => {
    const { found } = await ask({ limit: 50, sort: "expected_loss" });
    const { accounts } = await sample.database.read(sample.context.actor, (rows) => highRisks(rows, {}, 10));
    const high = found.accounts.filter(({ band }) => band === "high" || band === "critical").slice(0, 10);
    expect(accounts.map(({ accountId, probability }) => [accountId, probability])).toEqual(
      high.map(({ id, probability }) => [id, probability]),
    );
    expect(accounts[0]!.reasons.map(({ what }) => what)).toEqual(
      high[0]!.terms.filter(({ term }) => term > 0).map(({ says }) => says),
    );
  });

  test("the list is ranked, by MRR × probability where money is asked for, and leaves out who has cancelled", async () => {
    const [plain, money, all] = [
      await ask({ limit: 50 }),
      await ask({ limit: 50, sort: "expected_loss" }),
      await ask({ limit: 50, with_cancelled: true }),
    ];
    const falling = (values: (number | null)[]) => values.every((value, at) => at === 0 || values[at - 1]! >= value!);
    expect(falling(plain.found.accounts.map(({ probability }) => probability))).toBe(true);
    expect(falling(money.found.accounts.map(({ mrrMinor, probability }) => mrrMinor * probability!))).toBe(true);
    const cancelled = (found: typeof all.found) =>
      found.accounts.filter(({ terms }) => terms.some(({ says }) => says === "cancellation scheduled")).length;
    expect(cancelled(plain.found)).toBe(0);
    expect(cancelled(all.found)).toBe(plain.found.counts!.cancelled.accounts);
    expect(plain.words).toMatch(/\d+% \(95% interval .+\), critical, MRR .+, expected loss .+Because: /);
    expect(plain.words).toContain("fitted-1");
  });

  test("bands and those who have cancelled are all who pay", async () => {
    const { found } = await ask({});
    const { bands, cancelled, tooLittleKnown, notScored } = found.counts!;
    const [paying] = await many(
      z.object({ n: z.number() }),
      sql`select count(*)::int as n from account_facts join account using (workspace_id, account_id) where mrr_minor > 0 and deleted_at is null and merged_into is null`,
    );
    const told = bands.reduce((sum, { accounts }) => sum + accounts, 0);
    expect(told + cancelled.accounts + tooLittleKnown).toBe(paying!.n);
    expect(notScored).toBe(0);
  });

  test("filters narrow the list, and a team that is not there is asked about", async () => {
    const { found } = await ask({ filters: { team: ["EMEA"] }, limit: 50 });
    const teams = await many(
      z.object({ name: z.string() }),
      sql`select distinct t.name from account a join person p on p.person_id = a.owner_id join team t on t.team_id = p.team_id where a.account_id = any(${found.accounts.map(({ id }) => id)})`,
    );
    expect(teams).toEqual([{ name: "EMEA" }]);
    await expect(ask({ filters: { team: ["EMEAA"] } })).rejects.toThrow(/no team “EMEAA”.*EMEA/);
  });

  test("one account is told with where its score begins and ends; who pays nothing has no risk", async () => {
    const [top] = (await ask({ limit: 1 })).found.accounts;
    const { found, words } = await ask({ account: `#${top!.id}` });
    expect(found.account).toMatchObject({ id: top!.id, name: top!.name });
    expect(found.accounts).toEqual([top]);
    expect(words).toMatch(/Score: −\d\.\d\d for an account without any sign, [+−]\d\.\d\d with these/);
    expect((await ask({ account: "Quiet Harbor" })).words).toContain("it pays nothing now");
  });

  test("a channel does not learn the name of a champion who left", async () => {
    const [left] = await many(
      z.object({ id: z.number(), contact: z.string() }),
      sql`select c.account_id as id, c.full_name as contact from contact c join account_facts f using (workspace_id, account_id) where c.left_on is not null and c.role = 'champion' and f.mrr_minor > 0 order by 1 limit 1`,
    );
    const { found } = await ask({ account: `#${left!.id}` });
    expect(churnRiskTool.say(found)).toContain(left!.contact);
    const { finding, keptOut } = churnRiskTool.inChannel!(found);
    expect(churnRiskTool.say(finding)).toContain("champion left");
    expect(JSON.stringify(finding)).not.toContain(left!.contact);
    expect(keptOut).toEqual(["names of contacts"]);
  });
});
