import { loadavg } from "node:os";
import pg from "pg";
import type { Actor } from "#actor.ts";
import { indexSet } from "#evals/index-set.ts";
import { findPassages } from "#playbooks/find.ts";
import type { Playbook } from "#playbooks/playbook.ts";
import { closestPassages } from "#playbooks/search.ts";
import { indexReport } from "#playbooks/statistics.ts";
import { asVector } from "#playbooks/vectors.ts";
import { saidWords } from "#playbooks/words.ts";
import { actorIn, ensureWorkspace, type Workspace } from "#workspaces/workspace.ts";
import { type BenchDatabase, freshDatabase } from "../databases.ts";
import { type Contestant, interleaved, single, timed } from "../measure.ts";
import type { Options } from "../options.ts";
import type { PartResult, Row } from "../result.ts";
import { crowd, openCrowd } from "./crowd.ts";
import { type AskedQuestion, DIMENSION, playbooksOf, questionsOf, standInEmbedder, vectorOf } from "./generate.ts";
import { langChain, miniSearch, type Peer } from "./peers.ts";

const WARMUP = 5; // questions of each contestant
const FOUND = 10;
const AIM = { size: 10_000, p50Below: 15 };
const COMPARED = 50; // questions whose answers are held against the exact ones

/** Playbook search in workspaces of several sizes, all in one database, against doing less of it and other libraries. */
export async function measureRetrieval(options: Options, tell: (words: string) => void): Promise<PartResult> {
  const bench = await freshDatabase(options.serverUrl, "retrieval");
  const result: PartResult = {
    rows: [],
    notes: [
      `Made-up playbooks of five passages, 25 to 90 words each, as unevenly frequent as those of a language; vectors of ${DIMENSION} numbers from a stand-in for an embedding model (the offline one, fitted once on 8,000 of the passages). All workspaces lie in one database.`,
      "Ours is one visit through the door: words and vectors, mixed, boosted for the stage, ten passages with their text. pgvector is one statement over the same rows, on a bare connection.",
      "Exact is the same search with every posting read and every vector compared; from 10,000 snippets on ours asks an index of neighbours, whose making is in the ingest. Memory of ours is disk, tables with indexes; of the others, heap of this process.",
    ],
  };
  try {
    vectorOf(""); // the stand-in is fitted now, on nobody's account
    const places: Place[] = [];
    for (const size of options.snippets) places.push(await fill(bench, size, tell));
    await vacuum(bench);
    for (const place of places) {
      tell(`asking ${place.size} snippets (load ${loadavg()[0]!.toFixed(1)})`);
      result.rows.push(...(await measureOne(bench, place, { options, tell })));
    }
    if (options.serverUrl && options.workspaces > 1)
      result.rows.push(...(await measureCrowd({ ...options, serverUrl: options.serverUrl }, tell)));
    result.notes.push(`Load of the machine at the end, over five minutes: ${loadavg()[1]!.toFixed(1)}.`);
    if (!result.rows.some(({ against }) => against?.name.startsWith("LangChain")))
      result.notes.push("LangChain is left out: its package could not be fetched.");
  } finally {
    await bench.close();
  }
  return result;
}

const CROWDED = 10_000; // snippets of each workspace

/** One workspace among many of its size, all in one database, loaded by copying the first one's rows. */
async function measureCrowd(options: Options & { serverUrl: string }, tell: (words: string) => void): Promise<Row[]> {
  const { bench, kept, close } = await openCrowd(options);
  try {
    const place = await fill(bench, CROWDED, tell);
    await crowd(bench, place.workspace, options.workspaces, tell);
    if (!kept) await vacuum(bench);
    tell(`asking 1 of ${options.workspaces} workspaces (load ${loadavg()[0]!.toFixed(1)})`);
    const what = `search, ${CROWDED} of ${CROWDED * options.workspaces} snippets`;
    return (await measureOne(bench, place, { options, tell, what })).filter((row) => row.what === what);
  } finally {
    await close();
  }
}

interface Place {
  size: number;
  workspace: Workspace;
  actor: Actor;
  playbooks: Playbook[];
  snippetsPerSecond: number;
  diskMb: number;
}

async function fill(bench: BenchDatabase, size: number, tell: (words: string) => void): Promise<Place> {
  const { database } = bench;
  const name = `bench-${size}`;
  const workspace = await ensureWorkspace(database, { handle: name, name, zone: "UTC", baseCurrency: "EUR" });
  const actor = actorIn(workspace);
  const playbooks = [...playbooksOf(size)];
  const there = await database.read(actor, indexReport);
  if (there.passages > 0) return { size, workspace, actor, playbooks, snippetsPerSecond: 0, diskMb: 0 }; // of an earlier run
  const before = await diskMb(bench);
  const { ms } = await timed(() => indexSet({ database, actor, embedder: standInEmbedder }, playbooks));
  tell(`${size} snippets indexed in ${(ms / 1000).toFixed(1)} s`);
  return {
    size,
    workspace,
    actor,
    playbooks,
    snippetsPerSecond: (1000 * size) / ms,
    diskMb: (await diskMb(bench)) - before,
  };
}

