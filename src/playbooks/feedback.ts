import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { AskAgain } from "#errors.ts";

/** What a person says of a passage that they were shown. */
export interface PassageFeedback {
  playbookId: string;
  section: string;
  helped: boolean;
  note?: string | null;
  personId?: number | null;
}

const LONGEST_NOTE = 1_000;

/**
 * Keeps whether a passage helped; what a person says again of the same passage takes the place of what they said before.
 * The order of passages does not depend on it. Throws AskAgain when there is no such passage.
 */
export async function keepFeedback(rows: Writing, given: PassageFeedback): Promise<void> {
  const { playbookId, section, helped, note = null, personId = null } = given;
  if (personId !== null)
    await rows.run(sql`delete from passage_feedback
      where person_id = ${personId} and playbook_id = ${playbookId} and lower(section) = lower(${section})`);
  const kept = await rows.run(sql`
    insert into passage_feedback (workspace_id, playbook_id, section, helped, note, person_id)
    select current_workspace(), playbook_id, section, ${helped}::boolean, ${note?.slice(0, LONGEST_NOTE) ?? null}, ${personId}::bigint
    from passage where playbook_id = ${playbookId} and lower(section) = lower(${section}) limit 1`);
  if (kept > 0) return;
  const sections = await rows.many(
    z.object({ section: z.string() }),
    sql`select section from passage where playbook_id = ${playbookId} order by ordinal`,
  );
  if (sections.length === 0) throw new AskAgain(`There is no playbook “${playbookId}”.`);
  const known = [...new Set(sections.map((each) => each.section))].join(", ");
  throw new AskAgain(`${playbookId} has no section “${section}”. It has: ${known}.`);
}

const told = z.object({
  playbookId: z.string(),
  title: z.string().nullable(),
  section: z.string(),
  helped: z.number(),
  not: z.number(),
  newest: z.string(),
  notes: z.array(z.string()),
});

/** What people said of one section. */
export type ToldFeedback = z.infer<typeof told>;

const LONGEST_REPORT = 200;

/** Sections that people said something of, the least helpful first. `title` is null where the playbook is gone. */
export const feedbackReport = (rows: Reading): Promise<ToldFeedback[]> =>
  rows.many(
    told,
    sql`
    select playbook_id as "playbookId", max(title) as title, section, count(*) filter (where helped)::int as helped,
      count(*) filter (where not helped)::int as not, max(given_at)::date as newest,
      coalesce((array_agg(note order by given_at desc) filter (where note is not null))[1:5], '{}') as notes
    from passage_feedback left join playbook using (workspace_id, playbook_id)
    group by playbook_id, section
    order by count(*) filter (where not helped) - count(*) filter (where helped) desc, playbook_id, section
    limit ${LONGEST_REPORT}::int`,
  );
