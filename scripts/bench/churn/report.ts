import { deepStrictEqual } from "node:assert";
import pg from "pg";
import type { Window } from "#metrics/figure.ts";
import type { MovementKind } from "#metrics/movement.ts";
import { buildChurnReport } from "#reports/build-churn-report.ts";
import { churnNumbers } from "#reports/churn-numbers.ts";
import type { ChurnReport, ReportAsked } from "#reports/churn-report.ts";
import { selectOne } from "../floor.ts";
import { interleaved, type Spread } from "../measure.ts";
import { type Figures, figuresBySql } from "./by-hand.ts";
import { type DuckDb, duckDb } from "./duckdb.ts";
import { LAST_WEEK, TODAY } from "./generate.ts";
import type { Ledger } from "./ledgers.ts";

const WEEKS_ASKED = 26; // each round another one, so that nobody answers from what the last round left
const CHECKED = [0, 1, 25]; // weeks back; the query by hand takes seconds at a million accounts

/** Milliseconds of the ways to the churn of a week. */
export interface ReportTimes {
  floor: Spread;
  figures: Spread;
  whole: Spread;
  byHand: Spread;
  /** What kept DuckDB from being measured, in words. */
  duckDb: (Pick<DuckDb, "exportMs" | "loadMs"> & { query: Spread }) | string;
}

/** Times the weekly report of a ledger. Throws, before anything is timed, when the ways do not agree to the cent. */
export async function timeReport(ledger: Ledger, tell: (words: string) => void): Promise<ReportTimes> {
  const { database, actor, connection, url } = ledger;
  const bare = bareConnection(ledger);
  const duck = url ? await duckDb(connection, tell) : "the embedded database takes no COPY through its socket";
  try {
    for (const back of CHECKED) await compare(ledger, { bare, duck }, weekBack(back));
    tell("timing the report");
    const quick = await interleaved(
      {
        floor: () => selectOne(database, actor),
        figures: (round) => figuresOf(ledger, weekBack(round % WEEKS_ASKED)),
      },
      { rounds: 300, warmup: 100 },
    );
    const whole = await interleaved(
      { whole: (round) => wholeReport(ledger, weekBack(round % WEEKS_ASKED)) },
      { rounds: 60, warmup: 5 },
    );
    const peers = await interleaved(
      {
        byHand: (round) => figuresBySql(bare, weekBack(round % WEEKS_ASKED)),
        duck: async (round) => (typeof duck === "string" ? null : duck.figures(weekBack(round % WEEKS_ASKED))),
      },
      { rounds: ledger.accounts > 100_000 ? 7 : 21, warmup: 1 },
    );
    return {
      floor: quick.floor.wallMs,
      figures: quick.figures.wallMs,
      whole: whole.whole.wallMs,
      byHand: peers.byHand.wallMs,
      duckDb:
        typeof duck === "string" ? duck : { exportMs: duck.exportMs, loadMs: duck.loadMs, query: peers.duck.wallMs },
    };
  } finally {
    if (typeof duck !== "string") duck.close();
    await bare.end();
  }
}

/** Milliseconds of the figures and of the whole report, for a small and a large ledger. */
export interface Growth {
  figures: { small: Spread; large: Spread };
  whole: { small: Spread; large: Spread };
}

/** Asks both ledgers in turn, so that neither has the warmer process or the quieter minute. */
export async function timeGrowth(small: Ledger, large: Ledger): Promise<Growth> {
  const both = async (ask: (ledger: Ledger, window: Window) => Promise<unknown>, rounds: number) => {
    const asked = (ledger: Ledger) => (round: number) => ask(ledger, weekBack(round % WEEKS_ASKED));
    const times = await interleaved({ small: asked(small), large: asked(large) }, { rounds, warmup: rounds / 10 });
    return { small: times.small.wallMs, large: times.large.wallMs };
  };
  return { figures: await both(figuresOf, 200), whole: await both(wholeReport, 40) };
}

/** The week before the report's day, or so many weeks earlier. */
function weekBack(weeks: number): Window {
  const earlier = (day: string) => new Date(Date.parse(day) - weeks * 7 * 86_400_000).toISOString().slice(0, 10);
  return { start: earlier(LAST_WEEK.start), end: earlier(LAST_WEEK.end) };
}

const ask = (window: Window): ReportAsked => ({ window, interval: "week", filter: {} });

const figuresOf = ({ database, actor }: Ledger, window: Window) =>
  database.read(actor, (rows) => churnNumbers(rows, { today: TODAY, asked: ask(window) }));

/** The report with all its lists, as the tool asks for it. */
export const wholeReport = ({ database, actor, model, moves }: Ledger, window: Window): Promise<ChurnReport> =>
  database.read(actor, (rows) => buildChurnReport(rows, { today: TODAY, model, moves, asked: ask(window) }));

/** Throws when the product's figures and report, the query by hand and DuckDB do not say the same of a week. */
async function compare(ledger: Ledger, peers: { bare: pg.Pool; duck: DuckDb | string }, window: Window): Promise<void> {
  const given = await figuresBySql(peers.bare, window);
  const of = `the figures of the week of ${window.start}`;
  deepStrictEqual(figuresFrom(await figuresOf(ledger, window)), given, `${of} are not those of the ledger`);
  const whole = figuresFrom(await wholeReport(ledger, window));
  deepStrictEqual(whole, given, `${of} in the whole report are not those of the ledger`);
  if (typeof peers.duck !== "string")
    deepStrictEqual(await peers.duck.figures(window), given, `${of} are others in DuckDB`);
}

/** Throws when the product's figures of a week are not those of the ledger, whatever has been done to it. */
export async function agree(ledger: Ledger, window: Window): Promise<void> {
  const bare = bareConnection(ledger);
  await compare(ledger, { bare, duck: "not asked" }, window).finally(() => bare.end());
}

const bareConnection = ({ connection, url }: Ledger): pg.Pool =>
  new pg.Pool({ ...connection, max: 1, ...(url ? { options: "-c TimeZone=UTC" } : {}) });

/** The figures of the product, as the query by hand calls them. */
export function figuresFrom({ rollForward, figures }: Pick<ChurnReport, "rollForward" | "figures">): Figures {
  const { lines, startMinor, startCustomers, endMinor, endCustomers } = rollForward;
  const line = (kind: MovementKind) => lines.find((each) => each.kind === kind) ?? { amountMinor: 0, customers: 0 };
  const [fresh, back, up, down, lost] = [
    line("new"),
    line("reactivation"),
    line("expansion"),
    line("contraction"),
    line("churn"),
  ];
  return {
    startMinor,
    startCustomers,
    endMinor,
    endCustomers,
    newMinor: fresh.amountMinor,
    newCustomers: fresh.customers,
    reactivationMinor: back.amountMinor,
    reactivationCustomers: back.customers,
    expansionMinor: up.amountMinor,
    expansionCustomers: up.customers,
    contractionMinor: down.amountMinor,
    contractionCustomers: down.customers,
    churnMinor: lost.amountMinor,
    churnCustomers: figures.logoChurn.of?.part ?? 0,
    keptMinor: figures.grr.of?.part ?? 0,
    endOfStartersMinor: figures.nrr.of?.part ?? 0,
  };
}
