import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { name, type Sql, sql } from "#database/sql.ts";

/** A row behind a fact, as a person can look it up: what it is, in words, and its id in the system it came from. */
export interface RowLabel {
  row: string;
  label: string;
  /** "helpdesk T-1042"; null for rows that were made here. */
  source: string | null;
}

/** Table → what one row is, in words, and the kind under which its source id is kept. */
const TABLES: Record<string, { words: Sql; kind: string }> = {
  account: { words: sql`'account ' || r.name`, kind: "account" },
  contact: { words: sql`'contact ' || coalesce(r.full_name, r.email, 'unnamed')`, kind: "contact" },
  opportunity: { words: sql`'opportunity “' || coalesce(r.name, 'unnamed') || '”, ' || r.stage`, kind: "opportunity" },
  subscription: { words: sql`'subscription' || coalesce(' ' || r.plan, '') || ', ' || r.status`, kind: "subscription" },
  mrr_event: {
    words: sql`'ledger entry of ' || r.effective_at::date || coalesce(', ' || r.reason, '')`,
    kind: "mrr_event",
  },
  invoice: { words: sql`'invoice' || coalesce(' ' || r.number, '') || ', ' || r.status`, kind: "invoice" },
  ticket: { words: sql`coalesce(r.priority || ' ', '') || 'ticket of ' || r.created_at::date`, kind: "ticket" },
  interaction: {
    words: sql`coalesce(replace(r.kind, '_', ' ') || ' by ', '') || r.channel || ' on ' || r.occurred_at::date`,
    kind: "interaction",
  },
  product_usage: { words: sql`'product usage of ' || r.day`, kind: "usage" },
  survey_response: { words: sql`upper(r.kind) || ' answer of ' || r.responded_on`, kind: "survey" },
  referral: { words: sql`'referral of ' || r.made_on`, kind: "referral" },
  loyalty_entry: { words: sql`replace(r.kind, '_', ' ') || ' of ' || r.occurred_on`, kind: "loyalty" },
  churn_record: { words: sql`'churn record of ' || r.churned_on`, kind: "churn" },
};

/** The id in the system that a row came from. A ledger entry that was derived has none of its own; its subscription has. */
const sourceOf = (kind: string): Sql =>
  kind === "mrr_event"
    ? sql`coalesce(${externalId(sql`${kind}`, sql`k.id`)}, ${externalId(sql`'subscription'`, sql`r.subscription_id`)})`
    : externalId(sql`${kind}`, sql`k.id`);

const externalId = (kind: Sql, id: Sql): Sql => sql`(select e.source || ' ' || e.external_id from external_id e
  where e.workspace_id = r.workspace_id and e.object = ${kind} and e.local_id = ${id} order by 1 limit 1)`;

const labelRow = z.object({ row: z.string(), label: z.string(), source: z.string().nullable() });

/** What the rows behind some facts are, in one query; rows of unknown tables are left out. */
export async function labelRows(rows: Reading, refs: readonly string[]): Promise<Map<string, RowLabel>> {
  const byTable = new Map<string, number[]>();
  for (const ref of new Set(refs)) {
    const [table, id] = ref.split(":");
    if (table && id && table in TABLES) byTable.set(table, [...(byTable.get(table) ?? []), Number(id)]);
  }
  const parts = [...byTable].map(([table, ids]) => labelsOf(table, ids));
  const [first, ...rest] = parts;
  if (!first) return new Map();
  const found = await rows.many(
    labelRow,
    rest.reduce((whole, part) => sql`${whole} union all ${part}`, first),
  );
  return new Map(found.map((each) => [each.row, each]));
}

function labelsOf(table: string, ids: number[]): Sql {
  const { words, kind } = TABLES[table]!;
  return sql`select ${`${table}:`} || k.id as row, ${words} as label,
      ${sourceOf(kind)} as source
    from unnest(${ids}::bigint[]) as k (id) join ${name(table)} r on r.${name(`${table}_id`)} = k.id`;
}
