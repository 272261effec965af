import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { changesSince, readAccepted, writeAccepted } from "#evals/accepted-run.ts";
import type { Measured, Run } from "#evals/ask-set.ts";
import { readQuestionSet } from "#evals/question-set.ts";

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "perennial-set-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
const read = (files: Record<string, string>) => readQuestionSet(folderWith(files), "/no/playbooks");
const CORPUS =
  '{"_id":"d1","title":"Reset a password","text":"Go there","stage":"support"}\n{"id":"d2","text":"Else"}\n';

test("a set in the usual form is read, whatever its ids are called", async () => {
  const set = await read({
    "corpus.jsonl": CORPUS,
    "queries.jsonl":
      '{"_id":1,"text":"lost my password","stage":"support"}\n{"id":"q2","text":"weather?","oos":true}\n{"id":"q3","text":"left over"}\n',
    "qrels.tsv": "query-id\tcorpus-id\tscore\n1\td1\t1\n",
    "unanswerable.txt": "near|tax forms\noff|weather?\n",
  });
  expect(set.playbooks.map(({ id, stages }) => [id, stages])).toEqual([
    ["d1", ["support"]],
    ["d2", []],
  ]);
  expect(set.questions).toMatchObject([{ id: "1", stage: "support", grades: new Map([["d1", 1]]) }]);
  expect(set.unanswerable.map(({ text }) => text).sort()).toEqual(["tax forms", "weather?"]);
  expect(set.unjudged).toBe(1);
});

test("a set from elsewhere is read as it lies: other ids, line ends, empty titles, judgements of a split", async () => {
  const set = await read({
    "corpus.jsonl": '\uFEFF{"_id":7,"text":"Go there"}\r\n{"_id":"d2","title":null,"text":"Else","metadata":{}}\r\n',
    "queries.jsonl": '{"_id":1,"text":"lost my password"}\r\n{"_id":"2","text":"no judgement"}',
    "qrels/test.tsv": "\uFEFFquery-id\tcorpus-id\tscore\r\n1\t7\t2\r\n1\td2\t0\r\n1\tgone\t1\r\n",
    "qrels/train.tsv": "query-id\tcorpus-id\tscore\n2\td2\t1\n",
    "unanswerable.jsonl": '{"text":"weather?"}\n{"text":"tax forms"}\n',
  });
  expect(set.playbooks.map(({ id, title, triggers }) => [id, title, triggers])).toEqual([
    ["7", "", []],
    ["d2", "", []],
  ]);
  expect(set.questions.map(({ id, grades }) => [id, Object.fromEntries(grades)])).toEqual([["1", { 7: 2, gone: 1 }]]);
  expect(set.unanswerable.map(({ id }) => id)).toEqual(["none-1", "none-2"]);
  expect([set.unjudged, set.missing]).toEqual([1, 1]);
});

test.each([
  ["tabs, three columns", "1\td1\t1\n"],
  ["blanks, three columns", "1  d1 1\n"],
  ["as in TREC", "1 0 d1 1\n1 0 d2 0\n1 0 d3 -1\n"],
  ["as in TREC, with tabs", "1\t0\td1\t1\n"],
  ["a grade with a fraction, and the same judged twice", "1\td1\t0.5\n1\td1\t1.0\n"],
])("judgements are read with %s", async (_, qrels) => {
  const { questions, missing } = await read({
    "corpus.jsonl": CORPUS,
    "queries.jsonl": '{"id":"1","text":"lost my password"}\n',
    "qrels.tsv": qrels,
  });
  expect(questions.map(({ grades }) => [...grades])).toEqual([[["d1", 1]]]);
  expect(missing).toBe(0);
});

