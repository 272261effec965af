import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Find, passagesQuery } from "./find-query.ts";
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
  met: z.number(),
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
  /** How much there is to find of the question, and the share of it that some passage has. */
  asked: z.number(),
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

type Question = Pick<z.infer<typeof found>, "asked" | "known">;

function asFound(
  { words, stage, fired, triggers, file, anchor, met, ...same }: z.infer<typeof row>,
  question: Question,
): FoundPassage {
  return {
    ...same,
    confidence: confidence(met, triggers.length, question),
    why: { words, trigger: nearestTrigger(triggers, words), stage, fired },
    source: anchor ? `${file}#${anchor}` : file,
  };
}

// The fewer triggers a playbook has, the more a match says: triggers bring the words of all sorts of questions. Without any,
// questions that nothing answers reach 0.13 less than with 18; measured with 0, 5, 9, 13 and 18.
const TRIGGERS_TO_THE_FULL = 18;
const WITHOUT_TRIGGERS = 0.13;
// Who tells a situation at length names the product, the place and the people too, and no passage has those: what goes
// beyond a question of usual length (nine words that tell something) counts a quarter. Chosen on tuned halves only.
const USUAL_LENGTH = 5;
const BEYOND = 0.25;

/**
 * The geometric mean of two shares, how much of the question the passage has and how much that is (two words say more than
 * one), lowered by what no playbook has a word for. A word weighs the root of its rarity: a single rare word is often chance.
 */
function confidence(met: number, triggers: number, { asked, known }: Question): number {
  if (met <= 0) return 0;
  const weighed = Math.min(asked, USUAL_LENGTH) + BEYOND * Math.max(0, asked - USUAL_LENGTH);
  const found = Math.cbrt((met / weighed) * (met / (met + 1)) * Math.sqrt(known));
  return Math.min(1, found * (1 + WITHOUT_TRIGGERS * Math.max(0, 1 - triggers / TRIGGERS_TO_THE_FULL)));
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
