import type { RowLabel } from "#accounts/row-labels.ts";
import { daysBetween } from "#lifecycle/days.ts";
import type { ShownReason } from "./subject.ts";

/** "1 ticket", "3 tickets". */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** "in 28 days", "today", "12 days ago". */
export function distance(day: string, today: string): string {
  const days = daysBetween(today, day);
  if (days === 0) return "today";
  return days > 0 ? `in ${counted(days, "day")}` : `${counted(-days, "day")} ago`;
}

/** Words with commas and a last "and". */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** A reason as one line: what, its value, what was asked, the day, and the rows behind it. */
export function reasonLine({ what, shown, asked, on, rows, held }: ShownReason): string {
  const dated = on && on !== shown ? `, ${on}` : "";
  const verdict = held === "yes" ? "" : held === "no" ? ` — does not hold (asked: ${asked})` : " — cannot be told";
  return `${capital(what)}: ${shown}${dated}${verdict}${rowsLine(rows)}`;
}

/** A reason as part of a sentence: "next renewal: 2026-12-20 [subscription Team, active, billing S-12]". */
export const reasonWords = ({ what, shown, rows }: ShownReason): string =>
  `${what}: ${shown}${rowsLine(rows.slice(0, 1))}`;

/** The rows behind something, in brackets; nothing when there are none. */
export function rowsLine(rows: readonly RowLabel[]): string {
  if (rows.length === 0) return "";
  return ` [${rows.map(({ label, source }) => (source ? `${label}, ${source}` : label)).join("; ")}]`;
}

/** Doubts as few sentences: what is old in the same way is told together, and so is what has no source. */
export function doubtLines(doubts: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  const others: string[] = [];
  for (const doubt of doubts) {
    const aged = /^(\w+) data (is .+)$/.exec(doubt);
    const missing = /^no source gives (\w+) data$/.exec(doubt);
    const [domain, rest] = aged ? [aged[1]!, aged[2]!] : missing ? [missing[1]!, ""] : ["", ""];
    if (domain) groups.set(rest, [...(groups.get(rest) ?? []), domain]);
    else others.push(doubt);
  }
  const told = [...groups].map(([rest, domains]) =>
    rest ? `${listed(domains)} data ${rest}` : `no source gives ${listed(domains)} data`,
  );
  return [...told, ...others].map((each) => `Note: ${each}.`);
}

/** Text from outside, quoted: one line, no Markdown of its own, cut to a length. */
export function quoted(text: string, longest = 160): string {
  const line = text
    .replace(/!\[|[[\]()<>`*_|]/g, " ")
    .replace(/https?:\S+/g, "(link)")
    .replace(/\s+/g, " ")
    .trim();
  return `“${line.length > longest ? `${line.slice(0, longest - 1)}…` : line}”`;
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Said once when a name was read in another spelling. */
export const spellingNote = ({ name, spelling }: { name: string; spelling: string | null }): string =>
  spelling ? `(I read “${spelling}” as ${name}.)\n` : "";
