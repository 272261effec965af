import type { Passage, Playbook } from "./playbook.ts";
import { kindOf } from "./section-kinds.ts";
import { saidWords } from "./words.ts";

/** A passage as the word index sees it. */
export interface PassageDocument {
  hash: string;
  /** How often each term (a stem, or a word of manner) counts, after weighing where it stands. */
  frequencies: Map<string, number>;
  length: number;
}

// The passages of a playbook share its triggers, so that a question in a colleague's words finds the playbook, and
// their own text decides which section answers. Weights were set on the tuned half of the golden questions.
export const FIELD_WEIGHTS = { label: 2, triggers: 2, path: 1, body: 1 };
const ASIDE_WEIGHT = 0.6; // "When not to use it" speaks of the situations of other playbooks
const BESIDE_WEIGHT = 0.85; // who asks wants to know what to do and say, before why, when, and what to watch
/** A section that weighs less speaks for other playbooks; one that weighs more may only come after its sisters. */
export const SPEAKS_FOR_OTHERS = (ASIDE_WEIGHT + BESIDE_WEIGHT) / 2;

/** What is indexed of a passage, field by field. */
const fieldsOf = (
  { title, situations, triggers }: Playbook,
  { path, text }: Passage,
): Record<keyof typeof FIELD_WEIGHTS, string> => ({
  label: [title, ...situations.map((each) => each.replaceAll("_", " "))].join("\n"),
  triggers: triggers.join("\n"),
  path: path.join("\n"),
  body: text,
});

/** All words of a playbook, to have their stems looked up at once. */
export const wordsOfPlaybook = (playbook: Playbook): string[] =>
  playbook.passages.flatMap((passage) => Object.values(fieldsOf(playbook, passage)).flatMap(saidWords));

export function documentOf(playbook: Playbook, passage: Passage, stems: ReadonlyMap<string, string>): PassageDocument {
  const frequencies = new Map<string, number>();
  let length = 0;
  for (const [field, text] of Object.entries(fieldsOf(playbook, passage))) {
    const weight = FIELD_WEIGHTS[field as keyof typeof FIELD_WEIGHTS]; // fieldsOf has these keys
    for (const word of saidWords(text)) {
      const stem = stems.get(word);
      if (stem === undefined) continue;
      frequencies.set(stem, (frequencies.get(stem) ?? 0) + weight);
      length += weight;
    }
  }
  return { hash: passage.hash, frequencies, length };
}

const WEIGHTS = { aside: ASIDE_WEIGHT, beside: BESIDE_WEIGHT, advice: 1 };

/** Below 1 for a section that says when another playbook is the right one, and for one that says nothing to do. */
export const weightOf = (passage: Passage): number => WEIGHTS[kindOf(passage)];

const LONGEST_EMBEDDED = 8_000; // characters; embedding models cut at about 8,000 tokens or earlier

/** A passage as an embedding model reads it: where it stands, how colleagues put it, what it says. */
export function embeddedText({ title, triggers }: Playbook, { path, text }: Passage): string {
  return [[title, ...path].join(" › "), triggers.join("\n"), text].join("\n\n").slice(0, LONGEST_EMBEDDED);
}
