import { expect, test } from "vitest";
import type { Answer, Finding } from "#agent/answer.ts";
import { ACTIONS } from "#slack/actions.ts";
import { answerMessages } from "#slack/views/index.ts";
import { NO_FOCUS } from "#threads/focus.ts";

const look = { today: "2026-11-22", zone: "Europe/Berlin", audience: "private" as const };
const passage = {
  playbookId: "angry-ticket",
  title: "An angry ticket",
  section: "Steps",
  text: "## Steps\n1. Read the whole history.\n2. Call first.",
  source: "knowledge/playbooks/support/angry-ticket.md#steps",
  why: { words: ["angry"], trigger: null, stage: false, fired: false },
  stages: [],
  facts: [],
  reviewBy: "2026-01-31",
  reviewOverdue: true,
};
const source = {
  playbook: "An angry ticket",
  section: "Steps",
  path: passage.source,
  playbookId: "angry-ticket",
  text: passage.text,
  matched: "words angry",
  overdueSince: "2026-01-31",
};
const words = "From the playbooks:\n**An angry ticket** — Steps (knowledge/playbooks/support/angry-ticket.md#steps)";
const finding = (verdict: "found" | "close", said = words): Finding => ({
  tool: "search_playbooks",
  input: {},
  output: { verdict, passages: [passage], account: null, stage: null, facts: [], note: null },
  words: said,
  isError: false,
});
const shown = (given: Partial<Answer>) => {
  const answer: Answer = {
    text: "",
    offline: false,
    offlineBecause: null,
    findings: [finding("found")],
    sources: [{ ...source, number: 1, cited: false }],
    dropped: [],
    keptOut: [],
    usage: { modelCalls: 1, tokens: 1, ms: 1 },
    focus: NO_FOCUS,
    ...given,
  };
  const [message] = answerMessages(answer, look, { turn: 1 });
  return { text: message?.text, blocks: JSON.stringify(message?.blocks) };
};

test("a cited passage stands under the prose with its number, why it was found, its age, and a button that opens it", () => {
  const { text, blocks } = shown({ text: "Call first [1].", sources: [{ ...source, number: 1, cited: true }] });
  expect(blocks).toContain("[1] *An angry ticket* — Steps");
  expect(blocks).toContain("Matched: words angry.");
  expect(blocks).toMatch(/to be reviewed by 31 Jan 2026/);
  expect(blocks).toContain(`"action_id":"${ACTIONS.playbook}"`);
  expect(blocks).not.toContain("Read the whole history"); // the prose has told it
  expect(text).toContain("[1] An angry ticket, Steps (knowledge/playbooks/support/angry-ticket.md#steps)");
});

test("where a model's wording was not kept, the passages themselves are shown", () => {
  const { blocks } = shown({ text: `The model's wording did not keep to what was found:\n\n${words}` });
  expect(blocks).toContain("Read the whole history");
  expect(blocks).not.toContain("[1]");
});

test("below the gate the closest can be opened, beside what was said of the data", () => {
  const no = `No playbook covers this. The closest:\n- An angry ticket — Steps (${passage.source})`;
  const { blocks } = shown({
    text: `Acme GmbH has 2 tickets.\n\n${no}`,
    findings: [finding("close", no)],
    sources: [],
  });
  expect(blocks).toContain("Acme GmbH has 2 tickets.");
  expect(blocks.match(/No playbook covers this/g)).toHaveLength(1);
  expect(blocks).toContain("Open the playbook An angry ticket");
});
