import { contentWords } from "./content-words.ts";
import { NUMBER_WORDS, numberFromWords } from "./number-words.ts";
import { plainText } from "./plain-text.ts";

/** A stretch of a sentence that says one thing. */
interface Clause {
  words: Set<string>;
  /** null: it goes on after a clause that is denied, and may be denied with it. */
  denied: boolean | null;
}
/** A line of a passage: a step, or a paragraph. */
interface Item {
  text: string;
  words: Set<string>;
  clauses: Clause[];
}

// Clauses say the same from here on: share of the words of the shorter one.
const SAME = 0.75;
const NEAR = 0.5; // of the best item's words: items with more may be meant too

const PARTS =
  /[.,;:!?…—–()]+|\s(?=(?:and|but|or|so|because|that|which|who|even|without|until|unless|before|after|then|what|whether|how|where|if)\s)/i;
const DENIES =
  /\b(?:not|cannot|never|no|nobody|nothing|none|neither|nor|without|avoid\w*|refrain\w*|skip\w*|stop\w*)\b|n['’]t\b/gi;
const SAYS_YES =
  /\b(?:(?:do not|don['’]?t|never) (?:forget|fail|hesitate)|not only|no later than|no more than|with or without)\b/gi;

/** Why a sentence that is made of a passage's words says something else than the passage, or null. `facts`: what else it may draw on. */
export function contrary(sentence: string, passage: string, facts: string): string | null {
  const items = itemsOf(passage);
  const said = clausesOf(sentence);
  if (said.some((clause) => isDenied(clause, items))) return "the passage that it cites says the contrary";
  const meant = itemsMeant(subjectOf(sentence), items);
  const strange = strangeNumber(sentence, meant, facts);
  if (strange) return `the passage that it cites does not say “${strange}” of it`;
  if (isElsewhen(sentence, meant, items)) return "the passage that it cites has it in another order";
  return saidOfOthers(sentence, items, facts) ? "the passage that it cites says it of somebody else" : null;
}

const TIME = contentWords("minute hour day week month");
/** What a text is about: its words without numbers and units of time. */
const subjectOf = (text: string): Set<string> => contentWords(text.replace(NUMBER_WORDS, " ")).difference(TIME);

const itemsOf = (passage: string): Item[] =>
  plainText(passage)
    .split("\n")
    .filter((line) => /\p{L}/u.test(line))
    .map((line) => line.replace(/^[\s>•–-]*(?:\d{1,2}[.)]\s)?/, ""))
    .map((text) => ({ text, words: subjectOf(text), clauses: clausesOf(text) }));

function clausesOf(text: string): Clause[] {
  return plainText(text)
    .split(/(?<=[.!?])\s/)
    .flatMap((sentence) => {
      let before: boolean | null = false;
      return sentence.split(PARTS).map((part): Clause => {
        const denied: boolean = (part.replace(SAYS_YES, "").match(DENIES) ?? []).length % 2 === 1;
        before = denied ? true : before === false ? false : null;
        return { words: contentWords(part.replace(DENIES, "")), denied: before };
      });
    })
    .filter(({ words }) => words.size > 0);
}

/** Whether what comes nearest to a clause in the passage is denied there and not here, or the other way round. */
function isDenied(said: Clause, items: Item[]): boolean {
  const alike = items
    .flatMap(({ clauses }) => clauses)
    .map((clause) => ({ clause, shared: said.words.intersection(clause.words).size }))
    .filter(({ clause, shared }) => {
      const shorter = Math.min(said.words.size, clause.words.size);
      return shared === said.words.size || (shared > 1 && shared >= SAME * shorter);
    });
  const most = Math.max(0, ...alike.map(({ shared }) => shared));
  const nearest = alike.filter(({ shared }) => shared === most);
  if (
    said.denied === false &&
    alike.some(({ clause, shared }) => clause.denied && shared > 1 && shared === clause.words.size)
  )
    return true;
  return (
    nearest.length > 0 &&
    nearest.every(({ clause }) => clause.denied !== null && said.denied !== null && clause.denied !== said.denied)
  );
}

/** The items that a sentence speaks of, best first. */
function itemsMeant(words: ReadonlySet<string>, items: Item[]): Item[] {
  const counted = items.map((item) => ({ item, shared: item.words.intersection(words).size }));
  const most = Math.max(0, ...counted.map(({ shared }) => shared));
  return counted
    .filter(({ shared }) => shared > NEAR * most)
    .sort((one, other) => other.shared - one.shared)
    .map(({ item }) => item);
}

const MINUTES: Record<string, number> = { minute: 1, hour: 60, day: 1440, week: 10_080, month: 43_200 };
const UNIT = "(minute|hour|day|week|month)s?\\b";
const SPAN = new RegExp(`\\b(\\d+|an?)[ -]${UNIT}|\\bday (\\d+)\\b`, "gi");

/** Stretches of time in minutes, and other numbers from two on, each with its words. */
function numbersIn(text: string): { spans: Map<number, string>; counts: Map<number, string> } {
  const spans = new Map<number, string>();
  const left = plainText(text)
    .replace(/\d{4}-\d{2}-\d{2}/g, " ")
    .replace(NUMBER_WORDS, (words) => String(numberFromWords(words)))
    .replace(SPAN, (words, count: string | undefined, unit: string | undefined, day: string | undefined) => {
      const many = Number(day ?? (/^an?$/i.test(count!) ? 1 : count)); // without a day there is a count
      spans.set(many * MINUTES[(unit ?? "day").toLowerCase()]!, words);
      return " ";
    });
  const counts = [...left.matchAll(/(?<![\d.,])\d+(?![\d.,]*\d)/g)].map(([digits]): [number, string] => [
    Number(digits),
    digits,
  ]);
  return { spans, counts: new Map(counts.filter(([many]) => many > 1)) };
}

/** A number of the sentence that neither the items it speaks of have, nor the facts of the account. */
function strangeNumber(sentence: string, meant: Item[], facts: string): string | null {
  const [said, there, known] = [sentence, meant.map(({ text }) => text).join("\n"), facts].map(numbersIn);
  const strange = (kind: "spans" | "counts") =>
    [...said![kind]].find(([many]) => !there![kind].has(many) && !known![kind].has(many))?.[1];
  return meant.length === 0 ? null : (strange("spans") ?? strange("counts") ?? null);
}

const BEFORE = /\b(?:before|prior to)\b/i;
const AFTER = /\b(?:after|once|as soon as|wait\w* (?:until|till))\b/i;

/** "Before" where the passage has "after", or steps the other way round. */
function isElsewhen(sentence: string, [best]: Item[], items: Item[]): boolean {
  const [before, after] = [BEFORE.test(sentence), AFTER.test(sentence)];
  if (best && before !== after && BEFORE.test(best.text) === after && AFTER.test(best.text) === before) return true;
  const [first, then, more] = sentence.replace(/\bfirst\b/gi, " ").split(/\bthen\b/i);
  if (!first || !then || more !== undefined) return false;
  const [earlier, later] = [first, then].map((part) => itemsMeant(subjectOf(part), items)[0]);
  return earlier !== undefined && later !== undefined && items.indexOf(earlier) > items.indexOf(later);
}

const ROLES = contentWords(
  "sponsor champion successor user administrator admin manager owner support engineer engineering sales billing finance legal boss leader writer reference",
);

/** Whether the passage has somebody else do it, or do it to somebody else. A person's name of the account may stand for any of them. */
function saidOfOthers(sentence: string, items: Item[], facts: string): boolean {
  const all = items.flatMap(({ clauses }) => clauses);
  return plainText(sentence)
    .split(PARTS)
    .some((part) => {
      const words = contentWords(part);
      const who = words.intersection(ROLES);
      if (who.size === 0 || namesSomebody(part, facts) || part.search(DENIES) >= 0) return false;
      const what = words.difference(ROLES);
      const alike = all.filter((clause) => what.size > 0 && clause.words.intersection(what).size >= SAME * what.size);
      return (
        alike.length > 0 &&
        alike.every(({ words: there }) => there.intersection(ROLES).size > 0 && there.isDisjointFrom(who))
      );
    });
}

const namesSomebody = (part: string, facts: string): boolean =>
  (part.match(/\b\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+\b|(?<=\s)\p{Lu}\p{Ll}+\b/gu) ?? []).some((name) =>
    facts.includes(name.toLowerCase()),
  );
