import { formatMoney } from "#money.ts";
import type { ChurnReport, Risk } from "#reports/churn-report.ts";
import { renewalsWithin } from "#reports/renewals-due.ts";
import type { Block, Look } from "../message.ts";
import { context } from "./elements.ts";
import { reasonIn, signIn } from "./report-card-words.ts";
import { amount, NOTHING, number, table, words } from "./tables.ts";

type Cell = ReturnType<typeof words>;

interface Listing<T> {
  title: string;
  columns: readonly [title: string, cell: (each: T) => Cell][];
  list: readonly T[];
  /** How many of the list the report itself leaves out. */
  left?: number | undefined;
  /** Where all of it is, in words. */
  whole?: string;
}

const IN_CSV = "the CSV has every movement";

/** A table with its title and count; nothing where there is nothing to list. What does not fit is said. */
function listing<T>({ title, columns, list, left = 0, whole }: Listing<T>): Block[] {
  if (list.length === 0) return [];
  const all = list.length + left;
  // A column that nothing is known for only takes room.
  const known = columns.filter(([, cell]) => list.some((each) => cell(each).text !== NOTHING));
  const { block, rows } = table(
    { caption: `${title} (${all})`, titles: known.map(([name]) => name) },
    list.map((each) => known.map(([, cell]) => cell(each))),
  );
  const hidden = all - rows;
  return [block, ...(hidden > 0 ? [context(`${rows} of ${all} shown${whole ? `; ${whole}` : ""}.`)] : [])];
}

const LINES: Record<ChurnReport["rollForward"]["lines"][number]["kind"], string> = {
  new: "New",
  reactivation: "Reactivation",
  expansion: "Expansion",
  contraction: "Contraction",
  churn: "Churn",
  flash: "Came and went inside",
  exchange: "Exchange rates",
};

/** From the MRR at the start to the MRR at the end, line by line. */
export function rollForwardTable({ rollForward, currency }: ChurnReport): Block {
  const { startMinor, startCustomers, endMinor, endCustomers, lines } = rollForward;
  const rows = [
    [words("Start"), amount(startMinor, currency), number(startCustomers)],
    ...lines
      .filter(({ amountMinor, customers }) => amountMinor !== 0 || customers > 0)
      .map(({ kind, amountMinor, customers }) => [
        words(LINES[kind]),
        amount(amountMinor, currency),
        number(customers),
      ]),
    [words("End"), amount(endMinor, currency), number(endCustomers)],
  ];
  return table({ caption: "MRR from start to end", titles: ["Line", "MRR", "Customers"] }, rows).block;
}

/** Who was lost, and what is known of why. */
export const lostTable = ({ lost, left, currency }: ChurnReport, look: Look): Block[] =>
  listing({
    title: "Lost",
    list: lost,
    left: left?.lost,
    whole: IN_CSV,
    columns: [
      ["Account", ({ name }) => words(name)],
      ["MRR", ({ amountMinor }) => amount(amountMinor, currency)],
      ["On", ({ on }) => words(on)],
      ["Reason", (each) => words(reasonIn(each, look))],
      ["Months", ({ tenureMonths }) => number(tenureMonths)],
      ["Last stage", ({ lastStage }) => words(lastStage)],
      ["First sign", (each) => words(signIn(each)?.replace("first sign ", "") ?? null)],
      ["Owner", ({ owner }) => words(owner)],
    ],
  });

/** Who is likely to go next, with the next step and whose it is. */
export const riskTable = ({ atRisk, left, currency }: ChurnReport): Block[] =>
  listing({
    title: `At risk within 90 days${atRisk.some(({ risk }) => risk.calibrated) ? "" : ", by expert weights"}`,
    list: atRisk,
    left: left?.atRisk,
    columns: [
      ["Account", ({ name }) => words(name)],
      ["MRR", ({ amountMinor }) => amount(amountMinor, currency)],
      ["Risk", ({ risk }) => words(riskWords(risk))],
      ["Next step", ({ nextStep }) => words(nextStep?.title ?? null)],
      ["Whose", ({ nextStep, owner }) => words(nextStep?.owner ?? owner)],
      ["Due", ({ nextStep }) => words(nextStep?.dueOn ?? null)],
      ["Playbook", ({ nextStep }) => words(nextStep?.playbook ?? null)],
      ["Why", ({ risk }) => words(reasonsOf(risk))],
      [
        "Expected loss",
        ({ risk, expectedLossMinor }) => (risk.calibrated ? amount(expectedLossMinor, currency) : words(null)),
      ],
    ],
  });

