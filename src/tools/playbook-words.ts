import type { FoundPassage } from "#playbooks/find.ts";
import type { PlaybookAnswer } from "#playbooks/search.ts";
import type { Source } from "./define-tool.ts";
import type { DetailLine } from "./detail-line.ts";
import { listed, quoted } from "./words.ts";

const LONGEST_PASSAGE = 900;
const MOST_WORDS = 4; // of those that matched; the rarest stand first

/** What the search found, as it is told. */
interface Told {
  verdict: PlaybookAnswer["verdict"];
  passages: FoundPassage[];
  note: string | null;
  account: { name: string } | null;
  stage: string | null;
}

/** "Now: open ticket #7 high, 14 days old “…”; renewal in 70 days; NPS 4." */
export function sayFacts(facts: readonly DetailLine[] = []): string | null {
  // Findings that a thread has kept from before there were facts have none.
  if (facts.length === 0) return null;
  return `Now: ${facts.map(({ says, quote }) => (quote ? `${says} ${quoted(quote, 80)}` : says)).join("; ")}.`;
}

/** The account's facts, then the passages, then what is to be said of the search. */
export const sayCovered = (found: Told & { passages: ShownPassage[]; facts: DetailLine[] }): string =>
  [`From the playbooks${aboutWhom(found)}:`, sayFacts(found.facts), ...found.passages.flatMap(passageLines), found.note]
    .filter(Boolean)
    .join("\n");

/** That no playbook covers it; the closest ones, where there are any, as places to look. */
export function sayUncovered(found: Told): string {
  if (found.verdict === "none") return found.note ?? "No playbook covers this.";
  return [
    `No playbook covers this${aboutWhom(found)}. The closest:`,
    ...found.passages.map(({ title, section, source }) => `- ${title} — ${section} (${source})`),
  ].join("\n");
}

const aboutWhom = ({ account, stage }: Pick<Told, "account" | "stage">): string =>
  account ? ` for **${account.name}** (${stage})` : stage ? ` (${stage})` : "";

/** A found passage with what the account's own facts say to it. */
export interface ShownPassage extends FoundPassage {
  /** The facts that fulfil the playbook's condition: "next renewal in 38 days". Empty when it has none, or none is asked of an account. */
  facts: string[];
  reviewOverdue: boolean;
}

export const asSource = (passage: ShownPassage): Source => {
  const { title, section, source, playbookId, text, reviewBy, reviewOverdue } = passage;
  const matched = matchWords(passage);
  return {
    playbook: title,
    section,
    path: source,
    playbookId,
    text,
    matched,
    overdueSince: reviewOverdue ? reviewBy : null,
  };
};

function passageLines(passage: ShownPassage): string[] {
  const { title, section, source, text, reviewBy, reviewOverdue } = passage;
  return [
    `**${title}** — ${section} (${source})`,
    ...shortened(text).map((line) => `> ${line.replace(/^>+ ?/, "")}`), // words to use are quotes already
    `Matched: ${matchWords(passage)}`,
    ...(reviewOverdue ? [`It was to be reviewed by ${reviewBy}: check that it still holds.`] : []),
  ];
}

/** Why a passage was found: the nearest trigger, the words, the stage, the account's own facts. */
export function matchWords({ why, stages, facts }: Pick<ShownPassage, "why" | "stages" | "facts">): string {
  const because = [
    why.trigger && `like “${why.trigger}”`,
    why.words.length > 0 && `words ${why.words.slice(0, MOST_WORDS).join(", ")}`,
    why.stage && `for ${stages.join(", ")}`,
    facts.length > 0 && `because ${listed(facts)}`,
  ];
  return because.filter(Boolean).join("; ") || "its meaning";
}

/** Its lines without the heading, cut between two of them. */
function shortened(text: string): string[] {
  const body = text.replace(/^#+ .*\n+/, "").trim();
  if (body.length <= LONGEST_PASSAGE) return body.split("\n");
  const end = body.lastIndexOf("\n", LONGEST_PASSAGE);
  return [...body.slice(0, end > 0 ? end : LONGEST_PASSAGE).split("\n"), "…"];
}
