import { single } from "../measure.ts";
import type { Options } from "../options.ts";
import type { Aim, PartResult, Row } from "../result.ts";
import { type ChartTimes, timeCharts } from "./charts.ts";
import { LAST_WEEK, WEEKS } from "./generate.ts";
import { type Judging, timeJudging } from "./judging.ts";
import { type Ledger, openLedger } from "./ledgers.ts";
import { timeMaintenance, type Upkeep } from "./maintenance.ts";
import { agree, type Growth, type ReportTimes, timeGrowth, timeReport, wholeReport } from "./report.ts";

const REPORT_AIM = { ratioBelow: 10 };
const UPKEEP_AIM = { p50Below: 0.5 };
const GROWTH_AIM = { ratioBelow: 2 };

/** What was measured of a ledger of one size. */
interface Measured {
  accounts: number;
  report: ReportTimes;
  upkeep: Upkeep[];
  judging: Judging;
}

/** The churn report, the upkeep of its rollups, stages and risk over all accounts, and the pictures, at several sizes. */
export async function measureChurn(options: Options, tell: (words: string) => void): Promise<PartResult> {
  const result: PartResult = { rows: [], notes: [...NOTES] };
  const ledgers: Ledger[] = [];
  try {
    for (const accounts of options.ledgers) {
      tell(`${said(accounts)} accounts`);
      const ledger = await openLedger(options, accounts, tell);
      ledgers.push(ledger);
      const one = await measureLedger(ledger, tell);
      result.rows.push(...rowsOf(one));
      result.notes.push(...notesOf(one, ledger));
    }
    tell("growth and pictures");
    const [small, large] = [ledgers[0]!, ledgers.at(-1)!]; // there is a size
    if (small !== large)
      result.rows.push(...growthRows(large.accounts, small.accounts, await timeGrowth(small, large)));
    result.rows.push(...chartRows(await timeCharts(await wholeReport(large, LAST_WEEK))));
  } finally {
    for (const ledger of ledgers) await ledger.close();
  }
  return result;
}

const NOTES = [
  `A workspace of generated customers: ${WEEKS} weeks of MRR in one currency, some five changes an account; the same in every run. Accounts that never pay are among them.`,
  "The figures of a week are levels, movements, GRR, NRR, logo churn and the 12 weeks before; the query by hand and DuckDB give those of the one week. All agree to the cent, or the run ends with an error.",
  "The query by hand runs on a bare connection, without row security. DuckDB holds three columns of the ledger in memory.",
];

async function measureLedger(ledger: Ledger, tell: (words: string) => void): Promise<Measured> {
  return {
    accounts: ledger.accounts,
    report: await timeReport(ledger, tell),
    upkeep: await timeMaintenance(ledger, tell, () => agree(ledger, LAST_WEEK)),
    judging: await timeJudging(ledger, tell),
  };
}

type Given = Pick<Row, "what" | "unit" | "ours"> & { against?: Row["against"]; aim?: Aim };
const row = ({ against = null, aim, ...rest }: Given): Row => ({ part: "churn", ...rest, against, aim: aim ?? null });

const said = (accounts: number): string => accounts.toLocaleString("en");

function rowsOf({ accounts, report, upkeep, judging }: Measured): Row[] {
  const of = `, ${said(accounts)} accounts`;
  const figures = { what: `figures of a week${of}`, unit: "ms", ours: report.figures } as const;
  const { duckDb } = report;
  return [
    row({ ...figures, against: { name: "select 1, our door", spread: report.floor }, aim: REPORT_AIM }),
    row({ ...figures, against: { name: "SQL by hand", spread: report.byHand } }),
    ...(typeof duckDb === "string" ? [] : [row({ ...figures, against: { name: "DuckDB", spread: duckDb.query } })]),
    row({
      what: `report with its lists${of}`,
      unit: "ms",
      ours: report.whole,
      against: { name: "select 1, our door", spread: report.floor },
    }),
    ...upkeep.map(({ size, rollups, visit }) =>
      row({
        what: `rollups of ${said(size)} touched${of}`,
        unit: "ms/account",
        ours: rollups,
        against: { name: "with rows and commit", spread: visit },
        ...(size >= 10_000 ? { aim: UPKEEP_AIM } : {}),
      }),
    ),
    ...(["stage", "risk"] as const).map((what) =>
      row({
        what: `${what} of ${said(judging[what].accounts)}${of}`,
        unit: "µs/account",
        ours: single(judging[what].all),
        against: { name: "the judgement alone", spread: single(judging[what].alone) },
      }),
    ),
    row({
      what: `facts of ${said(judging.facts.accounts)}${of}`,
      unit: "µs/account",
      ours: single(judging.facts.all),
    }),
  ];
}

const chartRows = ({ waterfallSvg, waterfallPng, trendSvg, trendPng }: ChartTimes): Row[] => [
  row({ what: "waterfall, SVG", unit: "ms", ours: waterfallSvg }),
  row({ what: "waterfall, SVG to PNG", unit: "ms", ours: waterfallPng }),
  row({ what: "trend, SVG", unit: "ms", ours: trendSvg }),
  row({ what: "trend, SVG to PNG", unit: "ms", ours: trendPng }),
];

function growthRows(large: number, small: number, { figures, whole }: Growth): Row[] {
  const grown = (what: string, times: { small: Row["ours"]; large: Row["ours"] }) =>
    row({
      what: `${what}, ${said(large)} accounts`,
      unit: "ms",
      ours: times.large,
      against: { name: `${said(small)} accounts`, spread: times.small },
      aim: GROWTH_AIM,
    });
  return [grown("growth of the figures", figures), grown("growth of the report with its lists", whole)];
}

function notesOf({ accounts, report, judging }: Measured, { made }: Ledger): string[] {
  const seconds = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} s`;
  const each = ((1000 * made.rebuildSeconds) / made.counted).toFixed(2);
  const { duckDb } = report;
  const total = (what: "stage" | "risk") => seconds((judging[what].all * judging[what].accounts) / 1e6);
  return [
    `${said(accounts)} accounts, made on ${made.on}: loaded in ${seconds(made.loadSeconds)}, rollups rebuilt by the product in ${seconds(made.rebuildSeconds)} (${each} ms an account with money), first risks in ${seconds(made.riskSeconds)}.`,
    typeof duckDb === "string"
      ? `${said(accounts)} accounts, DuckDB: not measured, ${duckDb}.`
      : `${said(accounts)} accounts, DuckDB: COPY to a file ${seconds(duckDb.exportMs / 1000)}, file to memory ${seconds(duckDb.loadMs / 1000)}; not in its query's time.`,
    `${said(accounts)} accounts: stages of ${said(judging.stage.accounts)} in ${total("stage")}, risk of ${said(judging.risk.accounts)} in ${total("risk")}, each with reading the facts and keeping the result.`,
  ];
}
