import { describe, expect, test } from "vitest";
import type { AccountFacts, FactValue, StoredFactName } from "#lifecycle/facts.ts";
import { judgeStage } from "#lifecycle/judge.ts";
import type { StageState } from "#lifecycle/judgement.ts";
import { account, ago, type ModelId, modelOf, steady, TODAY, withSources } from "./lifecycle-company.ts";

type Values = Partial<Record<StoredFactName, FactValue>>;
const six = modelOf("experience-six");
const judge = (facts: AccountFacts, before?: StageState, day = TODAY) => judgeStage({ model: six, facts, day, before });
const was = (stage: string, more: Partial<StageState> = {}): StageState => ({
  stage,
  since: ago(200),
  candidate: null,
  candidateSince: null,
  candidateCount: 0,
  judgedOn: ago(1),
  ...more,
});

const fresh: Values = {
  mrr_minor: 9_900,
  first_paid_on: ago(40),
  first_used_on: ago(39),
  events_30d: 50,
  last_used_on: ago(1),
};
const former: Values = {
  first_paid_on: ago(700),
  mrr_minor: 0,
  churned_on: ago(80),
  paid_invoices: 20,
  created_on: ago(720),
};

describe("facts and the stage they put a first-seen account in", () => {
  test.each<[string, Values, string, string, string]>([
    ["a bare name", {}, "awareness", "default", TODAY],
    ["a name in the CRM", { created_on: ago(90) }, "awareness", "known_by_name", ago(90)],
    [
      "a campaign reached them",
      { created_on: ago(20), first_touch_on: ago(25), first_touch_channel: "paid search" },
      "awareness",
      "first_touch",
      ago(25),
    ],
    [
      "interest long ago is no interest",
      { first_touch_on: ago(300), last_interest_on: ago(200) },
      "awareness",
      "first_touch",
      ago(300),
    ],
    [
      "they asked last week",
      { first_touch_on: ago(40), last_inbound_on: ago(6) },
      "consideration",
      "spoke_to_us",
      ago(6),
    ],
    [
      "they saw the pricing page",
      { last_interest_on: ago(3), interest_kind: "pricing page" },
      "consideration",
      "showed_interest",
      ago(3),
    ],
    [
      "an opportunity is open",
      { open_opportunities: 1, open_opportunity_since: ago(50) },
      "consideration",
      "open_opportunity",
      ago(50),
    ],
    ["the opportunity is won", { last_won_on: ago(5), last_inbound_on: ago(6) }, "purchase", "won", ago(5)],
    [
      "a checkout was abandoned",
      { checkout_abandoned_on: ago(2), first_touch_on: ago(9) },
      "purchase",
      "checkout_abandoned",
      ago(2),
    ],
    ["a trial runs", { trial_ends_on: ago(-10), created_on: ago(4) }, "purchase", "trial_running", ago(1)],
    ["the first invoice was paid days ago", { mrr_minor: 9_900, first_paid_on: ago(4) }, "purchase", "pays", ago(4)],
    ["a new customer in first use", fresh, "support", "onboarding", ago(40)],
    [
      "bought four months ago, nobody uses it",
      { ...fresh, first_paid_on: ago(120), events_30d: 0 },
      "support",
      "not_in_use_yet",
      ago(29),
    ],
    [
      "an old customer with urgent tickets",
      { ...steady, open_urgent_tickets: 1, oldest_open_ticket_on: ago(2) },
      "support",
      "urgent_ticket",
      ago(2),
    ],
    ["a customer of a year", steady, "retention", "steady_customer", ago(274)],
    ["a promoter", { ...steady, nps_score: 9, nps_on: ago(30) }, "advocacy", "promoter", ago(30)],
    [
      "a promoter of last year is none now",
      { ...steady, nps_score: 10, nps_on: ago(190) },
      "retention",
      "steady_customer",
      ago(274),
    ],
    [
      "a promoter with an urgent ticket is helped first",
      { ...steady, nps_score: 10, nps_on: ago(9), open_urgent_tickets: 1, oldest_open_ticket_on: ago(1) },
      "support",
      "urgent_ticket",
      ago(1),
    ],
    [
      "a customer who referred somebody",
      { ...steady, last_referral_on: ago(12), referrals: 1 },
      "advocacy",
      "referred",
      ago(12),
    ],
  ])("%s", (_, values, stage, rule, since) => {
    const judgement = judge(account(values));
    expect(judgement).toMatchObject({ stage, since, rule: { rule } });
    expect(judgement.daysInStage).toBe((Date.parse(TODAY) - Date.parse(since)) / 86_400_000);
    expect(judgement.rule.kind === "default" || judgement.rule.reasons.some((reason) => reason.held === "yes")).toBe(
      true,
    );
  });

  test.each<[ModelId, Values, string]>([
    ["acquisition-five", { last_inbound_on: ago(40) }, "acquisition"],
    ["acquisition-five", { ...fresh, paid_invoices: 1 }, "conversion"],
    ["acquisition-five", { ...fresh, paid_invoices: 2 }, "retention"],
    ["acquisition-five", { ...steady, last_loyalty_on: ago(20) }, "loyalty"],
    ["engagement-five", { last_inbound_on: ago(20), touches_30d: 1 }, "awareness"],
    ["engagement-five", { last_inbound_on: ago(20), touches_30d: 3 }, "engagement"],
    ["engagement-five", { mrr_minor: 100, first_paid_on: ago(100) }, "conversion"],
    ["engagement-five", { mrr_minor: 100, first_paid_on: ago(100), last_used_on: ago(3) }, "retention"],
    ["engagement-five", { ...steady, csat_90d: 4.8, nps_score: 9, nps_on: ago(200) }, "loyalty"],
    ["study-five", { last_interest_on: ago(50) }, "consideration"],
    ["study-five", { last_won_on: ago(50) }, "purchase"],
    ["study-five", fresh, "retention"],
    ["study-five", { ...steady, nps_score: 9, nps_on: ago(300) }, "advocacy"],
    ["clm-five", { last_interest_on: ago(20) }, "awareness"],
    ["clm-five", { last_interest_on: ago(20), last_inbound_on: ago(25) }, "consideration"],
    ["clm-five", { last_won_on: ago(80) }, "purchase"],
    ["clm-five", steady, "retention"],
    [
      "clm-five",
      { ...steady, first_paid_on: ago(200), nps_score: 9, nps_on: ago(9), last_expansion_on: ago(30) },
      "advocacy",
    ],
  ])("%s reads %o as %s", (model, values, stage) => {
    expect(
      judgeStage({ model: modelOf(model), facts: account({ first_touch_on: ago(500), ...values }), day: TODAY }).stage,
    ).toBe(stage);
  });
});