/** What a server does by itself within minutes of a large ingest. */
const vacuum = ({ database }: BenchDatabase) => database.withClient((client) => client.query("vacuum (analyze)"));

async function diskMb({ database }: BenchDatabase): Promise<number> {
  const { rows } = await database.withClient((client) =>
    client.query<{ bytes: number }>(`select sum(pg_total_relation_size(oid))::float8 as bytes from pg_class
      where relkind = 'r' and (relname like 'passage%' or relname in ('playbook', 'embedding_index', 'term_vector')
        or relnamespace = 'neighbours'::regnamespace)`),
  );
  return rows[0]!.bytes / 2 ** 20;
}

async function measureOne(
  bench: BenchDatabase,
  place: Place,
  {
    options,
    tell,
    what = `search, ${place.size} snippets`,
  }: { options: Options; tell: (words: string) => void; what?: string },
): Promise<Row[]> {
  const { size, actor, playbooks } = place;
  const rounds = Math.min(options.samples, size > 20_000 ? 60 : 200);
  const questions = questionsOf(rounds + WARMUP, size);
  const recall = await recallOf(bench, actor, questions.slice(0, COMPARED));
  const chain = await langChain(playbooks, vectorOf, tell);
  if (typeof chain === "string") tell(`LangChain is not measured: ${chain}`);
  const peers = [...(typeof chain === "string" ? [] : [chain]), await miniSearch(playbooks)];
  const bare = new pg.Pool({ ...bench.connection, max: 1 });
  const contestants: Record<string, Contestant> & { ours: Contestant } = {
    ours: (round) => search(bench, actor, questions[round]!),
    "pgvector, exact": (round) => bare.query(nearest(actor, questions[round]!)),
    "BM25 alone": (round) => search(bench, actor, questions[round]!, { wordShare: 1 }),
    ...Object.fromEntries(peers.map((peer) => [peer.name, (round: number) => peer.search(questions[round]!)])),
  };
  const timings = await interleaved(contestants, { rounds, warmup: WARMUP }).finally(() => bare.end());
  const note = `recall@${FOUND} against exact ${recall.toFixed(3)}`;
  const searches = Object.entries(timings).flatMap(([name, { wallMs }], at): Row[] =>
    name === "ours"
      ? []
      : [
          {
            part: "retrieval",
            what,
            unit: "ms",
            ours: timings.ours!.wallMs,
            against: { name, spread: wallMs },
            aim: size === AIM.size && at === 1 ? { p50Below: AIM.p50Below } : null,
            ...(at === 1 ? { note } : {}),
          },
        ],
  );
  return [...searches, ...peers.flatMap((peer) => costs(place, peer))];
}

const costs = ({ size, snippetsPerSecond, diskMb }: Place, peer: Peer): Row[] => [
  {
    part: "retrieval",
    what: `ingest, ${size} snippets`,
    unit: "rows/s",
    ours: single(snippetsPerSecond),
    against: { name: peer.name, spread: single(peer.snippetsPerSecond) },
    aim: null,
  },
  {
    part: "retrieval",
    what: `memory, ${size} snippets`,
    unit: "MB",
    ours: single(diskMb),
    against: { name: peer.name, spread: single(peer.heapMb) },
    aim: null,
  },
];

async function search({ database }: BenchDatabase, actor: Actor, question: AskedQuestion, more = {}): Promise<void> {
  const { text, stage } = question;
  const asked = { database, actor, embedder: standInEmbedder, question: text, stages: [stage], limit: FOUND, ...more };
  const { corpus } = await closestPassages(asked);
  if (corpus === 0) throw new Error("there is nothing to search");
}

const nearest = ({ workspaceId }: Actor, { embedding }: AskedQuestion): pg.QueryConfig => ({
  text: `select passage_hash from passage_vector where workspace_id = $1 and model = $2 and fingerprint = $3
    order by (embedding <=> $4) + 0 limit ${FOUND}`, // the sum keeps it exact, should there be an index of neighbours
  values: [workspaceId, standInEmbedder.name, standInEmbedder.fingerprint, asVector(embedding)],
});

/** Which share of the first ten passages of an exact search ours has among its own ten. */
async function recallOf({ database }: BenchDatabase, actor: Actor, questions: AskedQuestion[]): Promise<number> {
  let wanted = 0;
  let had = 0;
  for (const { text, stage, embedding } of questions) {
    const { name: model, fingerprint } = standInEmbedder;
    const words = [...new Set(saidWords(text))];
    const ask = { words, vector: { model, fingerprint, embedding }, stages: [stage], limit: FOUND };
    const [exact, ours] = await database.read(actor, async (rows) => [
      placesOf(await findPassages(rows, { ...ask, exact: true })),
      placesOf(await findPassages(rows, ask)),
    ]);
    wanted += exact!.length;
    had += exact!.filter((each) => ours!.includes(each)).length;
  }
  return had / wanted;
}

const placesOf = ({ passages }: Awaited<ReturnType<typeof findPassages>>): string[] =>
  passages.map(({ source }) => source);
