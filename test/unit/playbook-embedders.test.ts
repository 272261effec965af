import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "#config.ts";
import type { PassageDocument } from "#playbooks/documents.ts";
import { costInWords, costOf, refuseUnasked } from "#playbooks/embedders/cost.ts";
import { chooseEmbedder } from "#playbooks/embedders/embedder.ts";
import { localEmbedder } from "#playbooks/embedders/local.ts";
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

/** A folder that looks like a model's, gone after the test. */
function modelFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "perennial-model-e5-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}
const WHOLE = { "config.json": "{}", "tokenizer.json": "{}", "onnx/model.onnx": "weights" };

test("a model on this machine without the package that runs it: a sentence with the cure", async () => {
  const embedder = localEmbedder({ model: modelFolder(WHOLE) });
  await expect(embedder.embedQuery("renewal")).rejects.toThrow(
    /needs the package @huggingface\/transformers, which is not installed\. Run `npm install @huggingface\/transformers`, or unset/,
  );
});

test("a folder that is no model says what it lacks, before anything is embedded", () => {
  expect(() => localEmbedder({ model: "/nowhere/at/all" })).toThrow(/There is no folder \/nowhere\/at\/all/);
  const { "tokenizer.json": _, ...rest } = WHOLE;
  expect(() => localEmbedder({ model: modelFolder(rest) })).toThrow(/lacks tokenizer\.json\. Export the model to ONNX/);
  expect(() => localEmbedder({ model: modelFolder({}) })).toThrow(
    /lacks config\.json and tokenizer\.json and onnx\/model\.onnx/,
  );
});

// Stands in for the package's own interface; no model runs here.
test("the package is asked for the folder only, in small batches, and answers in the order of the texts", async () => {
  const asked: { model: string; options: unknown; texts: string[]; how: unknown }[] = [];
  const env = { allowRemoteModels: true };
  const load = async () => ({
    env,
    pipeline: async (_task: string, model: string, options: unknown) => async (texts: string[], how: unknown) => {
      asked.push({ model, options, texts, how });
      return {
        made: texts.map((text) => [text.length, 1]),
        tolist() {
          return this.made;
        },
      };
    },
  });
  const folder = modelFolder({ ...WHOLE, "1_Pooling/config.json": '{"pooling_mode_cls_token":true}' });
  const embedder = localEmbedder({ model: folder, load });
  const texts = Array.from({ length: 40 }, (_, at) => "x".repeat(at + 1));
  const prefix = "passage: ".length; // a folder named like an E5 model
  expect(await embedder.embedPassages(texts)).toEqual(texts.map((text) => [prefix + text.length, 1]));
  expect(embedder.dimension).toBe(2);
  expect(asked.map((each) => each.texts.length)).toEqual([16, 16, 8]);
  expect(env.allowRemoteModels).toBe(false);
  expect(asked[0]).toMatchObject({
    model: folder,
    options: { local_files_only: true, dtype: "fp32" },
    how: { pooling: "cls", normalize: true },
  });
  expect(localEmbedder({ model: modelFolder(WHOLE) }).fingerprint).not.toBe(embedder.fingerprint); // it pools otherwise
});

test("the one setting chooses: nothing, a name at the endpoint, or local: and a folder", () => {
  expect(chooseEmbedder(readConfig({}).embedding).kind).toBe("fitted");
  expect(() => readConfig({ PERENNIAL_EMBEDDING_MODEL: "small" })).toThrow(
    /neither OPENAI_API_KEY nor OPENAI_BASE_URL/,
  );
  const endpoint = { PERENNIAL_EMBEDDING_MODEL: "small", OPENAI_API_KEY: "k", PERENNIAL_EMBEDDING_PRICE: "0.02" };
  expect(chooseEmbedder(readConfig(endpoint).embedding)).toMatchObject({ name: "small", metered: { price: 0.02 } });
  const local = chooseEmbedder(readConfig({ PERENNIAL_EMBEDDING_MODEL: `local:${modelFolder(WHOLE)}` }).embedding);
  expect(local.name).toMatch(/^local:.*perennial-model/);
  expect("metered" in local).toBe(false);
});

test("what a run at an endpoint takes is told, and a large one is refused where nobody can say yes", () => {
  const small = costOf(["a".repeat(4_000), "b".repeat(401)], null);
  expect(small).toEqual({ passages: 2, tokens: 1_101, amount: null });
  expect(costInWords(small)).toMatch(
    /^2 passages go to the embedding endpoint, about 1,101 tokens; PERENNIAL_EMBEDDING_PRICE/,
  );
  expect(() => refuseUnasked(small)).not.toThrow();
  const large = costOf(
    Array.from({ length: 3_000 }, () => "c".repeat(2_000)),
    0.13,
  );
  expect(large.amount).toBeCloseTo(0.195, 6);
  expect(() => refuseUnasked(large)).toThrow(
    /3,000 passages.*about 1\.5 million tokens; about 0\.20 .*`perennial ingest --yes` does it\. Nothing was sent\./,
  );
});
