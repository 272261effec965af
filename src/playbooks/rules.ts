import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { AskAgain } from "#errors.ts";
import { conditionSchema } from "#lifecycle/condition.ts";
import type { PlaybookRule } from "#lifecycle/next-steps.ts";
import type { Embedder } from "./embedders/embedder.ts";
import { closestPassages } from "./search.ts";
import { STEPS, TO_COLLEAGUES, WORDS_TO_USE } from "./section-kinds.ts";

const rule = z.object({
  id: z.string(),
  title: z.string(),
  stages: z.array(z.string()),
  moves: z.array(z.string()),
  when: conditionSchema.nullable(),
  ownerRole: z.string(),
  effortMinutes: z.number(),
  dueInDays: z.number(),
  success: z.string(),
});

/** Every playbook of the workspace as the lifecycle judges it: for which stages and facts, with which moves. */
export const playbookRules = (rows: Reading): Promise<PlaybookRule[]> =>
  rows.many(
    rule,
    sql`
    select playbook_id as id, title, stages, moves, fires_when as "when", owner_role as "ownerRole",
      effort_minutes as "effortMinutes", due_in_days as "dueInDays", success
    from playbook order by playbook_id`,
  );

const cited = z.object({
  playbookId: z.string(),
  title: z.string(),
  section: z.string(),
  path: z.array(z.string()),
  text: z.string(),
  /** `knowledge/playbooks/retention/x.md#steps` */
  source: z.string(),
  reviewBy: z.string(),
  stages: z.array(z.string()),
  moves: z.array(z.string()),
});

/** A passage of a playbook that is already chosen. */
export type CitedPassage = z.infer<typeof cited>;

/** One passage of each playbook, the first in the order that follows. */
const firstOf = (playbookIds: string[]): Sql => sql`
    select distinct on (playbook_id) playbook_id as "playbookId", title, section, path, body as text,
      file || case when anchor = '' then '' else '#' || anchor end as source, review_by as "reviewBy", stages, moves
    from playbook join passage using (workspace_id, playbook_id)
    where playbook_id = any(${playbookIds}::text[])`;

/** One passage of each playbook, by id: the section of that name, else the steps, else the first one. */
export async function sectionsOf(
  rows: Reading,
  playbookIds: string[],
  section: string | null = null,
): Promise<Map<string, CitedPassage>> {
  const found = await rows.many(
    cited,
    sql`
    ${firstOf(playbookIds)}
    order by playbook_id, lower(section) = lower(${section}) desc nulls last, lower(section) = any(${STEPS}) desc, ordinal`,
  );
  return new Map(found.map((each) => [each.playbookId, each]));
}

/** The words to use of each playbook, by id: to write or to say, as wanted, else its other ones. Without any it is not in the map. */
export async function wordsToUseOf(
  rows: Reading,
  playbookIds: string[],
  wanted: "write" | "say",
): Promise<Map<string, CitedPassage>> {
  const found = await rows.many(
    cited,
    sql`
    ${firstOf(playbookIds)} and lower(path[1]) = any(${WORDS_TO_USE}) and lower(section) not like ${TO_COLLEAGUES}
    order by playbook_id, lower(section) ~ ${SPOKEN} = ${wanted === "say"} desc, ordinal`,
  );
  return new Map(found.map((each) => [each.playbookId, each]));
}

const SPOKEN = "^(call|anruf|llamada|appel|in the meeting)"; // headings of what is said aloud

/** Whether a section holds words that are said aloud, not written. */
export const isSpoken = (section: string): boolean => new RegExp(SPOKEN).test(section.toLowerCase());

export interface Citation {
  rows: Reading;
  playbookId: string;
  /** The section of this name; without it and without a question, the steps. */
  section?: string;
  /** The passage that answers this best; wants the embedder. */
  question?: string;
  embedder?: Embedder;
}

/** The passage of one playbook that fits best. Throws AskAgain when no such playbook is indexed. */
export async function passageFor({ rows, playbookId, section, question, embedder }: Citation): Promise<CitedPassage> {
  if (question && embedder && !section) {
    const { passages } = await closestPassages({ rows, question, embedder, playbookIds: [playbookId], limit: 1 });
    if (passages[0]) return cited.parse(passages[0]);
  }
  const passage = (await sectionsOf(rows, [playbookId], section)).get(playbookId);
  if (!passage) throw new AskAgain(`There is no playbook "${playbookId}". Search the playbooks by the situation.`);
  return passage;
}
