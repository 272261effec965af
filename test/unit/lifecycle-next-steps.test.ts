import { describe, expect, test } from "vitest";
import type { AccountFacts, FactValue, StoredFactName } from "#lifecycle/facts.ts";
import { judgeStage } from "#lifecycle/judge.ts";
import { eligibleSteps, type PlaybookRule } from "#lifecycle/next-steps.ts";
import { validatePlaybookMoves } from "#lifecycle/playbook-checks.ts";
import { account, ago, type ModelId, modelOf, models, moves, steady, TODAY } from "./lifecycle-company.ts";

type Values = Partial<Record<StoredFactName, FactValue>>;

const playbook = (id: string, more: Partial<PlaybookRule>): PlaybookRule => ({
  id,
  title: `How to ${id}`,
  stages: ["retention"],
  moves: ["personal_check_in"],
  when: null,
  ownerRole: "account_manager",
  effortMinutes: 30,
  dueInDays: 2,
  success: "They answer",
  ...more,
});

const shelf: PlaybookRule[] = [
  playbook("inform", { stages: ["awareness", "consideration"], moves: ["educational_content", "product_information"] }),
  playbook("cut-the-price", { stages: ["consideration", "purchase"], moves: ["solve_problem_first", "discount"] }),
  playbook("onboard", { stages: ["support"], moves: ["onboarding"] }),
  playbook("calm-down", {
    stages: ["support", "retention"],
    moves: ["resolve_ticket"],
    when: { fact: "open_urgent_tickets", at_least: 1 },
  }),
  playbook("keep-in-touch", {}),
  playbook("write-monthly", { moves: ["newsletter", "survey"] }),
  playbook("sell-more", { moves: ["upsell", "success_review"], when: { fact: "events_30d", at_least: 100 } }),
  playbook("renew", {
    moves: ["renewal_preparation", "success_review"],
    when: {
      all: [
        { fact: "renews_on", ahead_within_days: 60 },
        { fact: "mrr_minor", above: 0 },
      ],
    },
  }),
  playbook("collect-money", { moves: ["payment_recovery"], when: { fact: "overdue_minor", above: 0 } }),
  playbook("win-back", { stages: ["lapsed"], moves: ["win_back", "exit_interview"] }),
];

function steps(
  values: Values,
  more: { model?: ModelId; playbooks?: PlaybookRule[]; facts?: Partial<AccountFacts> } = {},
) {
  const model = modelOf(more.model ?? "experience-six");
  const facts = account(values, more.facts);
  const judgement = judgeStage({ model, facts, day: TODAY });
  return eligibleSteps({ model, moves, playbooks: more.playbooks ?? shelf, judgement, facts, day: TODAY });
}
const offered = (values: Values, more = {}): string[] =>
  steps(values, more).steps.map((step) => `${step.playbook}/${step.move}`);

describe("what is offered", () => {
  test("only playbooks of the stage whose conditions hold, with reason, owner, due day", () => {
    const { steps: found, emptyBecause } = steps({ ...steady, renews_on: ago(-40) });
    expect(emptyBecause).toBeNull();
    expect(found[0]).toMatchObject({
      playbook: "renew",
      move: "renewal_preparation",
      moveTitle: "Prepare the renewal",
      ownerRole: "account_manager",
      dueOn: ago(-2),
      stage: "retention",
    });
    expect(found[0]?.why.map((reason) => reason.fact)).toEqual(["renews_on", "mrr_minor"]);
    expect(new Set(found.map((step) => step.playbook))).toEqual(
      new Set(["renew", "sell-more", "keep-in-touch", "write-monthly"]),
    );
  });
  test("a step for everybody gives the reasons of the stage", () => {
    const found = steps(steady, { playbooks: [playbook("keep-in-touch", {})] }).steps;
    expect(found[0]?.why.map((reason) => reason.fact)).toContain("mrr_minor");
  });
  test("a playbook that carries a move the stage forbids is not offered, not even in part", () => {
    const values = { last_inbound_on: ago(3) };
    expect(offered(values)).toEqual(["inform/product_information", "inform/educational_content"].sort());
    expect(offered({ last_won_on: ago(3) })).toEqual(["cut-the-price/solve_problem_first", "cut-the-price/discount"]);
  });
  test("who left is offered what is for those who left, in every model", () => {
    const left = { first_paid_on: ago(700), mrr_minor: 0, churned_on: ago(80) };
    for (const { id } of models) {
      expect(offered(left, { model: id as ModelId })).toEqual(["win-back/win_back", "win-back/exit_interview"]);
    }
  });
  test("a model without a support stage takes support playbooks into retention", () => {
    expect(offered(steady, { model: "study-five" })).toContain("onboard/onboarding");
    expect(offered(steady)).not.toContain("onboard/onboarding");
  });
});

