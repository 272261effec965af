import { documentOf, wordsOfPlaybook } from "#playbooks/documents.ts";
import type { FittedVectors, FixedEmbedder } from "#playbooks/embedders/embedder.ts";
import { lsaEmbedder } from "#playbooks/embedders/lsa.ts";
import type { Playbook } from "#playbooks/playbook.ts";
import { saidWords } from "#playbooks/words.ts";
import { seeded } from "#seeded.ts";

const VOCABULARY = 30_000;
const SUBJECTS = 400; // of the whole library; each has words of its own beside those that all share
const WORDS_OF_SUBJECT = 60;
const FROM_SUBJECT = 0.35;
const PASSAGES_OF_PLAYBOOK = 5;
const WORDS_OF_PASSAGE = { least: 25, most: 90 };
const MANNER = [
  "how",
  "do",
  "we",
  "the",
  "is",
  "to",
  "a",
  "of",
  "they",
  "their",
  "and",
  "when",
  "for",
  "what",
  "with",
  "on",
];
const MANNER_SHARE = 0.3;
export const DIMENSION = 128;

/** Playbooks of made-up words, as unevenly frequent as those of a language, each about one of some hundred subjects. */
export function* playbooksOf(snippets: number): Generator<Playbook> {
  for (let at = 0; at * PASSAGES_OF_PLAYBOOK < snippets; at++) {
    const random = seeded(at + 1);
    const subject = subjectOf(at);
    const count = Math.min(PASSAGES_OF_PLAYBOOK, snippets - at * PASSAGES_OF_PLAYBOOK);
    const title = sentence(random, subject, 5);
    yield {
      id: `playbook-${at}`,
      title,
      stages: [`stage-${subject % 6}`],
      situations: [],
      personas: [],
      triggers: [sentence(random, subject, 7), sentence(random, subject, 7)],
      when: null,
      moves: [`move-${subject % 20}`],
      effort: { level: "low", minutes: 10 },
      ownerRole: "sales_rep",
      dueInDays: 3,
      reviewBy: "2100-01-01",
      success: "",
      file: `playbook-${at}.md`,
      hash: `playbook-${at}`,
      passages: Array.from({ length: count }, (_, ordinal) => ({
        section: `Section ${ordinal + 1}`,
        path: [`Section ${ordinal + 1}`],
        anchor: `section-${ordinal + 1}`,
        text: sentence(random, subject, between(random, WORDS_OF_PASSAGE)),
        hash: `playbook-${at}-${ordinal}`,
      })),
    };
  }
}

export interface AskedQuestion {
  text: string;
  stage: string;
  embedding: number[];
}

const subjectOf = (playbook: number): number => Math.floor(seeded(-1 - playbook)() * SUBJECTS);

/** Questions of the same making, of four to ten words, each about the subject of some playbook among so many snippets. */
export function questionsOf(count: number, snippets: number): AskedQuestion[] {
  return Array.from({ length: count }, (_, at) => {
    const random = seeded(1_000_003 + at);
    const subject = subjectOf(Math.floor((random() * snippets) / PASSAGES_OF_PLAYBOOK));
    const text = sentence(random, subject, between(random, { least: 4, most: 10 }));
    return { text, stage: `stage-${subject % 6}`, embedding: vectorOf(text) };
  });
}

/**
 * Stands in for an embedding model: our offline one, fitted once on the first of the playbooks and then held fast, so that
 * texts on one subject lie near and a word that it never met counts for nothing.
 */
export const standInEmbedder: FixedEmbedder = {
  kind: "fixed",
  name: "bench-words",
  dimension: DIMENSION,
  fingerprint: `bench-words-2@${DIMENSION}`,
  embedPassages: async (texts) => texts.map(vectorOf),
  embedQuery: async (text) => vectorOf(text),
};

const FITTED_ON = 8_000;
let terms: FittedVectors["terms"] | null = null;

/** A sum of word vectors, each word as often as it is there, brought to length 1. */
export function vectorOf(text: string): number[] {
  terms ??= fitted();
  const sum = new Array<number>(DIMENSION).fill(0);
  for (const word of saidWords(text)) {
    terms.get(word)?.forEach((value, at) => {
      sum[at]! += value;
    });
  }
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}

function fitted(): FittedVectors["terms"] {
  const playbooks = [...playbooksOf(FITTED_ON)];
  const stems = new Map(
    playbooks.flatMap(wordsOfPlaybook).map((word) => [word, MANNER.includes(word) ? `~${word}` : word]),
  );
  const documents = playbooks.flatMap((each) => each.passages.map((passage) => documentOf(each, passage, stems)));
  return lsaEmbedder({ dimension: DIMENSION }).fit(documents).terms;
}

function sentence(random: () => number, subject: number, words: number): string {
  const said = Array.from({ length: words }, () => {
    if (random() < MANNER_SHARE) return MANNER[Math.floor(random() * MANNER.length)]!;
    if (random() < FROM_SUBJECT)
      return wordAt(VOCABULARY + subject * WORDS_OF_SUBJECT + Math.floor(random() ** 2 * WORDS_OF_SUBJECT));
    return wordAt(rank(random()));
  });
  return `${said.join(" ")}.`;
}

/** Zipf's law with Mandelbrot's shift: the most common word of the vocabulary is in about one passage of ten. */
const SHIFT = 20;
const rank = (at: number): number => Math.floor(SHIFT * ((VOCABULARY + SHIFT) / SHIFT) ** at) - SHIFT;

const SYLLABLES = ["ba", "do", "fi", "gu", "ka", "lo", "mi", "nu", "pa", "ro", "si", "tu", "va", "zo"];

/** A word that no stemmer shortens to another's stem. */
function wordAt(index: number): string {
  let word = "";
  for (let rest = index + SYLLABLES.length ** 2; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    word += SYLLABLES[rest % SYLLABLES.length];
  return `${word}k`;
}

const between = (random: () => number, { least, most }: { least: number; most: number }): number =>
  least + Math.floor(random() * (most - least + 1));
