import type { Actor } from "#actor.ts";
import type { Database, Reading } from "#database/door.ts";
import { Unavailable } from "#errors.ts";
import type { Embedder } from "./embedders/embedder.ts";
import { type FoundPassage, findPassages, type SearchVector } from "./find.ts";
import { asksForWords } from "./section-kinds.ts";
import { saidWords } from "./words.ts";

export type { FoundPassage } from "./find.ts";

/** found: a passage answers. close: playbooks worth a look, none that answers. none: no playbook covers the question. */
export type Verdict = "found" | "close" | "none";

export interface PlaybookSearch {
  question: string;
  embedder: Embedder;
  /** Of the account that is spoken of, in the words of playbooks: passages for them come first. */
  stages?: string[];
  /** Nothing but playbooks for `stages`. */
  onlyStages?: boolean;
  /** Moves that the stage forbids: a playbook that has one of them is never shown. */
  forbiddenMoves?: string[];
  /** Situations that the account's facts show: passages for them come first. */
  situations?: string[];
  /** Look in these playbooks only. */
  playbookIds?: string[];
  /** Playbooks whose condition the account's facts fulfil: they come first, and their passages say so. */
  firedPlaybooks?: string[];
  /** The text search dictionary that the passages were indexed with; English by default. */
  stemmer?: string;
  /** How much words count beside meaning, 0 (meaning only) to 1 (words only); the evaluation varies it. */
  wordShare?: number;
  /** Words of the question that say nothing about the situation, such as the account's name. */
  apartFrom?: string;
  /** How many passages; at most two are of one playbook. */
  limit?: number;
}

/** Where to look: inside an open transaction, or in one of its own (better: an endpoint is then asked before it). */
export type SearchPlace = { rows: Reading } | { database: Database; actor: Actor };

export interface PlaybookAnswer {
  verdict: Verdict;
  /** Share of the question's weight (rare words weigh more) that the best passage contains, 0 to 1. */
  coverage: number;
  /** What the verdict is drawn from: how well the best passage meets the question, 0 to 1. */
  confidence: number;
  /** Best first; empty when the verdict is "none". */
  passages: FoundPassage[];
  /** A sentence for people where the verdict is not "found", or where the search was not whole. */
  note: string | null;
}

// Set on the tuned half of the golden questions and two public sets; docs/evaluation.md tells what they let through.
export const FOUND_CONFIDENCE = 0.59;
export const CLOSE_CONFIDENCE = 0.5;
const NEXT_TO_THE_FIRST = 0.85; // of the first passage's confidence: what meets the question worse only shares words with it
const MOST_WORDS = 400; // of a question; more of them only blur it

/**
 * Finds playbook passages for a question by words and by meaning, in one round trip. Questions without a word to search
 * by, and questions that nothing covers, get the verdict "none" with a note that says so.
 */
export async function searchPlaybooks(search: PlaybookSearch & SearchPlace): Promise<PlaybookAnswer> {
  const { corpus, terms, passages, trouble } = await closestPassages(search);
  if (corpus === 0) return nothing("No playbooks are indexed yet. Run `perennial ingest`.");
  if (terms === 0) return nothing("The question has no word to search by. Ask with a few words about the situation.");
  return judged(passages, trouble);
}

/** The nearest passages, whether they answer the question or not; `terms` counts the words that could be searched by. */
export async function closestPassages(search: PlaybookSearch & SearchPlace) {
  const apart = new Set(saidWords(search.apartFrom ?? ""));
  const words = [...new Set(saidWords(search.question))].filter((word) => !apart.has(word)).slice(0, MOST_WORDS);
  const { vector, trouble } = await vectorOf(search.embedder, words.length > 0 ? search.question : null);
  const ask = (rows: Reading) =>
    findPassages(rows, {
      ...search,
      words,
      vector,
      asksForWords: asksForWords(search.question),
      limit: search.limit ?? 5,
    });
  const found = "rows" in search ? await ask(search.rows) : await search.database.read(search.actor, ask);
  return { ...found, trouble };
}

function judged(rows: FoundPassage[], trouble: string | null): PlaybookAnswer {
  const { confidence, coverage } = bestOf(rows);
  if (confidence < CLOSE_CONFIDENCE) return { ...nothing("No playbook covers this."), coverage, confidence };
  const verdict = confidence >= FOUND_CONFIDENCE ? "found" : "close";
  const note = [verdict === "close" && "No playbook answers this; these are the closest.", trouble]
    .filter(Boolean)
    .join(" ");
  return { verdict, coverage, confidence, passages: worthShowing(rows), note: note || null };
}

const worthShowing = (rows: FoundPassage[]): FoundPassage[] =>
  rows.filter((each) => each.confidence >= NEXT_TO_THE_FIRST * (rows[0]?.confidence ?? 0));

/** How well the first three passages meet the question; those further down may only share words with it. */
export function bestOf(passages: FoundPassage[]): { coverage: number; confidence: number } {
  const first = passages.slice(0, 3);
  return {
    coverage: Math.max(0, ...first.map((each) => each.coverage)),
    confidence: Math.max(0, ...first.map((each) => each.confidence)),
  };
}

const nothing = (note: string): PlaybookAnswer => ({ verdict: "none", coverage: 0, confidence: 0, passages: [], note });

const LONGEST_QUESTION = 8_000; // characters that an endpoint gets

/** An endpoint that is away does not stop the search by words; the answer says that it was by words only. */
async function vectorOf(
  embedder: Embedder,
  question: string | null,
): Promise<{ vector: SearchVector; trouble: string | null }> {
  if (question === null) return { vector: null, trouble: null };
  if (embedder.kind === "fitted") return { vector: { model: embedder.name, sumOfTerms: true }, trouble: null };
  const name = { model: embedder.name, fingerprint: embedder.fingerprint };
  try {
    return {
      vector: { ...name, embedding: await embedder.embedQuery(question.slice(0, LONGEST_QUESTION)) },
      trouble: null,
    };
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return { vector: null, trouble: "The embedding endpoint does not answer, so this was found by words only." };
  }
}