describe("the order", () => {
  test("what burns, then what is more specific; each playbook once before any second move", () => {
    const found = offered({ ...steady, renews_on: ago(-40), overdue_minor: 100, overdue_since: ago(9) });
    expect(found.slice(0, 3)).toEqual([
      "collect-money/payment_recovery",
      "renew/renewal_preparation",
      "keep-in-touch/personal_check_in",
    ]);
    expect(found.slice(-2)).toEqual(["renew/success_review", "write-monthly/survey"]);
  });
  test("of two as specific, the nearer date", () => {
    const far = playbook("a-far", { when: { fact: "renews_on", ahead_within_days: 60 } });
    const near = playbook("b-near", { when: { fact: "cancel_on", ahead_within_days: 60 } });
    const playbooks = [far, near];
    expect(offered({ ...steady, renews_on: ago(-50), cancel_on: ago(-9) }, { playbooks })[0]).toBe(
      "b-near/personal_check_in",
    );
    expect(offered({ ...steady, renews_on: ago(-5), cancel_on: ago(-9) }, { playbooks })[0]).toBe(
      "a-far/personal_check_in",
    );
  });
  test("then less effort, then the name", () => {
    const playbooks = [playbook("c", {}), playbook("b", {}), playbook("a", { effortMinutes: 90 })];
    expect(offered(steady, { playbooks }).map((each) => each[0])).toEqual(["b", "c", "a"]);
  });
});

