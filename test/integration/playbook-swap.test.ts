import { expect, test } from "vitest";
import type { FixedEmbedder } from "#playbooks/embedders/embedder.ts";
import { endpointEmbedder } from "#playbooks/embedders/endpoint.ts";
import { ingestPlaybooks } from "#playbooks/ingest.ts";
import { searchPlaybooks } from "#playbooks/search.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { embeddingServer } from "../fixtures/embedding-server.ts";
import { playbookFolder } from "../fixtures/playbook-folder.ts";

const SEARCHES = 1_000;
const SUBJECTS = ["harbour crane", "lorry ramp", "porter lodge", "customs stamp", "night ferry", "rail gauge"];
const QUESTIONS = SUBJECTS.map((subject) => `the ${subject} is stuck, what next?`);

/** Sends a text to the endpoint once; a thousand searches are about the database. */
function remembering(embedder: FixedEmbedder): FixedEmbedder {
  const known = new Map<string, Promise<number[]>>();
  const embedQuery = (text: string) => {
    const vector = known.get(text) ?? embedder.embedQuery(text);
    known.set(text, vector);
    return vector;
  };
  return { ...embedder, embedQuery };
}

test("a thousand searches while another model takes over: no error, and no answer of two models", async () => {
  const here = await freshWorkspace();
  const { folder, put } = playbookFolder();
  for (const subject of SUBJECTS) {
    for (const state of ["stuck", "late", "broken"]) {
      put({ id: `${subject.replace(" ", "-")}-${state}`, title: `The ${subject} is ${state}` });
    }
  }
  const [before, after] = [await embeddingServer({ dimension: 16 }), await embeddingServer({ dimension: 24 })];
  const old = remembering(endpointEmbedder({ ...before.settings, model: "old" }));
  const fresh = remembering(endpointEmbedder({ ...after.settings, model: "new" }));
  // The fresh model's vectors also get an index of neighbours, which comes and goes with each swap.
  const ingest = (embedder: FixedEmbedder) =>
    ingestPlaybooks({ ...here, folder, embedder, neighboursFrom: embedder === fresh ? 20 : 1_000 });
  const answer = async (question: string, embedder: FixedEmbedder, wordShare?: number) => {
    const more = wordShare === undefined ? {} : { wordShare };
    const { passages } = await searchPlaybooks({ ...here, question, embedder, ...more });
    return JSON.stringify(passages.map(({ playbookId, section, score }) => [playbookId, section, score.toFixed(6)]));
  };
  const all = (embedder: FixedEmbedder) => Promise.all(QUESTIONS.map((question) => answer(question, embedder)));

  await ingest(old);
  const byOld = await all(old);
  const byWords = await all(fresh); // its index is not there yet
  const swapping = ingest(fresh)
    .then(() => ingest(old))
    .then(() => ingest(fresh))
    .then(() => ingest(old))
    .then(() => ingest(fresh));
  const seen = { old: new Set<string>(), fresh: new Set<string>() };
  for (let at = 0; at < SEARCHES; at++) {
    const place = at % QUESTIONS.length;
    const which = at % 2 === 0 ? "old" : "fresh";
    seen[which].add(`${place} ${await answer(QUESTIONS[place]!, which === "old" ? old : fresh)}`);
  }
  await swapping;
  const byFresh = await all(fresh);

  const numbered = (answers: string[]) => answers.map((each, place) => `${place} ${each}`);
  const whole = (answers: string[]) => new Set([...numbered(answers), ...numbered(byWords)]);
  expect([...seen.old.difference(whole(byOld))]).toEqual([]);
  expect([...seen.fresh.difference(whole(byFresh))]).toEqual([]);
  expect(new Set([...byOld, ...byFresh, ...byWords]).size).toBe(3 * QUESTIONS.length); // or nothing was shown
});
