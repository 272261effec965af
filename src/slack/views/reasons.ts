import { capital, doubtLines } from "#tools/words.ts";
import { daysIn } from "./days.ts";
import { lineIn } from "./outside-text.ts";

/** What the tools show of a reason: what it is, its value, the day it speaks of, the rows behind it. */
export interface Reason {
  what: string;
  shown: string;
  asked: string;
  on: string | null;
  held: "yes" | "no" | "unknown" | string;
  rows: { label: string; source: string | null }[];
}

const SHOWN_ROWS = 2; // behind one reason; the rest is counted

/** "• Next renewal: *20 Dec 2026* — subscription Team, active (billing S-12)" */
export function reasonLine({ what, shown, asked, on, rows, held }: Reason): string {
  const told = on === null || on === shown || rows.slice(0, SHOWN_ROWS).some(({ label }) => label.includes(on));
  const dated = told ? "" : ` (${daysIn(on)})`;
  const verdict = held === "yes" ? "" : held === "no" ? ` — asked: ${lineIn(daysIn(asked))}` : " — cannot be told";
  return `• ${lineIn(capital(what))}: *${lineIn(daysIn(shown))}*${dated}${verdict}${rowsWords(rows)}`;
}

/** "next renewal: 20 Dec 2026 — subscription Team, active (billing S-12); …", with each row told once. */
export function reasonsInSentence(reasons: readonly Reason[]): string {
  const told = new Set<string>();
  return reasons
    .map(({ what, shown, rows }) => {
      const [row] = rows.filter(({ label }) => !told.has(label));
      if (row) told.add(row.label);
      return `${lineIn(what)}: ${lineIn(daysIn(shown))}${rowsWords(row ? [row] : [])}`;
    })
    .join("; ");
}

/** " — subscription Team, active (billing S-12)"; nothing where there are no rows. */
export function rowsWords(rows: Reason["rows"]): string {
  if (rows.length === 0) return "";
  const labels = rows
    .slice(0, SHOWN_ROWS)
    .map(({ label, source }) => lineIn(daysIn(source ? `${label} (${source})` : label), 160));
  const more = rows.length > SHOWN_ROWS ? ` and ${rows.length - SHOWN_ROWS} more` : "";
  return ` — ${labels.join("; ")}${more}`;
}

/** What is old or missing, in few sentences. */
export const doubts = (given: readonly string[]): string[] =>
  doubtLines(given).map((line) => lineIn(daysIn(capital(line.replace(/^Note: /, "")))));
