import type { AnswerSource } from "#agent/answer.ts";
import { ACTIONS } from "../actions.ts";
import type { Block } from "../message.ts";
import { dayIn } from "./days.ts";
import { button, context, section } from "./elements.ts";
import { cutLines, cutMrkdwn } from "./limits.ts";
import { toMrkdwn } from "./mrkdwn.ts";
import { lineIn, plainLine } from "./outside-text.ts";

const LONGEST_QUOTE = 700; // of a passage; the button opens the whole section
const LONGEST_KEY = 300; // as a button carries it

/** A passage as a button names it: "renewal-90-days#steps". Null when it is too long to be named. */
export function passageKey({ playbookId, source }: { playbookId: string; source: string }): string | null {
  const anchor = source.split("#")[1] ?? "";
  const key = anchor === "" ? playbookId : `${playbookId}#${anchor}`;
  return key.length <= LONGEST_KEY ? key : null;
}

/** Which passage a button named; `anchor` is empty for a playbook without headings. */
export function readPassageKey(key: string): { playbookId: string; anchor: string } {
  const [playbookId = "", anchor = ""] = key.split("#");
  return { playbookId, anchor };
}

/** The beginning of a passage, quoted, without its heading. */
export function passageQuote(text: string, most = LONGEST_QUOTE): string {
  const body = text.replace(/^#+ .*\n+/, "").trim();
  const lines = toMrkdwn(body)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `> ${line.replace(/^> /, "")}`);
  return cutLines(lines.length > 0 ? lines : ["> –"], most, () => "> …");
}

const SHORT_QUOTE = 180;

/** A passage's first line, for one that is not the first to read. */
export function passageGlimpse(text: string): string {
  const [first = ""] = passageQuote(text).split("\n");
  return cutMrkdwn(first, SHORT_QUOTE);
}

/** "_Renewal in 90 days_, Steps (knowledge/playbooks/retention/renewal-90-days.md#steps)" */
export const sourceLine = (title: string, { section, source }: { section: string; source: string }): string =>
  `From “${lineIn(title, 120)}”, ${lineIn(section, 120)} (${lineIn(source, 200)})`;

/** Where a passage stands and how it was found. */
export interface Placed {
  playbookId: string;
  title: string;
  section: string;
  source: string;
  /** Why it was found, in words; empty where that is not told. */
  matched: string;
  /** The day by which it was to be reviewed, once that is over. */
  overdueSince: string | null;
}

/** The button that opens a passage's section whole; undefined where a button cannot name it. */
export function openButton({ playbookId, source, title }: Pick<Placed, "playbookId" | "source" | "title">) {
  const key = passageKey({ playbookId, source });
  if (key === null) return undefined;
  const label = `Open the playbook ${plainLine(title, 50)}`;
  return button({ text: "Open", action: ACTIONS.playbook, value: { passage: key }, label });
}

const LONGEST_MATCH = 400;

/** Under a passage: its file and section, why it was found, and that it is old where it is. */
export function passageNote({
  source,
  matched,
  overdueSince,
}: Pick<Placed, "source" | "matched" | "overdueSince">): Block {
  const why = matched ? `  ·  Matched: ${lineIn(matched, LONGEST_MATCH)}.` : "";
  const old = overdueSince ? ` It was to be reviewed by ${dayIn(overdueSince)}: check that it still holds.` : "";
  return context(`${lineIn(source)}${why}${old}`);
}

const MOST_CITED = 8; // an answer that rests on more is better read in the playbooks

/** The passages that an answer cites, by their numbers, each with a button that opens it. */
export const citedBlocks = (sources: readonly AnswerSource[]): Block[] =>
  sources
    .filter(({ cited }) => cited)
    .slice(0, MOST_CITED)
    .flatMap(({ number, playbook, path, ...source }) => [
      section(
        `[${number}] *${lineIn(playbook, 120)}* — ${lineIn(source.section, 120)}`,
        openButton({ ...source, source: path, title: playbook }),
      ),
      passageNote({ ...source, source: path }),
    ]);
