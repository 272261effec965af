import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { prepared, type Sql, sql } from "#database/sql.ts";
import { playbookOf } from "#evals/document.ts";
import { type Ground, indexSet } from "#evals/index-set.ts";
import type { FixedEmbedder } from "#playbooks/embedders/embedder.ts";
import { type Find, findPassages, type SearchVector } from "#playbooks/find.ts";
import { passagesQuery } from "#playbooks/find-query.ts";
import { ingestPlaybooks } from "#playbooks/ingest.ts";
import { keepNeighbours } from "#playbooks/neighbours.ts";
import { searchPlaybooks } from "#playbooks/search.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { playbookFolder } from "../fixtures/playbook-folder.ts";

const LARGE = 2_000; // passages; the bound is lowered to it
const SMALL = 300;
const SUBJECTS = 60;
const NUMBERS = 12;
const RARE = 100; // one playbook in so many is for a stage of its own

/** Vectors about subjects: each subject a direction, each text a little beside it. The text is the playbook's number. */
function vectorOf(text: string): number[] {
  const at = Number(text.match(/\d+/)?.[0] ?? 0);
  return Array.from(
    { length: NUMBERS },
    (_, place) => Math.sin((at % SUBJECTS) * 7.3 + place * 2.1) + 0.3 * Math.sin(at * 1.7 + place * 5.9),
  );
}
const embedder: FixedEmbedder = {
  kind: "fixed",
  name: "subjects",
  dimension: NUMBERS,
  fingerprint: "subjects",
  embedPassages: async (texts) => texts.map(vectorOf),
  embedQuery: async (text) => vectorOf(text),
};
const index = { model: embedder.name, fingerprint: embedder.fingerprint };

async function filled(passages: number): Promise<Ground> {
  const ground = { ...(await freshWorkspace()), embedder };
  const documents = Array.from({ length: passages }, (_, at) => ({
    id: `p${at}`,
    title: `case ${at}`,
    text: `word${at % 50}a`,
    stages: [at % RARE === 7 ? "rare" : "common"],
    triggers: [],
  }));
  await indexSet(ground, documents.map(playbookOf));
  return ground;
}

let large: Ground;
let small: Ground;
beforeAll(async () => {
  [large, small] = [await filled(LARGE), await filled(SMALL)];
  await keepNeighbours(large.database, large.actor, index, { from: LARGE });
  await keepNeighbours(small.database, small.actor, index, { from: LARGE });
});

const asking = (text: string): SearchVector => ({ ...index, embedding: vectorOf(text) });
const find = ({ database, actor }: Ground, ask: Partial<Find>) =>
  database.read(actor, async (rows) => {
    const given = { words: [], vector: asking("case 3"), wordShare: 0, limit: 10 };
    return (await findPassages(rows, { ...given, ...ask })).passages.map(({ playbookId }) => playbookId);
  });

/** The plan of a query, as text. */
async function planOf(rows: Reading, query: Sql): Promise<string> {
  await rows.one(z.unknown(), sql`select set_config('enable_seqscan', 'off', true)`);
  const plan = await rows.many(z.object({ "QUERY PLAN": z.string() }), prepared("", sql`explain ${query}`));
  return plan.map((line) => line["QUERY PLAN"]).join("\n");
}

/** SQL with a name in it that the database made. */
const written = (...strings: string[]): Sql => ({ ...sql``, strings, values: [] });

const neighboursOf = ({ database, actor }: Ground) =>
  database.read(actor, (rows) =>
    rows.one(
      z.object({ name: z.string().nullable(), statement: z.string().nullable() }),
      sql`select neighbours as name, neighbours_statement(neighbours) as statement from embedding_index where complete`,
    ),
  );

test("only a large workspace gets a table of neighbours, and asks it by its own index", async () => {
  expect((await neighboursOf(small)).name).toBeNull();
  const { name, statement } = await neighboursOf(large);
  const [before, between, after] = statement!.split(/\$1|\$2/);
  const asked = JSON.stringify(vectorOf("case 3"));
  const query = { ...sql`${asked}${100}`, strings: [before!, between!, after!] };
  // As the owner: readers may not look into the schema of the neighbours.
  const plan = await large.database.maintain((rows) => planOf(rows, query));
  expect(plan).toMatch(new RegExp(`Index Scan using ${name}_embedding_idx on ${name}`));
});

