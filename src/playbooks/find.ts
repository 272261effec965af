import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { BM25_K, type Find, passagesQuery } from "./find-query.ts";
import { wordsOf } from "./words.ts";

export type { Find, SearchVector } from "./find-query.ts";

const row = z.object({
  playbookId: z.string(),
  title: z.string(),
  section: z.string(),
  path: z.array(z.string()),
  text: z.string(),
  score: z.number(),
  coverage: z.number(),
  bm25: z.number(),
  words: z.array(z.string()),
  stage: z.boolean(),
  fired: z.boolean(),
  triggers: z.array(z.string()),
  file: z.string(),
  anchor: z.string(),
  reviewBy: z.string(),
  stages: z.array(z.string()),
  moves: z.array(z.string()),
});
const found = z.object({
  corpus: z.number(),
  terms: z.number(),
  /** Of all terms of the question; of a word that no passage has; the share of the words' rarity that some passage has. */
  rarity: z.number(),
  rarest: z.number(),
  known: z.number(),
  passages: z.array(row),
});

/** A passage that a search found, and why. */
export interface FoundPassage {
  playbookId: string;
  title: string;
  section: string;
  path: string[];
  text: string;
  score: number;
  /** Share of the question's weight that the passage contains, 0 to 1. */
  coverage: number;
  /** How well the question is met, 0 to 1; the verdict is drawn from it. */
  confidence: number;
  /** The question's words that it has, the nearest trigger, whether it is for the stage, whether the account's facts fire it. */
  why: { words: string[]; trigger: string | null; stage: boolean; fired: boolean };
  /** Where it stands: `knowledge/playbooks/retention/x.md#steps`. */
  source: string;
  reviewBy: string;
  stages: string[];
  moves: string[];
}

/** The passages for a question's words and vector, best first: BM25 and cosine, both exact, in one statement. */
export async function findPassages(
  rows: Reading,
  ask: Find,
): Promise<{ corpus: number; terms: number; passages: FoundPassage[] }> {
  const { corpus, terms, passages, ...question } = await rows.one(found, passagesQuery(ask));
  return { corpus, terms, passages: passages.map((each) => asFound(each, question)) };
}

type Question = Pick<z.infer<typeof found>, "rarity" | "rarest" | "known">;

function asFound(
  { words, stage, fired, triggers, file, anchor, bm25, ...same }: z.infer<typeof row>,
  question: Question,
): FoundPassage {
  return {
    ...same,
    confidence: confidence(bm25, question),
    why: { words, trigger: nearestTrigger(triggers, words), stage, fired },
    source: anchor ? `${file}#${anchor}` : file,
  };
}

/**
 * The geometric mean of three shares: how much of the question the passage has (BM25 over the most it could be), how much
 * that is (two rare words say more than one), and how much of the question's vocabulary the playbooks have at all.
 */
function confidence(bm25: number, { rarity, rarest, known }: Question): number {
  if (bm25 <= 0) return 0;
  const share = bm25 / (rarity * (BM25_K + 1));
  const rareWords = bm25 / (rarest * (BM25_K + 1));
  return Math.cbrt(Math.min(1, share) * (rareWords / (rareWords + 1)) * Math.sqrt(known));
}

const FEWEST_SHARED = 2; // one word in common may be chance

/** The trigger that shares most words with what matched, with word forms folded by their beginning. */
function nearestTrigger(triggers: string[], matched: string[]): string | null {
  const asked = new Set(matched.map(beginning));
  const sharedBy = (trigger: string) =>
    new Set(
      wordsOf(trigger)
        .map(beginning)
        .filter((word) => asked.has(word)),
    ).size;
  const shared = triggers.map((trigger) => ({ trigger, count: sharedBy(trigger) }));
  const best = shared.reduce((one, other) => (other.count > one.count ? other : one), { trigger: "", count: 0 });
  return best.count >= Math.min(FEWEST_SHARED, asked.size) && best.count > 0 ? best.trigger : null;
}

const beginning = (word: string): string => word.slice(0, 5);
