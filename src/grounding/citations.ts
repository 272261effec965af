import { isAboutUs, isAdvice } from "./advice.ts";
import { contentWords } from "./content-words.ts";
import { contrary } from "./contrary.ts";
import type { Ledger } from "./ledger.ts";
import { folded } from "./plain-text.ts";
import type { Unit } from "./units.ts";

/** What advice may rest on. */
export interface AdviceGrounds {
  /** The text of each passage that was retrieved for the question, title and section included, by the number it is cited with. */
  passages: ReadonlyMap<number, string>;
  /** What tools say of moves by the lifecycle model's own rules, in their words; it needs no passage. */
  rules: string;
  /** The playbooks were asked, or should have been, or nothing was: then each sentence rests on a passage or a finding. */
  strict: boolean;
}

// Chosen on the hand-made sentences of test/fixtures/cited-sentences.ts; docs/playbooks.md tells what they let through.
/** Share of a cited sentence's words that stand in the passages it cites or in what was found of the account. */
export const CITED_SHARE = 0.7;
/** Share that stands in the cited passages themselves. */
export const OWN_SHARE = 0.35;
/** Share of a sentence without a citation that stands in what was found. */
export const FOUND_SHARE = 0.6;
const FEWEST_OWN = 2; // words of the passage, where the sentence has as many
const LONGEST_LEAD_IN = 6; // content words; a longer one says something

const CITATION = /\s*\[(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\]/g;

/** The numbers that a sentence cites. */
export const citedNumbers = (sentence: string): number[] => [
  ...new Set([...sentence.matchAll(CITATION)].flatMap(([, numbers]) => numbers!.split(/[,;]/).map(Number))),
];

export const withoutCitations = (sentence: string): string => sentence.replace(CITATION, "");

/** "Call them. [1]" as "Call them [1].": a citation belongs to the sentence before it. */
export const withCitationsInside = (text: string): string =>
  text.replace(
    /([.!?…]+["”’*_)]*)((?:[ \t]*\[\d{1,2}(?:\s*[,;]\s*\d{1,2})*\])+)(?=\s|$)/g,
    (_, stop: string, cited: string) => ` ${cited.trim()}${stop}`,
  );

/** Whether what stands at the end may still become a citation of the sentence before. */
export const endsInCitation = (text: string): boolean => /\[[\d,; ]*$/.test(text);

/** Why a sentence of a model may not be shown as advice, or null. Figures, days and names are judged elsewhere. */
export function adviceObjection(unit: Unit, ledger: Ledger, grounds: AdviceGrounds): string | null {
  const cited = citedNumbers(unit.text);
  const strange = cited.find((number) => !grounds.passages.has(number));
  if (strange !== undefined) return `[${strange}] names no passage that was found for this question`;
  const sentence = withoutCitations(unit.text);
  if (cited.length > 0) {
    const passage = cited.map((number) => grounds.passages.get(number) ?? "").join("\n");
    return citedObjection(sentence, passage, ledger);
  }
  if (isAdvice(sentence)) return restsOnRule(sentence, grounds.rules) ? null : "it is advice and cites no passage";
  return grounds.strict ? uncitedObjection({ ...unit, text: sentence }, ledger) : null;
}

function citedObjection(sentence: string, passage: string, ledger: Ledger): string | null {
  const words = contentWords(sentence);
  if (words.size === 0) return null;
  const own = contentWords(passage);
  const inPassage = words.intersection(own).size;
  if (inPassage < Math.min(FEWEST_OWN, words.size) || inPassage < OWN_SHARE * words.size)
    return "the passage that it cites does not say it";
  if (words.intersection(own.union(wordsOf(ledger).facts)).size < CITED_SHARE * words.size)
    return "too little of it stands in the passage that it cites or in the findings";
  if (forbids(passage, sentence, words)) return "the passage that it cites says not to";
  return contrary(sentence, passage, factsOf(ledger));
}

/** Of the words that a sentence without a citation has, enough are in a finding; a lead-in, a question and a plain no say nothing. */
function uncitedObjection({ text, lead, kind }: Unit, ledger: Ledger): string | null {
  const words = contentWords(text);
  if (words.size < FEWEST_OWN || /#/.test(lead)) return null;
  if (/[:?]["”*_]*\s*$/.test(text) && words.size <= LONGEST_LEAD_IN) return null;
  if (kind === "sentence" && (SAYS_NO.test(text) || isAboutUs(text))) return null;
  const found = words.intersection(wordsOf(ledger).all).size;
  return found < FOUND_SHARE * words.size ? "it stands in no finding and cites no passage" : null;
}

/** A sentence that only says that nothing was found. */
export const SAYS_NO =
  /^(?:[^.,;:]{0,60}\b)?(?:no (?:\w+ )?(?:playbooks?|passages?|findings?)|none of (?:the|our) playbooks|nothing (?:in|from) (?:the|our) playbooks|(?:the|our) playbooks? (?:do(?:es)? not|don['’]?t|doesn['’]?t|has nothing|have nothing|say nothing)|kein (?:\w+ )?playbook|aucun playbook|ning[uú]n playbook)\b[^.,;:]{0,80}[.!]?\s*$/iu;

const restsOnRule = (sentence: string, rules: string): boolean => {
  const words = contentWords(sentence);
  return words.size > 0 && words.intersection(contentWords(rules)).size >= RULE_SHARE * words.size;
};
const RULE_SHARE = 0.8;

const NOT_TO = /^(?:do not|don['’]?t|never|no|nobody|not|avoid|without|instead of)\b|\b(?:must|should|may|shall) not\b/;
const NEGATES = /\b(?:not|n['’]t|don['’]?t|never|no|nobody|nothing|avoid|without|rather than|instead)\b/i;
const SAME_THING = 0.75; // share of the sentence's words that a prohibition has

/** Whether the passage names the same thing in order to forbid it: "Do not call it an improvement". */
function forbids(passage: string, sentence: string, words: ReadonlySet<string>): boolean {
  if (NEGATES.test(sentence)) return false;
  return passage
    .split(/[.,;:!?\n]/)
    .map((clause) => folded(clause).replace(/^[\s>*•\d.)-]+/, ""))
    .some((clause) => NOT_TO.test(clause) && words.intersection(contentWords(clause)).size >= SAME_THING * words.size);
}

interface Found {
  /** Of everything that was found. */
  all: Set<string>;
  /** Without the passages. */
  facts: Set<string>;
}
const known = new WeakMap<Ledger, Found>();

/** What was found of the account, without the passages, which the tools' words quote line by line. */
const factsOf = ({ spoken }: Ledger): string =>
  spoken
    .split("\n")
    .filter((line) => !line.startsWith(">"))
    .join("\n");

function wordsOf(ledger: Ledger): Found {
  const found = known.get(ledger) ?? { all: contentWords(ledger.text), facts: contentWords(factsOf(ledger)) };
  known.set(ledger, found);
  return found;
}
