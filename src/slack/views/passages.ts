import { cutLines } from "./limits.ts";
import { toMrkdwn } from "./mrkdwn.ts";
import { lineIn } from "./outside-text.ts";

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

/** "_Renewal in 90 days_, Steps (knowledge/playbooks/retention/renewal-90-days.md#steps)" */
export const sourceLine = (title: string, { section, source }: { section: string; source: string }): string =>
  `From “${lineIn(title, 120)}”, ${lineIn(section, 120)} (${lineIn(source, 200)})`;