describe("why", () => {
  test("the rule speaks with values, and its reasons show rows", () => {
    const { rule, alsoHeld } = judge(account({ ...steady, nps_score: 9, nps_on: ago(30), last_review_on: ago(9) }));
    expect(rule.says).toBe(`Wrote a review or case study with us on ${ago(9)}`);
    expect(alsoHeld.map((each) => each.says)).toEqual([
      `Gave 9 of 10 on ${ago(30)}, as a customer of more than 90 days`,
    ]);
    expect(rule.reasons[0]).toMatchObject({
      fact: "mrr_minor",
      value: 120_000,
      evidence: { rows: ["rows:mrr_minor"] },
    });
  });
  test("the nearest later rule says what is missing", () => {
    const { nearest } = judge(account({ ...steady, nps_score: 8, nps_on: ago(30) }));
    expect(nearest?.stage).toBe("advocacy");
    const missing = nearest?.reasons.filter((reason) => reason.held !== "yes");
    expect(missing).toHaveLength(1);
  });
  test("nothing comes after the last stage", () => {
    expect(judge(account({ ...steady, last_referral_on: ago(3) })).nearest).toBeNull();
  });
});

describe("moving from stage to stage", () => {
  const promoter = account({ ...steady, nps_score: 9, nps_on: ago(30) });
  test("a behaviour moves an account on the second day, and not on the first", () => {
    const first = judge(promoter, was("retention"));
    expect(first).toMatchObject({
      stage: "retention",
      since: ago(200),
      pending: { stage: "advocacy", seen: 1, needed: 2 },
    });
    expect(first.rule.rule).toBe("steady_customer");
    expect(judge(promoter, first.next).stage).toBe("retention");
    const second = judge(promoter, first.next, ago(-1));
    expect(second).toMatchObject({ stage: "advocacy", since: ago(30), pending: null });
  });
  test("a day without the candidate starts the count again", () => {
    const first = judge(promoter, was("retention"));
    const off = judge(account(steady), first.next, ago(-1));
    expect(off.next.candidateCount).toBe(0);
    expect(judge(promoter, off.next, ago(-2)).pending).toMatchObject({ seen: 1 });
  });
  test("the first payment moves at once, although more is to be confirmed", () => {
    const pays = judge(account({ mrr_minor: 5_000, first_paid_on: TODAY }), was("consideration"));
    expect(pays).toMatchObject({ stage: "purchase", since: TODAY, pending: null });
    const both = judge(account({ ...steady, nps_score: 9, nps_on: ago(3) }), was("awareness"));
    expect(both).toMatchObject({ stage: "purchase", pending: { stage: "advocacy", seen: 1 } });
  });
  test("who stops paying leaves at once", () => {
    const gone = judge(account({ ...steady, mrr_minor: 0, churned_on: ago(1) }), was("retention"));
    expect(gone).toMatchObject({ stage: "awareness", since: ago(1), lapsed: { since: ago(1) } });
  });
  test("a stage is left later than it is entered: one urgent ticket does not undo retention", () => {
    const ticket = account({ ...steady, open_urgent_tickets: 1, oldest_open_ticket_on: ago(1) });
    expect(judge(ticket).stage).toBe("support");
    expect(judge(ticket, was("retention"))).toMatchObject({
      stage: "retention",
      pending: null,
      rule: { kind: "stay", rule: "still_steady" },
    });
    const two = account({ ...steady, open_urgent_tickets: 2, oldest_open_ticket_on: ago(1) });
    expect(judge(two, was("retention")).pending).toMatchObject({ stage: "support" });
  });
  test("an advocate whose answer ages stays one for a while", () => {
    const aged = account({ ...steady, nps_score: 9, nps_on: ago(200) });
    expect(judge(aged, was("advocacy")).stage).toBe("advocacy");
    expect(judge(aged).stage).toBe("retention");
  });
  test("while a move down waits, the account stays and its rule says so", () => {
    const waiting = judge(account(steady), was("advocacy"));
    expect(waiting).toMatchObject({ stage: "advocacy", confidence: "thin", rule: { rule: "until_confirmed" } });
    expect(waiting.rule.says).toContain("the rules see Retention on 1 of the 2 days");
    expect(waiting.rule.reasons.some((reason) => reason.held === "no")).toBe(true);
    const down = judge(account(steady), waiting.next, ago(-1));
    expect(down).toMatchObject({ stage: "retention", since: TODAY });
  });
  test("what was known of another model is not weighed", () => {
    expect(judge(account(steady), was("loyalty")).stage).toBe("retention");
  });
  test("judging the same day twice changes nothing", () => {
    const first = judge(promoter, was("retention"));
    const again = judge(promoter, first.next);
    expect(again.next).toEqual(first.next);
    expect(again.stage).toBe(first.stage);
  });
});

