import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BadInput } from "#errors.ts";
import { type Options, type Part, readOptions, USAGE } from "./options.ts";
import { type Judged, judged, keepResult, type PartResult, table } from "./result.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const say = (words: string) => process.stderr.write(`${words}\n`);

// Each part is loaded when its turn comes: what one imports must not warm up, or weigh on, another.
const parts: Record<Part, (options: Options, say: (words: string) => void) => Promise<PartResult>> = {
  turn: async (options, tell) => (await import("./turn/part.ts")).measureTurns(options, tell),
  store: async (options, tell) => (await import("./store/part.ts")).measureStore(options, tell),
  import: async (options, tell) => (await import("./import/part.ts")).measureImport(options, tell),
  start: async (options, tell) => (await import("./start/part.ts")).measureStarts(options, tell),
  memory: async (options, tell) => (await import("./memory/part.ts")).measureMemory(options, tell),
  retrieval: async (options, tell) => (await import("./retrieval/part.ts")).measureRetrieval(options, tell),
  slack: async (options, tell) => (await import("./slack/part.ts")).measureSlack(options, tell),
  churn: async (options, tell) => (await import("./churn/part.ts")).measureChurn(options, tell),
};

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env.BENCH_DATABASE_URL || null);
  if (!options) return void console.log(USAGE);
  const rows: Judged[] = [];
  const notes: string[] = [];
  for (const part of options.parts) {
    say(`— ${part}`);
    const result = await parts[part](options, (words) => say(`  ${words}`));
    rows.push(...result.rows.map(judged));
    notes.push(...result.notes.map((note) => `${part}: ${note}`));
  }
  const database = options.serverUrl ? "PostgreSQL" : "embedded";
  console.log(table(rows));
  for (const row of rows) if (row.note) notes.push(`${row.part}, ${row.what}: ${row.note}`);
  for (const note of notes) console.log(`- ${note}`);
  keepResult(join(root, "bench-results"), { options, database, rows, notes });
  say("Kept in bench-results");
}

try {
  await main();
} catch (error) {
  const usage = error instanceof BadInput || (error instanceof TypeError && "code" in error); // parseArgs throws the latter
  say(
    error instanceof Error
      ? usage
        ? `${error.message}\nnpm run bench -- --help tells what it takes.`
        : (error.stack ?? error.message)
      : String(error),
  );
  process.exitCode = 1;
}
