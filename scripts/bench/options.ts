import { availableParallelism, cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { BadInput } from "#errors.ts";

export const PARTS = ["turn", "store", "import", "start", "memory", "retrieval", "slack", "churn"] as const;
export type Part = (typeof PARTS)[number];

/** What a run of the bench is asked for. Sizes are null where the database decides. */
export interface Options {
  parts: Part[];
  /** null: the embedded database. */
  serverUrl: string | null;
  /** In the store: the most of `ledgers`. */
  accounts: number;
  /** Accounts of the workspaces whose churn is reported. */
  ledgers: number[];
  samples: number;
  turns: number;
  rows: number;
  starts: number;
  /** Sizes of the workspaces that are searched. */
  snippets: number[];
  /** How many workspaces of 10,000 snippets lie in one database, one of which is searched; 1: none. PostgreSQL only. */
  workspaces: number;
  /** Asked in Slack for processor time and memory. */
  questions: number;
  /** Databases stay for the next run, which then need not load them again. */
  keep: boolean;
  /** The churn databases are kept between runs; this makes them anew. */
  fresh: boolean;
}

// The embedded database is WebAssembly on one thread: a million accounts would take it most of an hour to load.
const SIZES = {
  server: {
    accounts: "10000,100000,1000000",
    rows: 200_000,
    snippets: "100,10000,100000",
    workspaces: 100,
    questions: 10_000,
  },
  embedded: { accounts: "2000,20000", rows: 20_000, snippets: "100,10000", workspaces: 1, questions: 1_000 },
};

export const USAGE = `Usage: npm run bench -- [PART ...] [options]

Parts: ${PARTS.join(", ")} (all of them unless named)

  --accounts N,N accounts of the churn reports (${SIZES.server.accounts} on PostgreSQL, ${SIZES.embedded.accounts} embedded); the store takes the most of them
  --samples N    accounts that are looked up, each another one (500)
  --turns N      turns of each contestant (300)
  --rows N       rows of the imported CSV files (${SIZES.server.rows} on PostgreSQL, ${SIZES.embedded.rows} embedded)
  --starts N     later starts that are timed (5)
  --snippets N,N passages of playbooks in one workspace (${SIZES.server.snippets} on PostgreSQL, ${SIZES.embedded.snippets} embedded)
  --workspaces N workspaces of 10,000 passages in one database, one of which is searched (${SIZES.server.workspaces} on PostgreSQL, none embedded)
  --questions N  questions asked in Slack for processor time and memory (${SIZES.server.questions} on PostgreSQL, ${SIZES.embedded.questions} embedded)
  --keep         keep the store's databases and that of many workspaces, and use those of an earlier run
  --fresh        make the databases of the churn reports anew; they are kept otherwise, because a large one takes minutes
  --help         this text

BENCH_DATABASE_URL names a PostgreSQL whose user may create databases; without it the embedded database is measured.
The result is printed, and kept in bench-results, a file for each part.`;

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
      workspaces: whole,
      questions: whole,
      keep: { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const unknown = positionals.filter((each) => !PARTS.includes(each as Part)); // compared as text
  if (unknown.length > 0) throw new BadInput(`There is no part ${unknown.join(", ")}. There are: ${PARTS.join(", ")}.`);
  const sizes = serverUrl ? SIZES.server : SIZES.embedded;
  const ledgers = list("accounts", values.accounts, sizes.accounts, 1_000);
  return {
    parts: PARTS.filter((part) => positionals.length === 0 || positionals.includes(part)),
    serverUrl,
    accounts: Math.max(...ledgers),
    ledgers: ledgers.sort((one, other) => one - other),
    samples: size("samples", values.samples, 500, 20),
    turns: size("turns", values.turns, 300, 10),
    rows: size("rows", values.rows, sizes.rows, 100),
    starts: size("starts", values.starts, 5, 1),
    snippets: list("snippets", values.snippets, sizes.snippets, 20),
    workspaces: size("workspaces", values.workspaces, sizes.workspaces, 1),
    questions: size("questions", values.questions, sizes.questions, 100),
    keep: values.keep,
    fresh: values.fresh,
  };
}

const list = (option: string, given: string | undefined, otherwise: string, least: number): number[] =>
  (given ?? otherwise).split(",").map((each) => size(option, each, 0, least));

function size(option: string, given: string | undefined, otherwise: number, least: number): number {
  if (given === undefined) return otherwise;
  const value = Number(given.replaceAll("_", ""));
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
