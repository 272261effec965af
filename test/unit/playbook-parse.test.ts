import { expect, test } from "vitest";
import { parsePlaybook } from "#playbooks/parse.ts";
import { playbookText, type WrittenPlaybook } from "../fixtures/playbook-folder.ts";

const FILE = "knowledge/playbooks/retention/quiet.md";
const parse = (given: Partial<WrittenPlaybook>) =>
  parsePlaybook(playbookText({ id: "quiet", title: "They went quiet", ...given }), FILE);
const refusal = (text: string, file = FILE): string => {
  try {
    parsePlaybook(text, file);
  } catch (error) {
    return String(error);
  }
  throw new Error("was accepted");
};

test("each heading section is a passage that knows the headings above it", () => {
  const { passages } = parse({
    body: "Purpose.\n\n## Steps\n1. Call\n\n## Words to use\n### Mail, first\n> Hello\n\n### Mail, first\n> Hello again",
  });
  expect(passages.map(({ section, path, anchor, text }) => ({ section, path, anchor, text }))).toEqual([
    { section: "They went quiet", path: [], anchor: "they-went-quiet", text: "Purpose." },
    { section: "Steps", path: ["Steps"], anchor: "steps", text: "1. Call" },
    { section: "Mail, first", path: ["Words to use", "Mail, first"], anchor: "mail-first", text: "> Hello" },
    { section: "Mail, first", path: ["Words to use", "Mail, first"], anchor: "mail-first-1", text: "> Hello again" },
  ]);
});

test("a table and a fence stay whole, also where the section is long and a line in the fence looks like a heading", () => {
  const table = `| a | b |\n| - | - |\n${"| one | two |\n".repeat(600)}`.trim();
  const fence = `\`\`\`md\n## not a heading\n${"line\n".repeat(2000)}\`\`\``;
  const { passages } = parse({ body: `## Steps\n${table}\n\nBetween.\n\n${fence}\n\nAfter.` });
  expect(passages.every(({ section }) => section === "Steps")).toBe(true);
  expect(passages.some(({ text }) => text.includes(table))).toBe(true);
  expect(passages.some(({ text }) => text.includes(fence))).toBe(true);
});

test("a playbook without headings is one passage under its title", () => {
  const text = playbookText({ id: "quiet", title: "They went quiet" }).replace(
    /---\n# [\s\S]*$/,
    "---\nJust call them.\n",
  );
  expect(parsePlaybook(text, FILE).passages).toMatchObject([
    { section: "They went quiet", path: [], anchor: "", text: "Just call them." },
  ]);
});

test("a changed trigger changes every passage, a changed section only its own", () => {
  const before = parse({}).passages.map(({ hash }) => hash);
  const [otherTriggers, otherSteps] = [
    parse({ triggers: ["silence"] }),
    parse({ body: "Why it matters that they went quiet.\n\n## Steps\n1. Write." }),
  ];
  expect(otherTriggers.passages.map(({ hash }) => hash).filter((hash) => before.includes(hash))).toEqual([]);
  expect(otherSteps.passages.map(({ hash }) => before.includes(hash))).toEqual([true, false]);
});

test("a byte order mark and Windows line ends change nothing", () => {
  const text = playbookText({ id: "quiet", title: "They went quiet" });
  expect(parsePlaybook(`\uFEFF${text.replaceAll("\n", "\r\n")}`, FILE)).toEqual(parsePlaybook(text, FILE));
});

test("broken YAML is told with file and line", () => {
  expect(refusal(playbookText({ id: "quiet", title: "They: went: quiet" }))).toMatch(/quiet\.md.*line 3/s);
});

test.each([
  ["an unknown stage", { stages: ["loyalty"] }, /line 4, stages\[0\]: must be one of awareness, /],
  ["an unknown field", { more: "colour: red\n" }, /colour is not known here/],
  [
    "an unknown fact",
    { more: "when: { fact: renews_onn, ahead_within_days: 60 }\n" },
    /no fact "renews_onn".*renews_on/,
  ],
  ["an id that is not the file's name", { id: "loud" }, /"loud" is not the file's name\. Rename/],
  [
    "a stage of another folder",
    { stages: ["support", "retention"] },
    /lies in the folder retention, but its first stage is support/,
  ],
])("%s is told with its place and cure", (_, given, told) => {
  expect(refusal(playbookText({ id: "quiet", title: "They went quiet", ...given }))).toMatch(told);
});

test("text without front matter, and front matter without text, say what is missing", () => {
  expect(refusal("# Steps\nCall.")).toMatch(/has no front matter\. Begin the file with/);
  expect(refusal(playbookText({ id: "quiet", title: "They went quiet" }).replace(/---\n# [\s\S]*$/, "---\n"))).toMatch(
    /nothing below it/,
  );
});

test("ten megabytes are refused at once", () => {
  expect(refusal("x".repeat(10_000_000))).toMatch(/at most 1000000\. Split it/);
});
