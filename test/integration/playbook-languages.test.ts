import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { askSet } from "#evals/ask-set.ts";
import { type Ground, indexSet } from "#evals/index-set.ts";
import { readQuestionSet } from "#evals/question-set.ts";
import { summaries } from "#evals/summary.ts";
import { lsaEmbedder } from "#playbooks/embedders/lsa.ts";
import { stemmerOf } from "#playbooks/languages.ts";
import { closestPassages } from "#playbooks/search.ts";
import { freshWorkspace } from "../fixtures/database.ts";

const setOf = (language: string) =>
  readQuestionSet(fileURLToPath(new URL(`../../knowledge/golden/languages/${language}`, import.meta.url)), "none");

async function indexedAs(language: string, stemmedAs: string): Promise<Ground> {
  const ground = { ...(await freshWorkspace()), embedder: lsaEmbedder(), stemmer: stemmerOf(stemmedAs) };
  await indexSet(ground, (await setOf(language)).playbooks);
  return ground;
}

describe.each([
  // One word, in a form that the playbook does not have.
  ["german", "Kündigungsfristen", "renewal-60-days-silent"],
  ["spanish", "disculparnos", "outage-hitting-customers"],
  ["french", "résiliée", "scheduled-cancellation"],
])("playbooks and questions in %s", (language, inflected, playbook) => {
  test("are found, and what none of them covers is not answered", async () => {
    const ground = await indexedAs(language, language);
    const run = await askSet(ground, await setOf(language));
    const [all] = summaries(run);
    expect(all?.questions).toBeGreaterThanOrEqual(15);
    expect(all?.hit5).toBeGreaterThanOrEqual(0.9);
    expect(all?.ndcg10).toBeGreaterThanOrEqual(0.78);
    expect(all?.gate?.falseAnswers).toBe(0);
  });

  test(`“${inflected}” is found by the setting ${language}, and not by english`, async () => {
    const found = async (stemmedAs: string) => {
      const ground = await indexedAs(language, stemmedAs);
      const { passages } = await closestPassages({ ...ground, question: inflected, limit: 1 });
      return passages[0]?.playbookId ?? null;
    };
    expect([await found(language), await found("english")]).toEqual([playbook, null]);
  });
});
