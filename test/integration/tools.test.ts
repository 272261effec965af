import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type Sql, sql } from "#database/sql.ts";
import { AskAgain } from "#errors.ts";
import { toolNamed, tools, vocabulary } from "#tools/index.ts";
import { SAMPLE_DAY, type Sample, sampleCompanyHouse } from "../fixtures/sample.ts";

let sample: Sample;
beforeAll(async () => {
  sample = await sampleCompanyHouse();
});

interface Called {
  // Each tool has a finding of its own; the tests look at a few fields of each.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  found: any;
  words: string;
}

async function call(name: string, input: unknown): Promise<Called> {
  const tool = toolNamed(name)!;
  const found = await tool.run(tool.input.parse(input), sample.context);
  return { found, words: tool.say(found) };
}

const byHand = <T extends z.ZodType>(row: T, query: Sql) =>
  sample.database.read(sample.context.actor, (rows) => rows.many(row, query));
const tally = z.object({ n: z.number(), minor: z.number() });

test("Acme may be three accounts, and every tool about one asks which", async () => {
  for (const tool of ["account_overview", "why_this_stage", "next_steps", "account_timeline", "what_changed"]) {
    const asked = await call(tool, { account: "Acme" }).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(asked).toBeInstanceOf(AskAgain);
    expect((asked as AskAgain).choices.map(({ label }) => label)).toEqual(["Acme Corp", "Acme GmbH", "ACME Labs"]);
  }
});

