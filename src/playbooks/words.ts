import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/** PostgreSQL's dictionary that turns words into stems, on the way in and for questions alike. */
export const STEMMER = "english_stem";

// What chat adds to PostgreSQL's own list of stop words: greetings, thanks, and contractions without their apostrophe.
const FILLERS = new Set(
  `hey hi hello please pls thanks thx ok okay guys folks anyone anybody someone somebody something anything
  dont doesnt didnt cant wont isnt arent wasnt havent hasnt couldnt shouldnt wouldnt im ive id ill youre theyre theyve
  whats thats hes shes lets got get gets getting gonna wanna etc`.split(/\s+/),
);

/** The words of a text, lower case, as they come. Placeholders, addresses, numbers, single letters and fillers are left out. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\{[a-z0-9_]+\}|https?:\/\/\S+/g, " ");
  const words = plain.match(/[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu) ?? [];
  return words
    .map(withoutContraction)
    .filter((word) => word.length > 1 && word.length < 40 && !/^\p{N}+$/u.test(word) && !FILLERS.has(word));
}

/** "they've" speaks of "they", "customer's" of "customer"; "don't" carries nothing. */
function withoutContraction(word: string): string {
  const [stem = "", tail] = word.split(/['’]/);
  return tail === "t" ? "" : stem;
}

/** The stem of each word; stop words have none. */
export async function stemsOf(rows: Reading, words: Iterable<string>): Promise<Map<string, string>> {
  const found = await rows.many(
    z.object({ word: z.string(), stem: z.string() }),
    sql`select word, stem from unnest(${[...new Set(words)]}::text[]) word, unnest(ts_lexize(${STEMMER}, word)) stem`,
  );
  return new Map(found.map(({ word, stem }) => [word, stem]));
}
