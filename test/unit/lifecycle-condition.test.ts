import { describe, expect, test } from "vitest";
import { type Condition, conditionSchema } from "#lifecycle/condition.ts";
import { factValue, readFact } from "#lifecycle/derive.ts";
import { evaluate } from "#lifecycle/evaluate.ts";
import { account, ago, TODAY, withSources } from "./lifecycle-company.ts";

const held = (condition: Condition, facts = account({})) => evaluate(condition, facts, TODAY).held;

describe("one condition", () => {
  const facts = account({
    nps_score: 9,
    mrr_minor: 50_000,
    renews_on: ago(-30),
    last_used_on: ago(30),
    last_touch_on: TODAY,
    interest_kind: "Pricing",
  });
  test.each<[string, Condition, "yes" | "no"]>([
    ["a score on the edge is at least it", { fact: "nps_score", at_least: 9 }, "yes"],
    ["a score on the edge is not above it", { fact: "nps_score", above: 9 }, "no"],
    ["two operators must both hold", { fact: "nps_score", at_least: 7, at_most: 8 }, "no"],
    ["the 30th day is within 30 days", { fact: "last_used_on", within_days: 30 }, "yes"],
    ["the 30th day is not older than 30 days", { fact: "last_used_on", older_than_days: 30 }, "no"],
    ["a day ahead is not within the last days", { fact: "renews_on", within_days: 60 }, "no"],
    ["the 30th day ahead is ahead within 30 days", { fact: "renews_on", ahead_within_days: 30 }, "yes"],
    ["today is ahead within 0 days", { fact: "last_touch_on", ahead_within_days: 0 }, "yes"],
    ["a past day is not ahead", { fact: "last_used_on", ahead_within_days: 90 }, "no"],
    ["texts are compared without case", { fact: "interest_kind", is: "pricing" }, "yes"],
    ["one of several texts", { fact: "interest_kind", one_of: ["demo", "PRICING"] }, "yes"],
    ["is not", { fact: "interest_kind", is_not: "pricing" }, "no"],
    ["a derived figure is asked like a stored one", { fact: "days_to_renewal", at_most: 30 }, "yes"],
  ])("%s", (_, condition, answer) => {
    expect(held(condition, facts)).toBe(answer);
    expect(held({ not: condition }, facts)).toBe(answer === "yes" ? "no" : "yes");
  });
});

describe("what nobody can say", () => {
  const blind = withSources(account({}), { voice: null, support: null, usage: null });
  test("a fact that did not happen is no; a fact without a source is unknown", () => {
    expect(held({ fact: "nps_score", at_least: 9 })).toBe("no");
    expect(held({ fact: "nps_score", at_least: 9 }, blind)).toBe("unknown");
    expect(held({ not: { fact: "nps_score", at_least: 9 } }, blind)).toBe("unknown");
  });
  test("a count that its source left empty is 0, and without a source it is not", () => {
    expect(held({ fact: "open_urgent_tickets", at_most: 0 })).toBe("yes");
    expect(held({ fact: "open_urgent_tickets", at_most: 0 }, blind)).toBe("unknown");
    expect(factValue("open_urgent_tickets", blind, TODAY)).toBeNull();
  });
  test("whether something is known can always be said", () => {
    expect(held({ fact: "nps_score", known: false }, blind)).toBe("yes");
    expect(held({ fact: "nps_score", known: true }, blind)).toBe("no");
  });
  test("unknown does not hide a no in all, nor a yes in any", () => {
    const unknown: Condition = { fact: "nps_score", at_least: 9 };
    const no: Condition = { fact: "mrr_minor", above: 0 };
    expect(held({ all: [unknown, no] }, blind)).toBe("no");
    expect(held({ any: [unknown, { not: no }] }, blind)).toBe("yes");
    expect(held({ any: [unknown, no] }, blind)).toBe("unknown");
    expect(held({ not: { all: [unknown, no] } }, blind)).toBe("yes");
  });
  test("stale data is used and said", () => {
    const stale = withSources(account({ last_used_on: ago(12) }), { usage: 9 });
    const { held: answer, doubts } = evaluate({ fact: "last_used_on", within_days: 30 }, stale, TODAY);
    expect(answer).toBe("yes");
    expect(doubts).toEqual(["usage data is 9 days old (source usage-feed)"]);
  });
});

describe("reasons", () => {
  test("carry the value, the question in words and the rows", () => {
    const facts = account({ overdue_minor: 123_450 });
    const [reason] = evaluate({ fact: "overdue_minor", above: 100_000 }, facts, TODAY).reasons;
    expect(reason).toMatchObject({
      label: "overdue",
      value: 123_450,
      asked: "above €1,000.00",
      held: "yes",
      evidence: { rows: ["rows:overdue_minor"] },
    });
  });
  test("of any: those that held, or else the nearest", () => {
    const near: Condition = {
      all: [
        { fact: "mrr_minor", above: 0 },
        { fact: "referrals", at_least: 1 },
      ],
    };
    const far: Condition = {
      all: [
        { fact: "reviews", at_least: 1 },
        { fact: "loyalty_points", at_least: 1 },
      ],
    };
    const named = (facts = account({ mrr_minor: 1 })) =>
      evaluate({ any: [far, near] }, facts, TODAY).reasons.map((reason) => reason.fact);
    expect(named()).toEqual(["mrr_minor", "referrals"]);
    expect(named(account({ reviews: 1, loyalty_points: 5 }))).toEqual(["reviews", "loyalty_points"]);
  });
  test("a derived fact shows the rows of the facts it comes from", () => {
    const facts = account({ active_users_30d: 20, seats: 100 });
    expect(readFact("seat_use", facts, TODAY)).toMatchObject({
      value: 0.2,
      evidence: { rows: ["rows:active_users_30d", "rows:seats"] },
    });
  });
  test("a renewal that is over is not a number of days away", () => {
    expect(factValue("days_to_renewal", account({ renews_on: ago(3) }), TODAY)).toBeNull();
    expect(factValue("seat_use", account({ active_users_30d: 3, seats: 0 }), TODAY)).toBeNull();
  });
});

describe("a condition with a mistake", () => {
  const problem = (written: unknown): string => {
    const issue = conditionSchema.safeParse(written).error?.issues[0];
    return issue ? `${issue.path.join(".")}: ${issue.message}` : "none";
  };
  test.each<[string, unknown, RegExp]>([
    [
      "names the unknown fact, its place and the nearest ones",
      { all: [{ fact: "mrr", above: 0 }] },
      /^all\.0\.fact: there is no fact "mrr"; did you mean mrr_minor/,
    ],
    ["names an operator that does not exist", { fact: "mrr_minor", over: 0 }, /"over" is no operator/],
    [
      "says which operators suit a date",
      { fact: "renews_on", at_least: 3 },
      /does not suit renews_on, which is a date; use within_days/,
    ],
    ["does not take a list where a number belongs", { fact: "seats", above: [3] }, /^above: /],
    ["asks for something to ask", { fact: "seats" }, /nothing is asked of seats/],
    ["does not take an empty list", { any: [] }, /at least one condition/],
    ["does not take two joints side by side", { all: [{ fact: "seats", above: 1 }], fact: "seats" }, /stands alone/],
    ["does not take a bare word", "seats", /a condition is expected/],
    [
      "does not take a name from the language itself",
      { fact: "constructor", known: true },
      /there is no fact "constructor"/,
    ],
  ])("%s", (_, written, message) => {
    expect(problem(written)).toMatch(message);
  });
});
