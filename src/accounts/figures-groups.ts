import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { name, sql } from "#database/sql.ts";
import { type AccountsAsked, accountsAsked, type FigureGroup } from "./figures-accounts.ts";
import type { GroupFilter } from "./movements.ts";

const idRow = z.object({ id: z.number() });

/** The accounts asked about as the kept sums count them, where one name of a kind is asked for; else by their names. */
export async function groupFilterOf(rows: Reading, asked: AccountsAsked): Promise<GroupFilter> {
  const { owners, teams, segments, industries, countries, plans } = asked;
  const filter: GroupFilter = {};
  const among: AccountsAsked = {};
  if (owners || teams) filter.ownerIds = await ownerIdsOf(rows, { owners, teams });
  if (segments?.length === 1) filter.segment = segments[0]!;
  else if (segments) among.segments = segments;
  if (plans?.length === 1) filter.plan = plans[0]!;
  else if (plans) among.plans = plans;
  if (industries?.length === 1) filter.industry = industries[0]!;
  else if (industries) among.industries = industries;
  if (countries) filter.countries = countries;
  return Object.keys(among).length > 0 ? { ...filter, among } : filter;
}

const ownerIdsOf = async (rows: Reading, { owners, teams }: Pick<AccountsAsked, "owners" | "teams">) =>
  (
    await rows.many(
      idRow,
      sql`select p.person_id as id from person p left join team t on t.workspace_id = p.workspace_id and t.team_id = p.team_id
          where p.workspace_id = current_workspace() and (${owners ?? null}::text[] is null or p.full_name = any(${owners ?? null}::text[]))
            and (${teams ?? null}::text[] is null or t.name = any(${teams ?? null}::text[])) order by 1`,
    )
  ).map(({ id }) => id);

/** By which names accounts of a group are asked for. */
export const ASKED_BY = {
  owner: "owners",
  team: "teams",
  segment: "segments",
  industry: "industries",
  country: "countries",
  plan: "plans",
} as const satisfies Record<FigureGroup, keyof AccountsAsked>;

/** The accounts that both filters count; where both name a kind, the second is the narrower one, except for owners. */
export function bothFilters(whole: GroupFilter, group: GroupFilter): GroupFilter {
  const both = { ...whole, ...group };
  if (whole.ownerIds && group.ownerIds) both.ownerIds = group.ownerIds.filter((id) => whole.ownerIds!.includes(id)); // just looked at
  return both;
}

const groupRow = z.object({ group: z.string().nullable() });

/** Groups whose names are those of kept sums. */
const SUMMED_GROUPS: readonly FigureGroup[] = ["segment", "country", "plan"];

/** The groups, by name, that accounts with MRR on record belong to; null where some belong to none. */
export const groupsWithMrr = async (rows: Reading, asked: AccountsAsked, by: FigureGroup): Promise<(string | null)[]> =>
  (
    await rows.many(
      groupRow,
      SUMMED_GROUPS.includes(by) && Object.values(asked).every((each) => each === undefined)
        ? sql`select distinct nullif(value, '') as group from mrr_week where workspace_id = current_workspace() and cut = ${by} and ledger_rows > 0`
        : sql`select distinct c.${name(by)} as group from ${accountsAsked(asked)} c
          where exists (select from account_week w where w.workspace_id = c.workspace_id and w.account_id = c.account_id)`,
    )
  ).map(({ group }) => group);
