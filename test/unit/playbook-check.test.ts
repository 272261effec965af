import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { type CheckedFault, checkPlaybooks } from "#playbooks/check.ts";
import { type ReadPlaybooks, readPlaybooks } from "#playbooks/folder.ts";
import { grouped, withoutNames } from "#playbooks/gaps.ts";
import { plainName } from "#playbooks/pages.ts";
import { parsePlaybook } from "#playbooks/parse.ts";
import { scaffold } from "#playbooks/scaffold.ts";
import { type LifecycleKnowledge, readLifecycle } from "#stages/knowledge.ts";
import { playbookFolder, type WrittenPlaybook } from "../fixtures/playbook-folder.ts";

const knowledge = fileURLToPath(new URL("../../knowledge", import.meta.url));
const TODAY = "2026-11-22";
let lifecycle: LifecycleKnowledge;
beforeAll(() => {
  lifecycle = readLifecycle(knowledge);
});

const check = (read: ReadPlaybooks): CheckedFault[] =>
  checkPlaybooks({ read, models: [...lifecycle.models.values()], moves: lifecycle.moves, today: TODAY });

const FIVE = [
  "silent as a stone",
  "nobody picks up there",
  "mails come back unread",
  "they skip every call",
  "no word since spring",
];

async function checked(...playbooks: WrittenPlaybook[]): Promise<string[]> {
  const { folder, put } = playbookFolder();
  for (const playbook of playbooks) put({ triggers: FIVE, ...playbook });
  return check(await readPlaybooks(folder)).map(({ severity, playbook, says }) => `${severity} ${playbook}: ${says}`);
}

test("our own playbooks have nothing to put right", async () => {
  const read = await readPlaybooks(`${knowledge}/playbooks`);
  expect(read.playbooks.length).toBeGreaterThanOrEqual(60);
  expect(check(read)).toEqual([]);
});

test("a link to a playbook or section that is not there is told, a good one and the web are not", async () => {
  const body = `See [the good one](other.md#steps), [gone](gone.md), [no section](other.md#nowhere), [below](#steps), [web](https://example.com/x.md).

## Steps
1. Look.`;
  expect(
    await checked(
      { id: "one", title: "One", body },
      { id: "other", title: "Other", triggers: FIVE.map((each) => `${each} again`) },
    ),
  ).toEqual([
    "error one: links to gone.md, and there is no such playbook",
    "warning one: links to other.md#nowhere, and other has no such section",
  ]);
});

test("a move that the stage forbids, an unknown move and no move at all are told", async () => {
  const faults = await checked(
    { id: "early", title: "Early", stages: ["awareness"], moves: ["discount"] },
    { id: "wrong", title: "Wrong", moves: ["renewal_preparatoin"], triggers: FIVE.map((each) => `${each} again`) },
    { id: "idle", title: "Idle", moves: [], triggers: FIVE.map((each) => `${each} once more`) },
  );
  expect(faults).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^error early: experience-six: discount is forbidden in awareness/),
      expect.stringMatching(/^error wrong: there is no move "renewal_preparatoin".*renewal_preparation/),
      expect.stringMatching(/^warning idle: names no move/),
    ]),
  );
});

test("two playbooks that say the same are told, by trigger or by wording", async () => {
  const body = `${"Ring the porter, ask for the key of the lower gate, and walk around the crane before anybody signs. ".repeat(2)}

## Steps
1. Carry the customs stamp to the night ferry, then wait for the pilot on the northern quay until noon.`;
  const faults = await checked(
    { id: "one", title: "One", body },
    {
      id: "two",
      title: "Two",
      body,
      triggers: ["Silent as a STONE!", ...FIVE.slice(1).map((each) => `${each} again`)],
    },
  );
  expect(faults).toEqual([
    expect.stringMatching(/^warning two: has the trigger “silent as stone” in common with one$/),
    expect.stringMatching(/^warning two: says \d+ % in the same words as one$/),
  ]);
});

test("an old review day, too few triggers and a draft are told", async () => {
  const { folder, put, write } = playbookFolder();
  put({ id: "few", title: "Few", triggers: ["silent"] });
  put({ id: "old", title: "Old", triggers: FIVE });
  const { text } = scaffold({ id: "begun-today", stage: "support", today: TODAY });
  write("support/begun-today.md", text);
  const read = await readPlaybooks(folder);
  for (const each of read.playbooks) if (each.id === "old") each.reviewBy = "2026-11-21";
  const told = check(read).map(({ kind, playbook }) => `${kind} ${playbook}`);
  expect(told).toEqual(expect.arrayContaining(["triggers few", "review old", "draft begun-today"]));
  expect(told).not.toContain("review few");
});

test("a scaffold can be read, and takes the questions that were asked as triggers", () => {
  const { path, text } = scaffold({ id: "office-moves", stage: "retention", triggers: FIVE, today: TODAY });
  expect(path).toBe("retention/office-moves.md");
  const playbook = parsePlaybook(text, `knowledge/playbooks/${path}`);
  expect(playbook).toMatchObject({ draft: true, triggers: FIVE, reviewBy: "2027-11-22", title: "Office moves" });
  expect(playbook.passages.map(({ section }) => section)).toContain("Steps");
  expect(() => scaffold({ id: "Office Moves", stage: "retention", today: TODAY })).toThrow(/kebab-case/);
  expect(() => scaffold({ id: "x", stage: "loyalty", today: TODAY })).toThrow(/There are: awareness/);
});

test.each([
  ["Office move 0123456789abcdef0123456789abcdef.md", "Office move"],
  ["Onboarding-guide_98765432.md", "Onboarding-guide"],
  ["Q3 2026.md", "Q3 2026"],
])("the name of an exported page goes without its key: %s", (file, name) => {
  expect(plainName(file)).toBe(name);
});

test("a gap is kept without the names in it", () => {
  expect(
    withoutNames("Does ACME Corp (mail jo@acme.example, +49 170 1234567, https://acme.example/x) get a loan car?", [
      "Acme Corp",
    ]),
  ).toBe("Does (account) (mail (address) (number), (link) get a loan car?");
});

test("alike gaps stand together, the most asked first", () => {
  const gap = (question: string, askedOn: string) => ({
    question,
    askedOn,
    stage: null,
    verdict: "none" as const,
    nearest: [],
    terms: new Set(question.split(" ")),
  });
  const asked = [
    gap("loan car for customer", "2026-11-03"),
    gap("parking permit for customer", "2026-11-04"),
    gap("loan car during repair", "2026-11-05"),
    gap("need loan car", "2026-11-01"),
  ];
  const groups = grouped(asked, (term) => (["for", "customer", "need"].includes(term) ? 0.5 : 3));
  expect(groups.map(({ count, newest }) => [count, newest])).toEqual([
    [3, "2026-11-05"],
    [1, "2026-11-04"],
  ]);
});
