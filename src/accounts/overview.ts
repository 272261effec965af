import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { prepared, sql } from "#database/sql.ts";
import type { AccountFacts } from "#lifecycle/facts.ts";
import { everyDomain, factColumns, factFields, feedRow, onlyFacts } from "./facts.ts";

const overviewRow = z.object({
  id: z.number(),
  name: z.string(),
  owner: z.string().nullable(),
  ownerId: z.number().nullable(),
  team: z.string().nullable(),
  segment: z.string().nullable(),
  industry: z.string().nullable(),
  country: z.string().nullable(),
  crmStage: z.string().nullable(),
  createdOn: z.string(),
  domains: z.array(z.string()),
  parent: z.string().nullable(),
  openTickets: z.array(
    z.object({ id: z.number(), subject: z.string().nullable(), priority: z.string().nullable(), openedOn: z.string() }),
  ),
  openOpportunities: z.array(
    z.object({
      id: z.number(),
      name: z.string().nullable(),
      stage: z.string(),
      amountMinor: z.number().nullable(),
      currency: z.string().nullable(),
      closeOn: z.string().nullable(),
    }),
  ),
  openTasks: z.array(z.object({ id: z.number(), title: z.string(), dueOn: z.string().nullable() })),
});

const wholeRow = overviewRow.extend({
  aliases: z.array(z.string()),
  children: z.array(z.string()),
  contacts: z.array(
    z.object({
      id: z.number(),
      name: z.string().nullable(),
      title: z.string().nullable(),
      role: z.string().nullable(),
      leftOn: z.string().nullable(),
    }),
  ),
});

/** What one account is: its owner, open tickets, opportunities and tasks. Amounts in minor units. */
export type AccountOverview = z.infer<typeof overviewRow>;

/** The same with its other names, subsidiaries and contacts. */
export type WholeAccount = z.infer<typeof wholeRow>;

const columns = sql`
      a.account_id as id, a.name, p.full_name as owner, a.owner_id as "ownerId", t.name as team, a.segment, a.industry, a.country,
      a.crm_stage as "crmStage", a.created_on as "createdOn",
      array(select d.domain from account_domain d where d.workspace_id = a.workspace_id and d.account_id = a.account_id order by 1) as domains,
      (select u.name from account u where u.workspace_id = a.workspace_id and u.account_id = a.parent_account_id) as parent,
      (select coalesce(jsonb_agg(k), '[]') from (
        select k.ticket_id as id, k.subject, k.priority, k.created_at::date as "openedOn" from ticket k
        where k.workspace_id = a.workspace_id and k.account_id = a.account_id and k.solved_at is null
        order by array_position(array['urgent', 'high', 'normal', 'low'], k.priority), k.created_at limit 5) k) as "openTickets",
      (select coalesce(jsonb_agg(o), '[]') from (
        select o.opportunity_id as id, o.name, o.stage, o.amount_minor as "amountMinor", o.currency, o.close_on as "closeOn" from opportunity o
        where o.workspace_id = a.workspace_id and o.account_id = a.account_id and not o.is_closed order by o.close_on nulls last, 1 limit 5) o) as "openOpportunities",
      (select coalesce(jsonb_agg(s), '[]') from (
        select s.task_id as id, s.title, s.due_on as "dueOn" from task s
        where s.workspace_id = a.workspace_id and s.account_id = a.account_id and s.status = 'open' order by s.due_on nulls last, 1 limit 5) s) as "openTasks"`;
const more = sql`
      array(select l.alias from account_alias l where l.workspace_id = a.workspace_id and l.account_id = a.account_id order by 1) as aliases,
      array(select c.name from account c where c.workspace_id = a.workspace_id and c.parent_account_id = a.account_id order by 1) as children,
      (select coalesce(jsonb_agg(c), '[]') from (
        select c.contact_id as id, c.full_name as name, c.title, c.role, c.left_on as "leftOn" from contact c
        where c.workspace_id = a.workspace_id and c.account_id = a.account_id
        order by c.left_on is not null, array_position(array['champion', 'decision_maker'], c.role) nulls last, 1 limit 4) c) as contacts`;
const people = sql`
    left join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
    left join team t on t.workspace_id = p.workspace_id and t.team_id = p.team_id`;

/** What an account is, without its facts. The account must exist. */
export const wholeAccount = (rows: Reading, accountId: number): Promise<WholeAccount> =>
  rows.one(
    wholeRow,
    prepared(
      "whole_account",
      sql`select ${columns}, ${more} from account a ${people} where a.account_id = ${accountId}`,
    ),
  );

const stateRow = z.object({
  stage: z.string(),
  since: z.string(),
  candidate: z.string().nullable(),
  candidateSince: z.string().nullable(),
  candidateCount: z.number(),
  judgedOn: z.string(),
  pinnedStage: z.string().nullable(),
  pinnedUntil: z.string().nullable(),
  pinnedBy: z.string().nullable(),
  pinReason: z.string().nullable(),
});

const cardRow = overviewRow.extend({ ...factFields, feeds: z.array(feedRow), state: stateRow.nullable() });

/** Everything that is known of one account: what it is, its facts, and where it was last judged to stand. */
export interface AccountCard {
  overview: AccountOverview;
  facts: AccountFacts;
  state: z.infer<typeof stateRow> | null;
}

/** The card in one query, because a person waits for it. `model`: the lifecycle model whose state is wanted. The account must have facts. */
export async function accountCard(
  rows: Reading,
  { accountId, model, today }: { accountId: number; model: string; today: string },
): Promise<AccountCard> {
  const { currency, values, evidence, feeds, state, ...overview } = await rows.one(
    cardRow,
    prepared(
      "account_card",
      sql`select ${columns}, ${factColumns},
      (select coalesce(jsonb_agg(jsonb_build_object('domain', d.domain, 'source', d.source, 'asOf', least(d.synced_at::date, ${today}::date), 'expectedDays', d.expected_days)), '[]')
        from (select distinct on (domain) * from source_feed order by domain, synced_at desc) d) as feeds,
      (select jsonb_build_object('stage', s.stage, 'since', s.since, 'candidate', s.candidate, 'candidateSince', s.candidate_since, 'candidateCount', s.candidate_count,
          'judgedOn', s.judged_on, 'pinnedStage', s.pinned_stage, 'pinnedUntil', s.pinned_until, 'pinReason', s.pin_reason,
          'pinnedBy', (select o.full_name from person o where o.workspace_id = s.workspace_id and o.person_id = s.pinned_by))
        from account_stage s where s.workspace_id = a.workspace_id and s.account_id = a.account_id and s.model_id = ${model}) as state
      from account a join account_facts f using (workspace_id, account_id) ${people} where a.account_id = ${accountId}`,
    ),
  );
  const facts = {
    accountId,
    currency,
    crmStage: overview.crmStage,
    values: onlyFacts(values),
    evidence,
    freshness: everyDomain(feeds),
  };
  return { overview, facts, state };
}
