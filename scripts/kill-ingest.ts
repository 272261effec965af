// Kills an ingest (SIGKILL) at random points and looks whether the index is the old or the new one, never between.
// node scripts/kill-ingest.ts [TIMES]   on the embedded database; DATABASE_URL names a server on which it makes its own.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { z } from "zod";
import type { Actor } from "#actor.ts";
import { type OpenDatabase, openDatabase } from "#database/connect.ts";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { createLog } from "#log.ts";
import { lsaEmbedder } from "#playbooks/embedders/lsa.ts";
import { ingestPlaybooks } from "#playbooks/ingest.ts";
import { searchPlaybooks } from "#playbooks/search.ts";
import { ensureWorkspace } from "#workspaces/workspace.ts";
import type { ChildTask } from "./kill-ingest-child.ts";

const ours = fileURLToPath(new URL("../knowledge/playbooks", import.meta.url));
const child = fileURLToPath(new URL("./kill-ingest-child.ts", import.meta.url));

export interface Killed {
  /** Milliseconds after the ingest began; null: it was through before the kill. */
  after: number;
  through: boolean;
  index: "as before" | "new" | "between";
  /** Whether a question was answered afterwards. */
  answers: boolean;
}

export interface KillOptions {
  times: number;
  /** null: the embedded database in a folder of its own. */
  url: string | null;
  /** Stage folders of our playbooks to work with; all by default. */
  stages?: string[];
  onKill?: (killed: Killed) => void;
}