test("a stage comes with the day it began and at least three dated facts with their rows", async () => {
  const { found, words } = await call("why_this_stage", { account: "Acme Corp" });
  const dated = [...found.stage.reasons, ...found.stage.context].filter(({ on, rows }) => on && rows.length > 0);
  expect(dated.length).toBeGreaterThanOrEqual(3);
  expect(words).toContain(`Stage: **${found.stage.name}** since ${found.stage.since}`);
  expect(words).toMatch(/\[ledger entry of \d{4}-\d\d-\d\d.*billing sub-/);
});

test("two next steps, each allowed by the stage, from playbooks of their own, with passage and source", async () => {
  const { model } = sample.context.knowledge;
  for (const account of ["Acme Corp", "Acme GmbH", "ACME Labs", "Quiet Harbor"]) {
    const { found } = await call("next_steps", { account });
    const stage = model.stages.find(({ name }) => name === found.stage)!;
    expect(found.steps).toHaveLength(2);
    expect(new Set(found.steps.map((step: { playbookTitle: string }) => step.playbookTitle)).size).toBe(2);
    for (const step of found.steps) {
      expect(stage.moves.allowed).toContain(step.move);
      expect(stage.moves.forbidden.map(({ move }) => move)).not.toContain(step.move);
      expect(step.passage.source).toMatch(/^knowledge\/playbooks\/.+\.md#/);
      expect(step.passage.text.length).toBeGreaterThan(100);
      expect(step.dueOn >= SAMPLE_DAY).toBe(true);
    }
  }
});

test("a question that waits for an answer is the first thing to do", async () => {
  const { found } = await call("next_steps", { account: "Acme GmbH" });
  expect(found.steps[0].playbookTitle).toBe("A question came in and needs an answer today");
});

test("an account on which nothing is known says so and guesses nothing", async () => {
  const { found, words } = await call("account_overview", { account: "Quiet Harbor" });
  expect(found.stage.name).toBe("Awareness");
  expect(found.health).toBeNull();
  expect(words).toContain("Last contact: none on record");
});

test("usage data that is nine days late is said with its source", async () => {
  const { words } = await call("account_overview", { account: "Acme Corp" });
  expect(words).toContain("usage data is 9 days old (source telemetry)");
});

test("counts and sums are those of the rows, per currency and in the base currency", async () => {
  const { found } = await call("portfolio", { filters: { team: ["DACH"], paying: true } });
  const mine = await byHand(
    tally.extend({ currency: z.string() }),
    sql`select e.currency, count(distinct e.account_id)::int as n, sum(e.delta_minor)::bigint as minor
        from mrr_event e join account a using (workspace_id, account_id) join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
        join team t on t.workspace_id = p.workspace_id and t.team_id = p.team_id
        where t.name = 'DACH' and e.effective_at < ${SAMPLE_DAY}::date + 1 and e.account_id in (
          select account_id from mrr_event where effective_at < ${SAMPLE_DAY}::date + 1 group by account_id having sum(delta_minor) > 0)
        group by e.currency order by e.currency`,
  );
  expect(found.count).toBe(mine.reduce((sum, { n }) => sum + n, 0));
  expect(found.totals).toEqual(mine.map(({ currency, n, minor }) => ({ currency, accounts: n, mrrMinor: minor })));
});

test("“high-priority” counts high tickets, and says that urgent ones are not in it", async () => {
  const { found, words } = await call("portfolio", {
    filters: { tickets: { priority: ["high"], more_than: 2 } },
    limit: 100,
  });
  const mine = await byHand(
    z.object({ name: z.string(), n: z.number() }),
    sql`select a.name, count(*)::int as n from ticket t join account a using (workspace_id, account_id) where t.priority = 'high' group by a.account_id, a.name having count(*) > 2`,
  );
  expect(found.count).toBe(mine.length);
  expect(
    Object.fromEntries(found.accounts.map((each: { name: string; tickets: number }) => [each.name, each.tickets])),
  ).toEqual(Object.fromEntries(mine.map(({ name, n }) => [name, n])));
  expect(words).toContain("urgent ones not counted");
});

test("groups add up to the whole", async () => {
  for (const group_by of ["stage", "owner", "team", "segment", "industry", "country", "plan", "currency", "lapsed"]) {
    const { found } = await call("portfolio", { group_by });
    expect(found.groups.reduce((sum: number, { accounts }: { accounts: number }) => sum + accounts, 0)).toBe(
      found.count,
    );
    expect(
      found.groups.reduce((sum: number, { baseMrrMinor }: { baseMrrMinor: number }) => sum + baseMrrMinor, 0),
    ).toBe(found.baseMrrMinor);
  }
});

test("a ranking is the same twice, from the top as people mean it", async () => {
  const top = await call("portfolio", { sort: "mrr", limit: 10 });
  const sums = top.found.accounts
    .map(({ mrrMinor, currency }: { mrrMinor: number; currency: string }) => (currency === "USD" ? mrrMinor : null))
    .filter((each: number | null) => each !== null);
  expect(sums).toEqual(sums.toSorted((a: number, b: number) => b - a));
  expect((await call("portfolio", { sort: "mrr", limit: 10 })).words).toBe(top.words);
});

test("lapsed accounts pay nothing and stand apart from the stages", async () => {
  const { found } = await call("portfolio", { filters: { lapsed: true } });
  expect(found.count).toBeGreaterThan(10);
  expect([found.baseMrrMinor, found.totals]).toEqual([0, []]);
});

test("a team, owner or stage that does not exist is answered with those that do", async () => {
  const asked = (filters: unknown) =>
    call("portfolio", { filters }).then(
      () => "answered",
      (thrown: Error) => thrown.message,
    );
  expect(await asked({ team: ["DACHS"] })).toBe("There is no team “DACHS” here. Did you mean: DACH?");
  expect(await asked({ stage: ["limbo"] })).toContain("There is no stage “limbo” here. There are: Awareness");
  expect(await asked({ owner: ["Nobody Atall"] })).toContain("There is no account owner “Nobody Atall”");
});

test("renewals of the next 30 days are the subscriptions that renew in them, nearest first", async () => {
  const { found } = await call("renewals", { within_days: 30, limit: 100 });
  const mine = await byHand(
    z.object({ n: z.number() }),
    sql`select count(distinct account_id)::int as n from subscription where renews_on between ${SAMPLE_DAY} and ${SAMPLE_DAY}::date + 30 and mrr_minor > 0 and ended_on is null`,
  );
  expect(found.count).toBe(mine[0]!.n);
  const days = found.accounts.map(({ renewsOn }: { renewsOn: string }) => renewsOn);
  expect(days).toEqual(days.toSorted());
  await expect(call("renewals", { from: "2026-12-31", to: "2026-12-01" })).rejects.toThrow(
    "ends (2026-12-01) before it begins",
  );
});

test("a timeline quotes what customers wrote, without links or markup to follow", async () => {
  const hostile = await byHand(
    z.object({ name: z.string() }),
    sql`select distinct a.name from note n join account a using (workspace_id, account_id) where n.body ~* 'ignore (all )?previous' or n.body like '%](http%' limit 3`,
  );
  expect(hostile.length).toBeGreaterThan(0);
  for (const { name } of hostile) {
    const { words } = await call("account_timeline", { account: name, limit: 100 });
    expect(words).not.toMatch(/\]\(|https?:/);
  }
});

test("what changed is counted from the first day to the last", async () => {
  const { found } = await call("what_changed", { account: "Acme Corp", since: "2026-10-01" });
  const [mine] = await byHand(
    z.object({ n: z.number() }),
    sql`select count(*)::int as n from ticket join account a using (workspace_id, account_id) where a.name = 'Acme Corp' and created_at >= '2026-10-01' and created_at < ${SAMPLE_DAY}::date + 1`,
  );
  expect(found.changes.ticketsOpened).toBe(mine!.n);
  await expect(call("what_changed", { account: "Acme Corp", since: "2027-01-01" })).rejects.toThrow(
    "2027-01-01 is in the future",
  );
});

test("a playbook question is answered with passages and sources, or with an honest no", async () => {
  const { found } = await call("search_playbooks", {
    question: "the customer is furious about the outage",
    account: "Acme Corp",
  });
  expect(found.verdict).toBe("found");
  expect(found.passages[0].source).toMatch(/\.md#/);
  expect(
    (await call("search_playbooks", { question: "which forklift certification do our drivers need?" })).words,
  ).toMatch(/^No playbook covers this/);
  expect((await call("search_playbooks", { question: "my cat will not eat" })).found.verdict).not.toBe("found");
});

test("no playbook with a discount is shown for somebody who is still reading up", async () => {
  const { found } = await call("search_playbooks", {
    question: "can I offer a discount, the price is the last gap",
    account: "Acme GmbH",
  });
  for (const { moves } of found.passages) expect(moves).not.toContain("discount");
});

test("the guide counts every account once and says what is forbidden and why", async () => {
  const all = await call("stage_guide", {});
  const { found: portfolio } = await call("portfolio", {});
  expect(
    all.found.stages.reduce((sum: number, { accounts }: { accounts: number }) => sum + accounts, all.found.lapsed),
  ).toBe(portfolio.count);
  expect((await call("stage_guide", { stage: "Consideration" })).words).toContain(
    "Not here: Discount. Solve their problem first",
  );
});

test("no tool takes a workspace, a user or a channel, and none writes", () => {
  for (const tool of tools) {
    expect(["reads", "proposes"]).toContain(tool.effect);
    expect(JSON.stringify(z.toJSONSchema(tool.input, { io: "input" }))).not.toMatch(
      /"(workspace|tenant|user|channel)[a-z_]*":/i,
    );
  }
});

test("the words of the workspace are there to read a question in", async () => {
  const words = await vocabulary(sample.context);
  expect(words.teams).toContain("DACH");
  expect(words.stages).toContain("Retention");
  expect(words.owners.length).toBeGreaterThan(8);
});

test("whether a discount suits a customer is answered by the stage, with the reason", async () => {
  const forbidden = await call("check_move", { account: "Acme GmbH", move: "discount" });
  expect(forbidden.found.verdicts).toMatchObject([{ move: "Discount", verdict: "no" }]);
  expect(forbidden.words).toContain("Solve their problem first");
  const allowed = await call("check_move", { account: "ACME Labs", move: "case study" });
  expect(allowed.found.verdicts).toMatchObject([{ move: "Case study", verdict: "yes" }]);
  const proposal = await call("check_move", { account: "Acme GmbH", move: "proposal" });
  expect(proposal.words).toContain("A proposal counts as “Make price and taxes clear”");
  await expect(call("check_move", { account: "ACME Labs", move: "sky writing" })).rejects.toThrow(
    "I know no move “sky writing”",
  );
});

test("an upsell has to wait while an invoice is overdue, and the answer says so", async () => {
  const [owing] = await byHand(
    z.object({ name: z.string() }),
    sql`select a.name from account_facts f join account a using (workspace_id, account_id) join account_stage s using (workspace_id, account_id)
        where f.overdue_minor > 0 and f.open_urgent_tickets = 0 and s.stage in ('retention', 'advocacy') and s.lapsed_since is null and s.model_id = 'experience-six' order by 1 limit 1`,
  );
  const { found, words } = await call("check_move", { account: owing!.name, move: "upsell" });
  expect(found.verdicts[0].verdict).toBe("not now");
  expect(words).toContain("is overdue");
});
