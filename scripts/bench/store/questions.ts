import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { seeded } from "#seeded.ts";
import { DETAILED_EVERY } from "./generate.ts";
import { LEGAL_FORMS, misspelt } from "./names.ts";

/** One account and the ways in which a person may name it. */
export interface Asked {
  id: number;
  exact: string;
  /** The first words of the name. */
  prefix: string;
  typo: string;
  swapped: string;
}

const nameRow = z.object({ id: z.number(), name: z.string() });

/** So many different accounts, spread evenly over the store, all of those that have contacts and tickets. */
export async function accountsToAsk(
  database: Database,
  actor: Actor,
  count: number,
  accounts: number,
): Promise<Asked[]> {
  const detailed = Math.floor(accounts / DETAILED_EVERY);
  const apart = Math.max(1, Math.floor(detailed / count));
  const ids = Array.from({ length: Math.min(count, detailed) }, (_, at) => DETAILED_EVERY * (1 + at * apart));
  const named = await database.read(actor, (rows) =>
    rows.many(
      nameRow,
      sql`select account_id as id, name from account where account_id = any(${ids}) order by account_id`,
    ),
  );
  const random = seeded(7);
  return named.map(({ id, name }) => ({
    id,
    exact: name,
    ...variants(withoutForm(name).split(" "), random),
  }));
}

const withoutForm = (name: string): string => {
  const form = LEGAL_FORMS.find((each) => name.endsWith(` ${each}`));
  return form ? name.slice(0, -form.length - 1) : name;
};

/** The name's words without its legal form, as a person may shorten, misspell or turn them round. */
function variants(words: string[], random: () => number): Omit<Asked, "id" | "exact"> {
  const [first, second, ...rest] = words;
  return {
    prefix: words.slice(0, Math.max(1, words.length - 1)).join(" "),
    typo: [misspelt(first!, random), second, ...rest].filter((each) => each !== undefined).join(" "),
    swapped: [second, first, ...rest].filter((each) => each !== undefined).join(" "),
  };
}
