import { availableParallelism, cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { BadInput } from "#errors.ts";

export const PARTS = ["turn", "store", "import", "start", "memory", "retrieval", "slack"] as const;
export type Part = (typeof PARTS)[number];

/** What a run of the bench is asked for. Sizes are null where the database decides. */
export interface Options {
  parts: Part[];
  /** null: the embedded database. */
  serverUrl: string | null;
  accounts: number;
  samples: number;
  turns: number;
  rows: number;
  starts: number;
  /** Sizes of the workspaces that are searched. */
  snippets: number[];
  /** Asked in Slack for processor time and memory. */
  questions: number;
  /** Databases stay for the next run, which then need not load them again. */
  keep: boolean;
}

// The embedded database is WebAssembly on one thread: a million accounts would take it most of an hour to load.
const SIZES = {
  server: { accounts: 1_000_000, rows: 200_000, snippets: "100,10000,100000", questions: 10_000 },
  embedded: { accounts: 20_000, rows: 20_000, snippets: "100,10000", questions: 1_000 },
};

export const USAGE = `Usage: npm run bench -- [PART ...] [options]

Parts: ${PARTS.join(", ")} (all of them unless named)

  --accounts N   accounts in the store (${SIZES.server.accounts} on PostgreSQL, ${SIZES.embedded.accounts} embedded)
  --samples N    accounts that are looked up, each another one (500)
  --turns N      turns of each contestant (300)
  --rows N       rows of the imported CSV files (${SIZES.server.rows} on PostgreSQL, ${SIZES.embedded.rows} embedded)
  --starts N     later starts that are timed (5)
  --snippets N,N passages of playbooks in one workspace (${SIZES.server.snippets} on PostgreSQL, ${SIZES.embedded.snippets} embedded)
  --questions N  questions asked in Slack for processor time and memory (${SIZES.server.questions} on PostgreSQL, ${SIZES.embedded.questions} embedded)
  --keep         keep the store's databases, and use those of an earlier run
  --help         this text

BENCH_DATABASE_URL names a PostgreSQL whose user may create databases; without it the embedded database is measured.
The result is printed and kept in bench-results/latest.json.`;

/** Reads the command line. Returns null when only the usage is asked for; throws BadInput on a wrong part or size. */
export function readOptions(args: string[], serverUrl: string | null): Options | null {
  const whole = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      accounts: whole,
      samples: whole,
      turns: whole,
      rows: whole,
      starts: whole,
      snippets: whole,
      questions: whole,
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const unknown = positionals.filter((each) => !PARTS.includes(each as Part)); // compared as text
  if (unknown.length > 0) throw new BadInput(`There is no part ${unknown.join(", ")}. There are: ${PARTS.join(", ")}.`);
  const sizes = serverUrl ? SIZES.server : SIZES.embedded;
  return {
    parts: PARTS.filter((part) => positionals.length === 0 || positionals.includes(part)),
    serverUrl,
    accounts: size("accounts", values.accounts, sizes.accounts, 1_000),
    samples: size("samples", values.samples, 500, 20),
    turns: size("turns", values.turns, 300, 10),
    rows: size("rows", values.rows, sizes.rows, 100),
    starts: size("starts", values.starts, 5, 1),
    snippets: (values.snippets ?? sizes.snippets).split(",").map((each) => size("snippets", each, 0, 20)),
    questions: size("questions", values.questions, sizes.questions, 100),
    keep: values.keep,
  };
}

function size(option: string, given: string | undefined, otherwise: number, least: number): number {
  if (given === undefined) return otherwise;
  const value = Number(given.replaceAll(/[_,]/g, ""));
  if (!Number.isSafeInteger(value) || value < least)
    throw new BadInput(`--${option} takes a whole number of at least ${least}, not ${given}.`);
  return value;
}

/** The machine that the figures belong to. */
export function machine() {
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryMb: Math.round(totalmem() / 2 ** 20),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
}