describe("lapsed", () => {
  test("paid before, pays nothing now", () => {
    const judgement = judge(account(former));
    expect(judgement.lapsed).toMatchObject({
      since: ago(80),
      rule: { says: `Was a customer from ${ago(700)} until ${ago(80)} and pays nothing now` },
    });
    expect(judgement).toMatchObject({ stage: "awareness", rule: { rule: "former_customer" } });
  });
  test("what was said before they left does not bring them back, what they say after does", () => {
    const left: Values = { ...former, churned_on: ago(10) };
    expect(judge(account({ ...left, last_inbound_on: ago(12) })).stage).toBe("awareness");
    const back = judge(account({ ...left, last_inbound_on: ago(4) }));
    expect(back).toMatchObject({ stage: "consideration", lapsed: { since: ago(10) } });
  });
  test("who came back is not lapsed", () => {
    expect(judge(account({ ...former, mrr_minor: 100, reactivated_on: ago(9) })).lapsed).toBeNull();
    expect(judge(account({ ...former, reactivated_on: ago(9) })).lapsed).toBeNull();
    expect(judge(account({ ...former, reactivated_on: ago(90) })).lapsed).not.toBeNull();
  });
  test("an end that lies ahead is no lapse", () => {
    expect(judge(account({ ...steady, cancel_on: ago(-20) })).lapsed).toBeNull();
  });
  test("without billing data nobody is called lapsed", () => {
    const judgement = judge(withSources(account({ last_inbound_on: ago(3) }), { billing: null }));
    expect(judgement.lapsed).toBeNull();
    expect(judgement.doubts).toContain("no source gives billing data");
  });
});

