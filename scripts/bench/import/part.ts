import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { type ImportSummary, importFolder } from "#intake/import.ts";
import { parseMapping } from "#intake/mapping.ts";
import { actorIn, ensureWorkspace } from "#workspaces/workspace.ts";
import { type BenchDatabase, freshDatabase } from "../databases.ts";
import { single, timed } from "../measure.ts";
import type { Options } from "../options.ts";
import type { PartResult, Row } from "../result.ts";
import { accountLines, MAPPING, ticketLines } from "./files.ts";

const ACCOUNTS_SHARE = 0.1; // of the rows; the others are tickets of these accounts

/** Rows a second of an import, against COPY of the same file into a plain table without keys. */
export async function measureImport(options: Options, tell: (words: string) => void): Promise<PartResult> {
  const folder = mkdtempSync(join(tmpdir(), "perennial-bench-import-"));
  const bench = await freshDatabase(options.serverUrl, "import");
  try {
    const accounts = Math.round(options.rows * ACCOUNTS_SHARE);
    const files = [
      { kind: "accounts", file: join(folder, "accounts.csv"), rows: accounts, lines: accountLines(accounts) },
      {
        kind: "tickets",
        file: join(folder, "tickets.csv"),
        rows: options.rows - accounts,
        lines: ticketLines(options.rows - accounts, accounts),
      },
    ];
    for (const { file, lines } of files) await pipeline(Readable.from(lines), createWriteStream(file));
    const rows: Row[] = [];
    for (const { kind, file, rows: count } of files) {
      const copied = await copy(bench, file);
      const taken = await importOne(bench, folder, kind, count);
      tell(`${kind}: ${count} rows in ${(taken / 1000).toFixed(1)} s`);
      const again = await importOne(bench, folder, kind, 0);
      const speed = (ms: number) => single((1000 * count) / ms);
      const size = `${count} rows, ${(statSync(file).size / 2 ** 20).toFixed(1)} MB`;
      const against = copied === null ? null : { name: "COPY, plain table", spread: speed(copied) };
      rows.push({
        part: "import",
        what: `${kind}, all new`,
        unit: "rows/s",
        ours: speed(taken),
        against,
        aim: null,
        note: size,
      });
      rows.push({
        part: "import",
        what: `${kind}, all the same`,
        unit: "rows/s",
        ours: speed(again),
        against,
        aim: null,
      });
    }
    return {
      rows,
      notes: options.serverUrl
        ? notes
        : [...notes, "The embedded database takes no COPY through its socket, so there is nothing to compare with."],
    };
  } finally {
    await bench.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const notes = [
  "A rate, so more is better: the ratio is ours over COPY. COPY checks nothing, resolves nothing and keeps no index; it is the least that loading the file can take.",
  "The import reads by a mapping, resolves accounts by id, name and domain, keeps the raw row and its hash, the words of names, and what was refused. Facts are worked out afterwards and are not in the figure.",
];

/** Imports the file of one kind; throws when not every row was taken as expected. Returns milliseconds. */
async function importOne(
  { database }: BenchDatabase,
  folder: string,
  kind: string,
  expectedNew: number,
): Promise<number> {
  const workspace = await ensureWorkspace(database, {
    handle: "bench",
    name: "Bench",
    zone: "UTC",
    baseCurrency: "USD",
  });
  const mapping = parseMapping(MAPPING[kind]!, `${kind}.yaml`);
  const { ms, result } = await timed(() => importFolder({ database, actor: actorIn(workspace), folder, mapping }));
  const [file] = result.files;
  if (!file || file.new !== expectedNew || file.refused > 0 || file.changed > 0)
    throw new Error(`the import of ${kind} went wrong: ${JSON.stringify(shown(result))}`);
  return ms;
}

const shown = ({ files, refused }: ImportSummary) => ({ files, refused: refused.slice(0, 3) });

/** Milliseconds that COPY takes; null on the embedded database, whose socket does not speak it. */
async function copy({ connection, url }: BenchDatabase, file: string): Promise<number | null> {
  if (!url) return null;
  const columns = readFileSync(file, "utf8").split("\n", 1)[0]!.split(",");
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query(
      `drop table if exists bench_plain; create table bench_plain (${columns.map((column) => `${column} text`).join(", ")})`,
    );
    const statement = "copy bench_plain from stdin with (format csv, header)";
    const { ms } = await timed(() => pipeline(createReadStream(file), client.query(copyFrom(statement))));
    await client.query("drop table bench_plain");
    return ms;
  } finally {
    await client.end();
  }
}