test.each([
  ["no queries", { "qrels.tsv": "q\td\t1\n" }, /queries\.jsonl cannot be read/],
  ["a line that is no JSON", { "queries.jsonl": "{oops\n", "qrels.tsv": "q\td\t1\n" }, /queries\.jsonl, line 1/],
  ["a query without an id", { "queries.jsonl": '{"text":"x"}\n', "qrels.tsv": "q\td\t1\n" }, /line 1: has no id/],
  [
    "qrels with two columns",
    { "queries.jsonl": '{"id":"q","text":"x"}\n', "qrels.tsv": "q\td\n" },
    /qrels\.tsv, line 1/,
  ],
  [
    "an id twice",
    { "corpus.jsonl": CORPUS + CORPUS, "queries.jsonl": '{"id":"q","text":"x"}\n', "qrels.tsv": "q\td1\t1\n" },
    /corpus\.jsonl, lines 1 and 3: the id "d1" twice/,
  ],
  [
    "a document without a text",
    { "corpus.jsonl": '\n{"id":"d"}\n', "queries.jsonl": '{"id":"q","text":"x"}\n', "qrels.tsv": "q\td\t1\n" },
    /corpus\.jsonl, line 2: "text" is missing or wrong/,
  ],
  [
    "a grade in words",
    { "queries.jsonl": '{"id":"q","text":"x"}\n', "qrels/test.tsv": "q\td\t1\nq\te\tgood\n" },
    /qrels\/test\.tsv, line 2: write question id, document id and grade/,
  ],
  [
    "judgements of other documents",
    { "corpus.jsonl": CORPUS, "queries.jsonl": '{"id":"q","text":"x"}\n', "qrels.tsv": "q\tD1\t1\n" },
    /names none of the 2 documents that there are, but such as "D1"/,
  ],
  [
    "judgements of other questions",
    { "corpus.jsonl": CORPUS, "queries.jsonl": '{"id":"q","text":"x"}\n', "qrels.tsv": "other\td1\t1\n" },
    /judges none of the questions/,
  ],
])("%s gets a sentence that names the place", async (_, files, sentence) => {
  await expect(read(files)).rejects.toThrow(sentence);
});

const asked = (id: string, ndcg: number, answered = true): Measured => ({
  id,
  half: null,
  stage: null,
  ndcg,
  recall: 0,
  hit: 0,
  reciprocalRank: 0,
  precision: 0,
  confidence: 0,
  answered,
  first: [],
});
const runOf = (ndcg: number, falseAnswers = 0): Run => ({
  questions: Array.from({ length: 30 }, (_, at) => asked(`q${at}`, ndcg + (at % 3) / 100)),
  unanswerable: Array.from({ length: 20 }, (_, at) => ({
    id: `u${at}`,
    half: null,
    confidence: 0,
    answered: at < falseAnswers,
  })),
});

test("a run is held against the accepted one: drops beyond chance are told, gains are not", () => {
  const file = join(folderWith({}), "accepted-run.json");
  expect(readAccepted(file)).toBeNull();
  writeAccepted(file, runOf(0.8), "lsa-128");
  const before = readAccepted(file)!;
  const dropped = (run: Run) => changesSince(before, run).flatMap((each) => (each.dropped ? [each.what] : []));
  expect(dropped(runOf(0.8))).toEqual([]);
  expect(dropped(runOf(0.9))).toEqual([]);
  expect(dropped(runOf(0.7))).toEqual(["nDCG@10"]);
  expect(dropped(runOf(0.8, 8))).toEqual(["false answers"]);
  const one = runOf(0.8);
  one.questions[4] = asked("q4", 0); // a single question may be chance
  expect(dropped(one)).toEqual([]);
});

test("questions that the accepted run does not know are left out of the comparison", () => {
  const file = join(folderWith({}), "accepted-run.json");
  writeAccepted(file, runOf(0.8), "lsa-128");
  const more = runOf(0.8);
  more.questions.push(asked("new", 0));
  expect(changesSince(readAccepted(file)!, more)[0]).toMatchObject({ questions: 30, difference: { mean: 0 } });
});

test("a broken accepted run is refused with what to do", () => {
  const folder = folderWith({ "accepted-run.json": "{}" });
  expect(() => readAccepted(join(folder, "accepted-run.json"))).toThrow(/Delete it and run with --accept/);
  expect(() => writeAccepted(join(folder, "none", "x.json"), runOf(1), "e")).toThrow(/--accepted/);
});
