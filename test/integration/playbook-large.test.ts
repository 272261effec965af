import { beforeAll, expect, test } from "vitest";
import { playbookOf } from "#evals/document.ts";
import { type Ground, indexSet } from "#evals/index-set.ts";
import { lsaEmbedder } from "#playbooks/embedders/lsa.ts";
import { type Find, findPassages } from "#playbooks/find.ts";
import { freshWorkspace } from "../fixtures/database.ts";

// As many passages and words as it takes for every shortcut of the search to be taken.
const PASSAGES = 700;
const VOCABULARY = 150;
const LEFT_OUT = 5; // one word in so many, others in each passage
const words = Array.from({ length: VOCABULARY }, (_, at) => `zu${String.fromCharCode(97 + (at % 26))}${at}k`);
const embedder = lsaEmbedder({ dimension: 16 });
let ground: Ground;

beforeAll(async () => {
  ground = { ...(await freshWorkspace()), embedder };
  const documents = Array.from({ length: PASSAGES }, (_, passage) => {
    const said = words.filter((_, at) => (at * 7 + passage) % LEFT_OUT !== 0 && (at * passage) % 11 !== 3);
    const own = Array.from({ length: passage % 13 }, () => `own${passage % 40}s`);
    const text = [...said, ...own].join(" ");
    return { id: `p${passage}`, title: `own${passage % 40}s`, text, stages: [`s${passage % 3}`], triggers: [] };
  });
  await indexSet(ground, documents.map(playbookOf));
});

const first = (ask: Partial<Find>) =>
  ground.database.read(ground.actor, async (rows) => {
    const given = {
      words: [...words, "own7s"],
      vector: { model: embedder.name, sumOfTerms: true } as const,
      limit: 5,
    };
    return (await findPassages(rows, { ...given, ...ask })).passages;
  });

test.each([
  ["of everything", {}],
  ["held to one stage", { stages: ["s1"], onlyStages: true }],
])("among many common words, a search %s finds what reading all of them finds", async (_, held) => {
  const [quick, exact] = [await first(held), await first({ ...held, exact: true })];
  const ids = (passages: { source: string }[]) => passages.map(({ source }) => source);
  expect(exact).toHaveLength(5); // as many as have the rare word in each stage, at least
  expect(ids(quick)).toEqual(ids(exact));
  expect(quick[0]!.score).toBeCloseTo(exact[0]!.score, 3);
});

test("the rarest word decides, though the common ones are read for its passages only", async () => {
  for (const passage of await first({})) expect(Number(passage.source.slice(1)) % 40).toBe(7);
});