/** Kills that many ingests, each from the index that the one before left to the other of two sets of playbooks. */
export async function killIngests({ times, url, stages = [], onKill }: KillOptions): Promise<Killed[]> {
  const root = mkdtempSync(join(tmpdir(), "perennial-kill-"));
  try {
    const folders = twoSets(root, stages);
    const place = { url, dataFolder: join(root, "data") };
    const { workspaceId, digests } = await prepared(place, folders);
    const lasts = await unkilled({ ...place, workspaceId, playbooks: folders[1] });
    const all: Killed[] = [];
    let at = 1; // which of the two sets is indexed
    for (let turn = 0; turn < times; turn++) {
      const after = Math.round(Math.random() * lasts * 1.1);
      const through = await killedAfter({ ...place, workspaceId, playbooks: folders[1 - at]! }, after);
      const found = await visit(place, async (open) => lookAt(open, workspaceId));
      const now = digests.indexOf(found.digest);
      const killed: Killed = {
        after,
        through,
        index: now === at ? "as before" : now === -1 ? "between" : "new",
        answers: found.answers,
      };
      onKill?.(killed);
      all.push(killed);
      if (now === -1) break;
      at = now;
    }
    return all;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Our playbooks, and the same with some gone and some reworded. */
function twoSets(root: string, stages: string[]): [string, string] {
  const folders: [string, string] = [join(root, "one", "playbooks"), join(root, "other", "playbooks")];
  for (const folder of folders) {
    for (const stage of readdirSync(ours)) {
      if (stages.length === 0 || stages.includes(stage))
        cpSync(join(ours, stage), join(folder, stage), { recursive: true });
    }
  }
  const files = readdirSync(folders[1], { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));
  for (const [at, file] of files.entries()) {
    const path = join(folders[1], file);
    if (at % 7 === 0) rmSync(path);
    else if (at % 2 === 0)
      writeFileSync(path, `${readFileSync(path, "utf8")}\n## Afterwards\nWrite down what the customer said.\n`);
  }
  return folders;
}

type Place = Pick<ChildTask, "url" | "dataFolder">;

/** Indexes one set, the other, and the first again; tells what each looks like. */
function prepared(place: Place, folders: [string, string]) {
  return visit(place, async (open) => {
    const { database } = open;
    const { id: workspaceId } = await ensureWorkspace(database, {
      handle: "kill",
      name: "kill",
      zone: "UTC",
      baseCurrency: "USD",
    });
    const actor = actorOf(workspaceId);
    const digests: string[] = [];
    for (const folder of [...folders, folders[0]]) {
      await ingestPlaybooks({ database, actor, folder, embedder: lsaEmbedder() });
      digests.push((await lookAt(open, workspaceId)).digest);
    }
    if (digests[0] !== digests[2] || digests[0] === digests[1]) throw new Error("an index cannot be told from another");
    return { workspaceId, digests: digests.slice(0, 2) };
  });
}

async function visit<T>({ url, dataFolder }: Place, work: (open: OpenDatabase) => Promise<T>): Promise<T> {
  const open = await openDatabase({ url, folder: dataFolder, log: createLog("silent") });
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

const actorOf = (workspaceId: number): Actor => ({ workspaceId, personId: null, audience: "private" });

/** How long an ingest in a process of its own lasts that nobody kills, in milliseconds. */
async function unkilled(task: ChildTask): Promise<number> {
  const { begun, ended } = started(task);
  await begun;
  const from = performance.now();
  await ended;
  return performance.now() - from;
}

/** Starts an ingest, kills it, and says whether it had been through. */
async function killedAfter(task: ChildTask, ms: number): Promise<boolean> {
  const { process: ingest, said, begun, ended } = started(task);
  await Promise.race([begun, ended]);
  await wait(ms);
  const through = said().includes("done");
  ingest.kill("SIGKILL");
  await ended;
  return through;
}

function started(task: ChildTask) {
  const ingest = spawn(process.execPath, [child, JSON.stringify(task)], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => ingest.once("close", () => resolve()));
  let said = "";
  const begun = new Promise<void>((resolve) => {
    ingest.stdout.on("data", (text: Buffer) => {
      said += text;
      if (said.includes("go")) resolve();
    });
  });
  return { process: ingest, said: () => said, begun, ended };
}

async function lookAt({ database }: OpenDatabase, workspaceId: number): Promise<{ digest: string; answers: boolean }> {
  const actor = actorOf(workspaceId);
  const digest = await database.read(actor, async (rows) =>
    (await neighboursFit(rows)) ? indexDigest(rows) : "neighbours of other passages",
  );
  const question = "what do we do with customers who left long ago?";
  const { passages } = await searchPlaybooks({ database, actor, question, embedder: lsaEmbedder() });
  return { digest, answers: passages.length > 0 };
}

/** Whether the neighbours, where there are any, are those of the passages that are there. */
async function neighboursFit(rows: Reading): Promise<boolean> {
  const { found, passages } = await rows.one(
    z.object({ found: z.number(), passages: z.number() }),
    sql`
    with near as (
      select passage_hash from embedding_index made cross join lateral (
        select embedding from passage_vector known where known.model = made.model and known.fingerprint = made.fingerprint limit 1) asked
      cross join lateral nearest_passages(model, fingerprint, embedding, 10000) where complete)
    select (select count(*) from near join passage on hash = passage_hash) as passages, (select count(*) from near) as found`,
  );
  const indexed = await rows.one(z.object({ count: z.number() }), sql`select count(*) from passage`);
  return found === 0 || (found === passages && found === indexed.count);
}

/** All that a search rests on, in one line: equal for equal playbooks, whatever was indexed before. */
async function indexDigest(rows: Reading): Promise<string> {
  const { digest } = await rows.one(
    z.object({ digest: z.string() }),
    sql`
    select concat_ws(' ',
      (select md5(string_agg(playbook_id || hash, ' ' order by playbook_id)) from playbook),
      (select md5(string_agg(hash || ordinal || length || weight, ' ' order by hash)) from passage),
      (select md5(string_agg(hash || term || frequency, ' ' order by hash, term)) from passage_posting join passage using (workspace_id, passage_id)),
      (select md5(string_agg(term || passages || '/' || playbooks, ' ' order by term)) from passage_term),
      (select passages || '/' || playbooks || '/' || mean_length from passage_corpus),
      (select string_agg(model || fingerprint || complete, ' ') from embedding_index),
      (select md5(string_agg(passage_hash || embedding::text, ' ' order by passage_hash)) from passage_vector),
      (select md5(string_agg(term || embedding::text, ' ' order by term)) from term_vector)) as digest`,
  );
  return digest;
}

/** A database of its own on a server, gone afterwards. */
export async function withOwnDatabase<T>(server: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `perennial_kill_${process.pid}`;
  const own = new URL(server);
  own.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
    return await work(own.href);
  } finally {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.end();
  }
}

if (import.meta.main) {
  const times = Number(process.argv[2] ?? 20);
  const onKill = ({ after, through, index, answers }: Killed) =>
    console.log(
      `killed after ${after} ms${through ? " (it was through)" : ""}: index ${index}, ${answers ? "answers" : "SILENT"}`,
    );
  const server = process.env.DATABASE_URL;
  const all = server
    ? await withOwnDatabase(server, (url) => killIngests({ times, url, onKill }))
    : await killIngests({ times, url: null, onKill });
  const wrong = all.filter(({ index, answers }) => index === "between" || !answers);
  console.log(`${all.length} kills, ${wrong.length} wrong`);
  process.exit(wrong.length > 0 ? 1 : 0);
}
