import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const words = z.array(z.string());
const vocabularyRow = z.object({
  teams: words,
  owners: words,
  segments: words,
  industries: words,
  countries: words,
  plans: words,
  campaigns: words,
});

/** The words a workspace uses for its teams, people and groups of accounts, so that a question can be read in them. */
export type AccountVocabulary = z.infer<typeof vocabularyRow>;

export const accountVocabulary = (rows: Reading): Promise<AccountVocabulary> =>
  rows.one(
    vocabularyRow,
    sql`with groups as materialized (select distinct segment, industry, country from account)
      select
      array(select name from team order by 1) as teams,
      array(select distinct full_name from person where is_active order by 1) as owners,
      array(select distinct segment from groups where segment is not null order by 1) as segments,
      array(select distinct industry from groups where industry is not null order by 1) as industries,
      array(select distinct country from groups where country is not null order by 1) as countries,
      array(select distinct plan from account_facts where plan is not null order by 1) as plans,
      array(select distinct campaign from interaction where campaign is not null order by 1 limit 200) as campaigns`,
  );
