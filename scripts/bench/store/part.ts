import pg from "pg";
import { findAccount } from "#accounts/find.ts";
import { accountCard } from "#accounts/overview.ts";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { AskAgain } from "#errors.ts";
import { selectOne } from "../floor.ts";
import { interleaved, type Timing } from "../measure.ts";
import type { Options } from "../options.ts";
import type { PartResult, Row } from "../result.ts";
import { DAY, DETAILED_EVERY, MODEL } from "./generate.ts";
import { type Asked, accountsToAsk } from "./questions.ts";
import { closeStores, openStores, type Store } from "./stores.ts";

const WARMUP = 60; // questions; until then plans, caches and the compiler are cold
const CARD_AIM = { ratioBelow: 4 };
const TYPO_AIM = { p50Below: 5 };

/** The account card and the look-up by name in a large store, against the least that a query can take. */
export async function measureStore(options: Options, tell: (words: string) => void): Promise<PartResult> {
  const stores = await openStores(options, tell);
  const result: PartResult = {
    rows: [],
    notes: [
      `${options.accounts} accounts with owner, domain, facts and stage; one in ${DETAILED_EVERY} has contacts, opportunities, tickets and tasks too, and those are the ones asked for.`,
      "The card is one visit through the door: overview, facts with freshness, and stage. select 1 is one visit of the same kind.",
    ],
  };
  try {
    for (const store of stores) {
      tell(`asking as ${store.who}`);
      const { rows, notes } = await measureOne(store, options);
      result.rows.push(...rows);
      result.notes.push(...notes);
    }
  } finally {
    await closeStores(stores, options);
  }
  return result;
}

async function measureOne(store: Store, options: Options): Promise<PartResult> {
  const { database, who } = store;
  const actor: Actor = { workspaceId: store.workspaceId, personId: null, audience: "private" };
  const asked = await accountsToAsk(database, actor, options.samples + WARMUP, options.accounts);
  const bare = new pg.Pool({ ...store.connection, max: 1 });
  const finds = { exact: new Found(), prefix: new Found(), typo: new Found(), swapped: new Found() };
  const find = (way: keyof typeof finds) => async (round: number) => {
    const account = asked[round % asked.length]!;
    finds[way].note(account.id, await meant(database, actor, account[way]));
  };
  const timings = await interleaved(
    {
      bare: () => bare.query("select 1 as one"),
      floor: () => selectOne(database, actor),
      card: (round) => card(database, actor, asked[round % asked.length]!),
      exact: find("exact"),
      prefix: find("prefix"),
      typo: find("typo"),
      swapped: find("swapped"),
    },
    { rounds: Math.max(1, asked.length - WARMUP), warmup: WARMUP },
  ).finally(() => bare.end());
  return { rows: rowsOf(who, timings, finds), notes: [] };
}

function rowsOf(who: string, timings: Record<"bare" | "floor" | "card" | keyof Finds, Timing>, finds: Finds): Row[] {
  const wall = (name: keyof typeof timings) => timings[name].wallMs;
  const row = (
    what: string,
    name: keyof typeof timings,
    floor: "bare" | "floor",
    aim: Row["aim"],
    note?: string,
  ): Row => ({
    part: "store",
    what: `${what} (${who})`,
    unit: "ms",
    ours: wall(name),
    against: { name: floor === "bare" ? "select 1, bare pg" : "select 1, our door", spread: wall(floor) },
    aim,
    ...(note ? { note } : {}),
  });
  const ways: [keyof Finds, string, Row["aim"]][] = [
    ["exact", "look-up, exact name", null],
    ["prefix", "look-up, first words", null],
    ["typo", "look-up, with a typo", TYPO_AIM],
    ["swapped", "look-up, words swapped", null],
  ];
  return [
    row("select 1 through our door", "floor", "bare", null),
    row("account card", "card", "floor", CARD_AIM),
    ...ways.map(([way, what, aim]) => row(what, way, "floor", aim, finds[way].say())),
  ];
}

type Finds = Record<"exact" | "prefix" | "typo" | "swapped", Found>;

/** Whether look-ups found what was meant: a fast wrong answer is no answer. */
class Found {
  #one = 0;
  #offered = 0;
  #all = 0;
  note(wanted: number, found: number[]): void {
    this.#all += 1;
    if (found.length === 1 && found[0] === wanted) this.#one += 1;
    else if (found.includes(wanted)) this.#offered += 1;
  }
  say(): string {
    const share = (part: number) => `${((100 * part) / this.#all).toFixed(1)} %`;
    return `${share(this.#one)} found at once, ${share(this.#offered)} among the choices offered`;
  }
}

async function meant(database: Database, actor: Actor, said: string): Promise<number[]> {
  try {
    return [(await database.read(actor, (rows) => findAccount(rows, said))).id];
  } catch (error) {
    if (error instanceof AskAgain) return error.choices.map((each) => each.id);
    throw error;
  }
}

const card = (database: Database, actor: Actor, { id }: Asked) =>
  database.read(actor, async (rows) => {
    const { overview, facts, state } = await accountCard(rows, { accountId: id, model: MODEL, today: DAY });
    if (overview.openTickets.length === 0 || facts.accountId !== id || state === null)
      throw new Error(`the card of account ${id} is not whole`);
  });
