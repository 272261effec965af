import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";

/** PostgreSQL's dictionary that turns words into stems, on the way in and for questions alike. */
export const STEMMER = "english_stem";

// What chat adds to PostgreSQL's own list of stop words: greetings, thanks, and contractions without their apostrophe.
const FILLERS = new Set(
  `hey hi hello please pls thanks thx ok okay guys folks anyone anybody someone somebody something anything
  dont doesnt didnt cant wont isnt arent wasnt havent hasnt couldnt shouldnt wouldnt im ive id ill youre theyre theyve
  whats thats hes shes lets got get gets getting gonna wanna etc`.split(/\s+/),
);

/** The words of a text, lower case, as they come. Placeholders, addresses, numbers, single letters and fillers are left out. */
export const wordsOf = (text: string): string[] => saidWords(text).filter((word) => !FILLERS.has(word));

/** The same with the fillers: with the stop words they make the manner of a question. */
export function saidWords(text: string): string[] {
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\{[a-z0-9_]+\}|https?:\/\/\S+/g, " ");
  const words = plain.match(/[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu) ?? [];
  return words.map(withoutContraction).filter((word) => word.length > 1 && word.length < 40 && !/^\p{N}+$/u.test(word));
}

/** "they've" speaks of "they", "customer's" of "customer", "l'échéance" of "échéance"; "don't" is the filler "dont". */
function withoutContraction(word: string): string {
  const [stem = "", tail = ""] = word.split(/['’]/);
  if (stem.length <= 2 && tail.length > 2) return tail;
  return tail === "t" ? `${stem}t` : stem;
}

const MANNER = "~"; // no word has it, so that terms of manner cannot be mistaken for stems

/** Whether a term says how something is put (stop words, fillers) and not what it is about. */
export const isManner = (term: string): boolean => term.startsWith(MANNER);

/** The same in SQL. */
export const mannerSql = (term: Sql): Sql => sql`starts_with(${term}, ${MANNER})`;

/**
 * The term that a word is looked up by: its stem, or the word itself behind a sign when it is a stop word or a filler.
 * Those weigh little and find nothing by themselves, but "how do I" and "who is" tell passages apart that share a subject.
 */
export const termOf = (word: Sql, stemmer: string): Sql => sql`case
  when ${word} = any(${[...FILLERS]}::text[]) or ts_lexize(${stemmer}, ${word}) = '{}' then ${MANNER} || ${word}
  else (ts_lexize(${stemmer}, ${word}))[1] end`;

/** The term of each word. */
export async function stemsOf(rows: Reading, words: Iterable<string>, stemmer = STEMMER): Promise<Map<string, string>> {
  const found = await rows.many(
    z.object({ word: z.string(), term: z.string() }),
    sql`select word, term from unnest(${[...new Set(words)]}::text[]) word, lateral (select ${termOf(sql`word`, stemmer)} as term) looked
      where term is not null`,
  );
  return new Map(found.map(({ word, term }) => [word, term]));
}