describe("how sure, how fresh", () => {
  test("money that is fresh makes sure; one sign alone is likely; a bare name is thin", () => {
    expect(judge(account(steady)).confidence).toBe("sure");
    expect(judge(account({ last_inbound_on: ago(3) })).confidence).toBe("likely");
    expect(judge(account({ last_inbound_on: ago(3), last_interest_on: ago(3) })).confidence).toBe("sure");
    expect(judge(account({})).confidence).toBe("thin");
  });
  test("stale data behind the rule is said, and thins it", () => {
    const judgement = judge(withSources(account({ ...steady, nps_score: 9, nps_on: ago(30) }), { voice: 9 }));
    expect(judgement).toMatchObject({ stage: "advocacy", confidence: "thin" });
    expect(judgement.doubts[0]).toBe("voice data is 9 days old (source voice-feed)");
  });
  test("stale data that the rule does not rest on is said, and leaves it sure", () => {
    const judgement = judge(withSources(account(steady), { marketing: 9 }));
    expect(judgement.confidence).toBe("sure");
    expect(judgement.doubts).toEqual(["marketing data is 9 days old (source marketing-feed)"]);
  });
  test("without a support system an old customer is still in retention, with the gap said", () => {
    const judgement = judge(withSources(account(steady), { support: null, usage: null }));
    expect(judgement).toMatchObject({ stage: "retention", confidence: "thin" });
    expect(judgement.doubts).toContain("no source gives support data");
  });
});

describe("the CRM's own stage", () => {
  test.each<[string, Values, string | null, unknown]>([
    ["says nothing", steady, null, null],
    ["agrees, in its own word", steady, "Customer", null],
    ["agrees by the stage's name", steady, "RETENTION", null],
    ["is behind", steady, "Opportunity", { crmStage: "Opportunity", readAs: "consideration" }],
    ["has a word that the model does not know", steady, "Tier 3", { crmStage: "Tier 3", readAs: null }],
    ["knows that they left", former, "Churned", null],
    ["takes a payer for gone", steady, "Churned", { crmStage: "Churned", readAs: "lapsed" }],
    ["takes one who left for a customer", former, "Customer", { crmStage: "Customer", readAs: "purchase" }],
  ])("%s", (_, values, crmStage, differs) => {
    expect(judge(account(values, { crmStage })).crmDiffers).toEqual(differs);
  });
});