/** Weights that were never held against outcomes order accounts; they give no chance. */
const riskWords = ({ probability, band, calibrated }: Risk): string =>
  calibrated ? `${Math.round(probability * 100)}% (${band})` : band;
const reasonsOf = ({ reasons }: Risk): string =>
  reasons
    .slice(0, 2)
    .map(({ what }) => what)
    .join("; ");

/** What else moved: one table, so that it can be sorted. */
export function otherMovementsTable(report: ChurnReport): Block[] {
  const { contractions, expansions, newCustomers, reactivations, saves, left, currency } = report;
  const kinds = [
    ["Contraction", contractions],
    ["New", newCustomers],
    ["Reactivation", reactivations],
    ["Expansion", expansions],
    ["Saved", saves],
  ] as const;
  const cutOff = [left?.contractions, left?.expansions, left?.newCustomers, left?.reactivations];
  return listing({
    title: "Other movements and saves",
    list: kinds.flatMap(([kind, list]) => list.map((each) => ({ ...each, kind }))),
    whole: IN_CSV,
    left: cutOff.reduce<number>((sum, each) => sum + (each ?? 0), 0),
    columns: [
      ["Account", ({ name }) => words(name)],
      ["What", ({ kind }) => words(kind)],
      ["MRR", ({ amountMinor }) => amount(amountMinor, currency)],
      ["Owner", ({ owner }) => words(owner)],
    ],
  });
}

/** Paying still, and known to go. */
export const cancelledTable = ({ cancelled, currency }: ChurnReport, look: Look): Block[] =>
  listing({
    title: "Cancelled, still paying",
    list: cancelled,
    columns: [
      ["Account", ({ name }) => words(name)],
      ["MRR", ({ amountMinor }) => amount(amountMinor, currency)],
      ["Ends", ({ endsOn }) => words(endsOn)],
      ["Reason", (each) => words(reasonIn(each, look))],
      ["Owner", ({ owner }) => words(owner)],
    ],
  });

export const renewalsTable = (report: ChurnReport): Block[] =>
  listing({
    title: renewalTitle(report),
    list: report.renewals,
    columns: [
      ["Account", ({ name }) => words(name)],
      ["MRR", ({ amountMinor }) => amount(amountMinor, report.currency)],
      ["Renews", ({ renewsOn }) => words(renewsOn)],
      ["Risk", ({ risk }) => words(risk && riskWords(risk))],
      ["Owner", ({ owner }) => words(owner)],
    ],
  });

/** "Renewals, 4 in 30 days ($1,200.00), 9 in 60, 12 in 90". */
function renewalTitle(report: ChurnReport): string {
  const soon = renewalsWithin(report, 30);
  const money = formatMoney(soon.amountMinor, report.currency);
  const [later, last] = [renewalsWithin(report, 60), renewalsWithin(report, 90)];
  return `Renewals, ${soon.customers} in 30 days (${money}), ${later.customers} in 60, ${last.customers} in 90`;
}

export const regressionsTable = ({ regressions, currency }: ChurnReport): Block[] =>
  listing({
    title: "Went back a stage",
    list: regressions,
    columns: [
      ["Account", ({ name }) => words(name)],
      ["From", ({ from }) => words(from)],
      ["To", ({ to }) => words(to)],
      ["On", ({ on }) => words(on)],
      ["MRR", ({ mrrMinor }) => amount(mrrMinor, currency)],
      ["Owner", ({ owner }) => words(owner)],
    ],
  });