test.each([
  ["of everything", {}],
  ["held to a stage", { stages: ["rare"], onlyStages: true }],
  ["held to some playbooks", { playbookIds: ["p7", "p9"] }],
  ["without forbidden moves", { forbiddenMoves: ["discount"] }],
])("a search %s never filters under an index of neighbours", async (_, held) => {
  const query = passagesQuery({ words: ["word7a"], vector: asking("case 3"), limit: 10, ...held });
  for (const ground of [small, large]) {
    const plan = await ground.database.read(ground.actor, (rows) => planOf(rows, query));
    expect(plan).not.toMatch(/embedding_idx|hnsw/i); // it is reached through nearest_passages only
    expect(plan).toMatch(/Function Scan on nearest_passages/);
    expect(plan).toMatch(/Index Cond: \(\(workspace_id = .*model = .*fingerprint = /);
  }
});

test("neighbours are those that comparing every vector finds, at least 99 of 100", async () => {
  let had = 0;
  let wanted = 0;
  for (let at = 0; at < 15; at++) {
    const vector = asking(`case ${at * 97 + 5}`);
    const [quick, exact] = [await find(large, { vector }), await find(large, { vector, exact: true })];
    wanted += exact.length;
    had += exact.filter((id) => quick.includes(id)).length;
  }
  expect(wanted).toBe(150);
  expect(had / wanted).toBeGreaterThanOrEqual(0.99);
});

test.each([
  ["one playbook in a hundred has the stage", { stages: ["rare"], onlyStages: true }],
  ["only twelve playbooks are asked for", { playbookIds: Array.from({ length: 12 }, (_, at) => `p${at * 11}`) }],
])("nothing is lost to a filter: %s, and all ten places are filled with the nearest", async (_, held) => {
  for (const ground of [small, large]) {
    const found = await find(ground, held);
    const there = ground === small && "stages" in held ? SMALL / RARE : 10;
    expect(found).toHaveLength(there);
    expect(found).toEqual(await find(ground, { ...held, exact: true }));
  }
});

test("nobody looks into the table of neighbours, and no other workspace gets anything out of it", async () => {
  const { name } = await neighboursOf(large);
  const look = written(`select count(*) from neighbours.${name}`);
  await expect(large.database.read(large.actor, (rows) => rows.many(z.unknown(), look))).rejects.toThrow(
    /permission denied/,
  );
  await expect(large.database.write(large.actor, (rows) => rows.run(look))).rejects.toThrow(/permission denied/);
  const nearest = (ground: Ground) =>
    ground.database.read(ground.actor, (rows) =>
      rows.many(
        z.unknown(),
        sql`select * from nearest_passages('subjects', 'subjects', ${JSON.stringify(vectorOf("case 3"))}::vector, 5)`,
      ),
    );
  expect(await nearest(large)).toHaveLength(5);
  expect(await nearest(small)).toEqual([]);
});

const hashes = async (rows: Reading, query: Sql): Promise<string[]> =>
  (await rows.many(z.object({ hash: z.string() }), query)).map(({ hash }) => hash);

test("an ingest keeps the neighbours in step with the passages, and takes the table away when few are left", async () => {
  const here = await freshWorkspace();
  const { folder, put, remove } = playbookFolder();
  for (let at = 0; at < 8; at++) put({ id: `case-${at}`, title: `Case ${at}` });
  const ingest = (neighboursFrom = 10) => ingestPlaybooks({ ...here, folder, embedder, neighboursFrom });
  const state = async () => {
    const { name } = await neighboursOf({ ...here, embedder });
    const mine = sql`workspace_id = ${here.actor.workspaceId}`; // the owner may be one whom no policy holds
    return here.database.maintain(async (rows) => {
      await rows.one(z.unknown(), sql`select set_config('app.workspace', ${String(here.actor.workspaceId)}, true)`);
      const { tables } = await rows.one(
        z.object({ tables: z.number() }),
        sql`select count(*)::int as tables from pg_class where relnamespace = 'neighbours'::regnamespace and relkind = 'r'
              and starts_with(relname::text, ${`w${here.actor.workspaceId}_`})`,
      );
      const passages = await hashes(rows, sql`select hash from passage where ${mine} order by 1`);
      const inTable = name
        ? await hashes(rows, written(`select passage_hash as hash from neighbours.${name} order by 1`))
        : null;
      return { tables, passages, inTable };
    });
  };
  await ingest();
  const first = await state();
  expect(first).toEqual({ tables: 1, passages: first.passages, inTable: first.passages });
  put({ id: "case-3", title: "Case 3, put otherwise" });
  put({ id: "case-90", title: "Zeppelin lands 90" });
  remove("retention/case-5.md");
  await ingest();
  const second = await state();
  expect(second.inTable).toEqual(second.passages);
  expect(second.passages).not.toEqual(first.passages);
  const { passages } = await searchPlaybooks({ ...here, question: "the zeppelin lands", embedder });
  expect(passages.map(({ playbookId }) => playbookId)).toContain("case-90");
  await ingest(100);
  expect(await state()).toMatchObject({ tables: 0, inTable: null });
});
