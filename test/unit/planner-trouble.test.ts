import { describe, expect, test } from "vitest";
import { planQuestion } from "#agent/offline-planner/plan.ts";
import { type Focus, NO_FOCUS } from "#threads/focus.ts";

const vocabulary = {
  stages: ["Support", "Retention"],
  teams: ["EMEA"],
  owners: ["Lukas Brandl"],
  segments: [],
  industries: [],
  countries: ["DE"],
  plans: ["Team"],
  campaigns: [],
};
const plan = (question: string, focus: Partial<Focus> = {}) =>
  planQuestion({ question, today: "2026-11-22", vocabulary, focus: { ...NO_FOCUS, ...focus }, asker: null });
const search = (question: string, account?: string) => ({
  tool: "search_playbooks",
  input: { question, ...(account ? { account } : {}) },
});

describe("a support lead tells what is wrong, and the playbooks are looked up with all of it", () => {
  test.each([
    "ticket has been open for 3 weeks and the customer asks every day",
    "customer says they will leave because we cannot do single sign-on, feature is missing",
    "we got a 1 star rating after a ticket was closed, who calls them",
    "they noticed that they pay for 40 seats nobody uses and want money back",
    "customer is cut off because their card expired and now they shout at support",
    "customer asks for our GDPR records of processing, what do I send",
    "which forklift certification do our drivers need",
    "customer only uses half of their seats and wants to downgrade",
    "someone left an NPS of 2",
  ])("%s", (told) => {
    expect(plan(`${told}?`)).toEqual({ calls: [search(told)], say: [] });
  });

  test("an account that it happens to goes along, without its name in the question", () => {
    expect(plan("Clearforge Media is furious about their tickets, what do I do?").calls).toEqual([
      search("customer is furious about their tickets, what do I do", "Clearforge Media"),
    ]);
    expect(plan("the champion at Acme GmbH has left, what now?").calls).toEqual([
      search("the champion has left, what now", "Acme GmbH"),
    ]);
    const inHand = { account: { id: 7, name: "Acme GmbH" } };
    expect(plan("they are furious about the price", inHand).calls).toEqual([
      search("they are furious about the price", "#7"),
    ]);
  });

  test("what may be given to a customer is looked up for that customer, whatever was told before", () => {
    const before = { calls: [search("they only use half of their seats", "#7")] };
    expect(plan("can I give Globex a credit?", before).calls).toEqual([
      search("can I give a customer a goodwill credit", "Globex"),
    ]);
    expect(plan("NPS detractor at Acme GmbH, what now?").calls).toEqual([
      search("NPS detractor, what now", "Acme GmbH"),
    ]);
  });

  test.each([
    "what do I do when a payment failed three times?",
    "what is our uptime guarantee?",
    "where is our status page?",
  ])("a question of its own is none of the account that was talked of: %s", (question) => {
    const before = { account: { id: 7, name: "Acme GmbH" }, calls: [search("the champion has left", "#7")] };
    expect(plan(question, before)).toEqual({ calls: [search(question.replace("?", ""))], say: [] });
  });

  test.each([
    "customers who left an NPS of 2",
    "which accounts complain about price?",
    "how many customers threaten to leave?",
    "unused seats by team",
  ])("a question for data stays one: %s", (question) => {
    expect(plan(question).calls.map(({ tool }) => tool)).not.toContain("search_playbooks");
  });
});

describe("a follow-up that nothing was told before", () => {
  test.each(["and what do I write them?", "what do I say to the customer?", "how do I answer them?", "what then?"])(
    "is asked back for the situation: %s",
    (question) => {
      expect(plan(question)).toEqual({ calls: [], say: [expect.stringContaining("What is it about?")] });
    },
  );

  test("is none where it tells the situation itself, or an account is at hand", () => {
    expect(plan("what do I write to a customer whose invoice is overdue?").calls).toHaveLength(1);
    expect(plan("what do I do if a customer threatens to leave?").calls).toHaveLength(1);
    expect(plan("what do I write them?", { account: { id: 7, name: "Acme GmbH" } }).calls).toHaveLength(1);
    expect(plan("what should I do next?").say).toEqual([expect.stringContaining("Which account do you mean")]);
  });
});

describe("the talk goes on about the same situation", () => {
  const before = { calls: [search("the customer threatens to cancel", "#7")] };

  test.each(["what do I write them?", "and what do I say afterwards?", "what is the first thing I do?"])(
    "%s",
    (question) => {
      const asked = question.replace("?", "");
      expect(plan(question, before).calls).toEqual([search(`the customer threatens to cancel; ${asked}`, "#7")]);
    },
  );

  test("a turn that it takes is looked up by itself, for the same account", () => {
    expect(plan("and if they still want to leave?", before).calls).toEqual([search("they still want to leave", "#7")]);
  });

  test("a third question leaves the second one behind", () => {
    const twice = { calls: [search("the customer threatens to cancel; what do I write")] };
    expect(plan("and what do I say to their boss?", twice).calls).toEqual([
      search("the customer threatens to cancel; and what do I say to their boss"),
    ]);
  });

  test("another language is honestly refused, and only there", () => {
    expect(plan("in German?", before)).toMatchObject({
      calls: [],
      say: [expect.stringContaining("To translate takes a model")],
    });
    expect(plan("in Germany?", before).say.join()).not.toContain("translate");
  });
});
