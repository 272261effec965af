import { formatMoney } from "#money.ts";
import type { ChurnReport, LostAccount } from "./churn-report.ts";

const SHOWN = 10; // the CSV holds all

/** Who was lost, as a Markdown table: with how much, when, why, and what could be seen first. */
export function lostTable({ lost, left, currency }: ChurnReport): string[] {
  if (lost.length === 0) return ["No customer was lost."];
  const more = lost.length - SHOWN + (left?.lost ?? 0);
  const shown = lost.slice(0, SHOWN);
  // A column that nothing is known for only takes room.
  const columns = LOST_COLUMNS.filter(({ cell }) => shown.some((each) => cell(each, currency) !== ""));
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "/").replace(/\s+/g, " ")).join(" | ")} |`;
  return [
    line(columns.map(({ title }) => title)),
    `|${columns.map(({ right }) => (right ? "--:" : "---")).join("|")}|`,
    ...shown.map((each) => line(columns.map(({ cell }) => cell(each, currency)))),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

interface Column {
  title: string;
  right?: true;
  cell(lost: LostAccount, currency: string): string;
}

const LOST_COLUMNS: Column[] = [
  { title: "Lost", cell: ({ name, owner }) => (owner ? `${name} (${owner})` : name) },
  { title: "MRR", right: true, cell: ({ amountMinor }, currency) => formatMoney(-amountMinor, currency) },
  { title: "On", cell: ({ on }) => on },
  { title: "Reason", cell: (each) => reasonOf(each) ?? "not on record" },
  { title: "Paid for", cell: ({ tenureMonths }) => (tenureMonths === null ? "" : months(tenureMonths)) },
  { title: "Last stage", cell: ({ lastStage }) => lastStage ?? "" },
  {
    title: "First sign",
    cell: ({ firstSign: sign }) => (sign ? `${sign.what}, ${sign.on} (${sign.daysBefore} days before)` : "none seen"),
  },
];

function reasonOf({ reason, kind }: LostAccount): string | null {
  const said = reason?.replaceAll("_", " ") ?? null;
  const failed = kind === "involuntary" && !said?.includes("payment") ? "payment failed" : null;
  return [said, failed].filter(Boolean).join(", ") || null;
}

const months = (count: number): string => `${count} ${count === 1 ? "month" : "months"}`;
