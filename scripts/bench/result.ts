import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import type { Spread } from "./measure.ts";
import { machine, type Options, type Part } from "./options.ts";

export type Unit = "ms" | "ms CPU" | "rows/s" | "turns/s" | "MB" | "s" | "ms/account" | "µs/account";

/** What is aimed at: our median below a figure, or below so many times the peer's. */
export type Aim = { ratioBelow: number } | { p50Below: number };

/** One line of the table. `against` is a peer (another way to do the same) or a floor (the least it can take). */
export interface Row {
  part: Part;
  what: string;
  unit: Unit;
  ours: Spread;
  against: { name: string; spread: Spread } | null;
  aim: Aim | null;
  note?: string;
}

export interface Judged extends Row {
  ratio: number | null;
  met: boolean | null;
}

/** What a part has measured, and what a reader must know of how. */
export interface PartResult {
  rows: Row[];
  notes: string[];
}

/** The ratio of the medians, and whether the aim is met. */
export function judged(row: Row): Judged {
  const ratio = row.against ? row.ours.p50 / row.against.spread.p50 : null;
  return { ...row, ratio, met: row.aim ? isMet(row.aim, row.ours.p50, ratio) : null };
}

function isMet(aim: Aim, p50: number, ratio: number | null): boolean {
  if ("p50Below" in aim) return p50 < aim.p50Below;
  return ratio !== null && ratio < aim.ratioBelow;
}

/** The rows as a table for the terminal. */
export function table(rows: readonly Judged[]): string {
  const head = ["part", "what", "unit", "ours p50", "p99", "against", "p50", "p99", "ratio", "aim", "met"];
  const drawn = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const row of rows) {
    const { against, aim, ratio, met } = row;
    const other = against ? [against.name, figure(against.spread.p50), figure(against.spread.p99)] : ["", "", ""];
    drawn.push([
      row.part,
      row.what,
      row.unit,
      figure(row.ours.p50),
      row.ours.n > 1 ? figure(row.ours.p99) : "",
      ...(against && against.spread.n === 1 ? [other[0]!, other[1]!, ""] : other),
      ratio === null ? "" : `${ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2)}×`,
      aim ? ("p50Below" in aim ? `< ${aim.p50Below} ${row.unit}` : `< ${aim.ratioBelow}×`) : "",
      met === null ? "" : met ? "yes" : "NO",
    ]);
  }
  return drawn.toString();
}

/** Keeps each part of the run as JSON in a file of its own, rounded to what the clock can tell: other parts stay as they were. */
export function keepResult(
  folder: string,
  run: { options: Options; database: string; rows: Judged[]; notes: string[] },
): void {
  mkdirSync(folder, { recursive: true });
  const { serverUrl: _, ...options } = run.options; // may hold a password
  const about = { measuredAt: new Date().toISOString(), machine: machine(), database: run.database, options };
  for (const part of run.options.parts) {
    const rows = run.rows.filter((row) => row.part === part);
    const notes = run.notes.filter((note) => note.startsWith(part));
    writeFileSync(join(folder, `${part}.json`), `${JSON.stringify({ ...about, rows, notes }, rounded, 2)}\n`);
  }
}

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === "number" ? Number(value.toPrecision(6)) : value;

function figure(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