describe("hard gates", () => {
  const gate = (values: Values, name: string) => steps(values).held.find((each) => each.gate === name);
  const busy = { ...steady, renews_on: ago(-40) };

  test("no upsell while an urgent ticket is open, even for one who is kept in retention", () => {
    const model = modelOf("study-five");
    const facts = account({ ...steady, open_urgent_tickets: 2, last_outbound_on: ago(1) });
    const judgement = judgeStage({ model, facts, day: TODAY });
    const result = eligibleSteps({ model, moves, playbooks: shelf, judgement, facts, day: TODAY });
    expect(judgement.stage).toBe("retention");
    expect(result.steps.map((step) => step.playbook)).not.toContain("sell-more");
    expect(result.steps[0]).toMatchObject({ playbook: "calm-down" });
    expect(result.held.map((each) => each.gate)).toEqual(["urgent_ticket"]); // an urgent ticket lifts the contact pause
    expect(result.held[0]).toMatchObject({
      says: expect.stringContaining("urgent tickets open: 2"),
      moves: expect.arrayContaining(["upsell", "exclusive_offer"]),
    });
    expect(result.held[0]?.reasons[0]?.evidence.rows).toEqual(["rows:open_urgent_tickets"]);
  });
  test("after our last contact they are left alone for a week, and it says until when", () => {
    const found = steps({ ...busy, last_outbound_on: ago(3) });
    expect(found.steps.map((step) => step.move)).not.toContain("personal_check_in");
    expect(found.held).toMatchObject([{ gate: "contacted_lately", until: ago(-4) }]);
    expect(gate({ ...busy, last_outbound_on: ago(7) }, "contacted_lately")).toBeUndefined();
  });
  test("who wrote since is answered", () => {
    expect(gate({ ...busy, last_outbound_on: ago(3), last_inbound_on: ago(2) }, "contacted_lately")).toBeUndefined();
    expect(gate({ ...busy, last_outbound_on: ago(3), last_inbound_on: ago(4) }, "contacted_lately")).toBeDefined();
  });
  test("an overdue payment lifts the pause and stops the upsell", () => {
    const found = steps({ ...busy, last_outbound_on: ago(1), overdue_minor: 5_000, overdue_since: ago(20) });
    expect(found.held).toMatchObject([
      { gate: "overdue_invoice", says: "No upsell or advocacy request while €50.00 is overdue" },
    ]);
    expect(found.steps.map((step) => step.move)).not.toContain("upsell");
  });
  test("nobody reachable by mail: no mail, other channels stay", () => {
    const found = steps({ ...steady, contacts: 3, reachable_contacts: 0 });
    expect(found.steps.map((step) => step.playbook)).not.toContain("write-monthly");
    expect(found.steps.map((step) => step.playbook)).toContain("keep-in-touch");
    expect(gate({ ...steady, contacts: 0, reachable_contacts: 0 }, "no_mail")).toBeUndefined();
  });
  test("a detractor is not asked for more", () => {
    expect(offered({ ...steady, nps_score: 5, nps_on: ago(20) })).not.toContain("sell-more/upsell");
    expect(offered({ ...steady, nps_score: 5, nps_on: ago(300) })).toContain("sell-more/upsell");
  });
  test("a playbook whose main move waits does not come in by its second move", () => {
    expect(offered({ ...steady, overdue_minor: 1 })).not.toContain("sell-more/success_review");
  });
  test("when everything waits, it says what for and until when", () => {
    const { steps: none, emptyBecause } = steps(
      { ...steady, last_outbound_on: TODAY },
      { playbooks: [playbook("keep-in-touch", {})] },
    );
    expect(none).toEqual([]);
    expect(emptyBecause).toContain(`open again on ${ago(-7)}`);
  });
  test("without a playbook it says so", () => {
    expect(steps(steady, { playbooks: [] }).emptyBecause).toContain("No playbook for the stage Retention");
    const unmet = [playbook("x", { when: { fact: "referrals", at_least: 1 } })];
    expect(steps(steady, { playbooks: unmet }).emptyBecause).toContain("has its conditions met");
  });
  test("what a gate cannot see is said", () => {
    const { freshness } = account({});
    const blind = freshness.map((each) => (each.domain === "support" ? { ...each, asOf: null } : each));
    expect(steps(steady, { facts: { freshness: blind } }).doubts).toContain("no source gives support data");
  });
});

describe("playbooks against models", () => {
  const check = (more: Partial<PlaybookRule>) => validatePlaybookMoves(models, moves, [playbook("x", more)]);
  test("a sound playbook has no problem", () => {
    expect(check({})).toEqual([]);
    expect(check({ stages: ["lapsed"], moves: ["win_back"] })).toEqual([]);
  });
  test("a discount in consideration can never be offered", () => {
    const problems = check({ stages: ["consideration"], moves: ["discount"] });
    expect(problems).toHaveLength(models.length);
    expect(problems[0]).toMatchObject({
      severity: "error",
      says: expect.stringContaining("discount is forbidden in consideration: Solve their problem first"),
    });
  });
  test("a playbook that only one of its stages refuses is warned of", () => {
    expect(check({ stages: ["consideration", "purchase"], moves: ["discount"] })[0]).toMatchObject({
      severity: "warning",
    });
  });
  test("an unknown move and an unknown stage are named", () => {
    const says = check({ stages: ["retenton"], moves: ["up_sell"] }).map((problem) => problem.says);
    expect(says).toEqual([
      expect.stringContaining('no move "up_sell"; did you mean upsell'),
      expect.stringContaining('no stage "retenton"'),
    ]);
  });
});
