import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/** The Slack user of a person; null where nobody is linked to them. */
export const slackUserOf = async (rows: Reading, personId: number): Promise<string | null> =>
  (
    await rows.maybe(
      z.object({ slackUserId: z.string().nullable() }),
      sql`select slack_user_id as "slackUserId" from person where person_id = ${personId}`,
    )
  )?.slackUserId ?? null;
