import { expect, test } from "vitest";
import type { PassageDocument } from "#playbooks/documents.ts";
import { lsaEmbedder } from "#playbooks/embedders/lsa.ts";
import { wordsOf } from "#playbooks/words.ts";

const documentOf = (text: string, at: number): PassageDocument => {
  const frequencies = new Map<string, number>();
  for (const word of text.split(" ")) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  return { hash: String(at), frequencies, length: text.split(" ").length };
};
const TEXTS = [
  "renewal contract silent account",
  "renewal contract notice period",
  "contract notice silent customer",
  "invoice card payment failed",
  "invoice payment overdue dunning",
  "card payment dunning bank",
  "ticket angry support reply",
  "ticket support escalation reply",
];
const fitted = (texts: string[], dimension = 3) => lsaEmbedder({ dimension }).fit(texts.map(documentOf));
const cosine = (one: number[], other: number[]): number => {
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
};

test("words that stand in the same passages come close, though they never stand together", () => {
  const { terms } = fitted(TEXTS);
  // "failed" and "overdue" share no passage; both go with invoices and payments.
  expect(cosine(terms.get("failed")!, terms.get("overdue")!)).toBeGreaterThan(0.9);
  expect(cosine(terms.get("failed")!, terms.get("angry")!)).toBeLessThan(0.3);
});

test("a question made of a passage's words is nearest to that subject", () => {
  const { terms, passages } = fitted(TEXTS);
  const question = terms.get("dunning")!.map((value, at) => value + terms.get("bank")![at]!);
  const ranked = passages
    .map((vector, at) => ({ at, close: cosine(question, vector!) }))
    .sort((a, b) => b.close - a.close);
  expect(
    ranked
      .slice(0, 3)
      .map(({ at }) => at)
      .sort(),
  ).toEqual([3, 4, 5]);
});

test("the same passages make the same model, changed ones another", () => {
  expect(fitted(TEXTS)).toEqual(fitted(TEXTS));
  const embedder = lsaEmbedder();
  expect(embedder.fingerprintOf(["b", "a"])).toBe(embedder.fingerprintOf(["a", "b"]));
  expect(embedder.fingerprintOf(["a", "b"])).not.toBe(embedder.fingerprintOf(["a", "c"]));
});

test.each([
  ["one passage", ["renewal contract"]],
  ["passages that are all alike", Array.from({ length: 6 }, () => "renewal contract silent")],
  ["a passage without a word", ["renewal contract", "renewal notice", ""]],
])("%s still make numbers", (_, texts) => {
  const documents = texts.map((text, at) =>
    text === "" ? { hash: "e", frequencies: new Map(), length: 0 } : documentOf(text, at),
  );
  const { passages, terms } = lsaEmbedder().fit(documents);
  const numbers = [...passages.flatMap((vector) => vector ?? []), ...[...terms.values()].flat()];
  expect(numbers.length).toBeGreaterThan(0);
  expect(numbers.every(Number.isFinite)).toBe(true);
});

test("words lose contractions, placeholders, addresses, numbers and greetings", () => {
  expect(
    wordsOf(
      "Hey, they've gone quiet & don't answer {first_name}: see https://a.example/x 20 times, customer’s 2nd CALL",
    ),
  ).toEqual(["they", "gone", "quiet", "answer", "see", "times", "customer", "2nd", "call"]);
});
