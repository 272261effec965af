/** What a count of churned accounts rests on, as SQL that a person can run in psql: one number comes out. */
export interface ChurnProof {
  source: "ledger" | "churn records" | "subscriptions" | "CRM";
  /** Of the window, or of all time up to its end. */
  of: "window" | "all time";
  count: number;
  sql: string;
}

interface Proved {
  workspaceId: number;
  start: string;
  end: string;
  zone: string;
  crmNames: readonly string[];
  counts: { lost: number; byLedger: number; byRecord: number; bySubscription: number; byCrm: number };
}

/**
 * The queries whose numbers are held against each other, of all accounts of a workspace; the window is [start, end). They name the
 * workspace, because whoever owns the database sees all of them.
 */
export function churnProofs({ workspaceId, start, end, zone, crmNames, counts }: Proved): ChurnProof[] {
  const mine = `workspace_id = ${Math.trunc(workspaceId)}`;
  const at = (day: string) => `timestamp ${literal(day)} at time zone ${literal(zone)}`;
  const within = (column: string) => `${column} >= ${literal(start)} and ${column} < ${literal(end)}`;
  const paidBefore = (day: string) => `sum(delta_minor) filter (where effective_at < ${at(day)}) > 0`;
  return [
    {
      source: "ledger",
      of: "window",
      count: counts.lost,
      sql: `select count(*) from (select account_id from (select account_id, ${paidBefore(start)} as paid, ${paidBefore(end)} as pays from mrr_event where ${mine} group by account_id, currency) b group by account_id having bool_or(coalesce(paid, false)) and not bool_or(coalesce(pays, false))) lost;`,
    },
    {
      source: "churn records",
      of: "window",
      count: counts.byRecord,
      sql: `select count(distinct account_id) from churn_record where ${mine} and ${within("churned_on")} and not is_reactivation;`,
    },
    {
      source: "subscriptions",
      of: "window",
      count: counts.bySubscription,
      sql: `select count(distinct account_id) from subscription where ${mine} and ${within("ended_on")};`,
    },
    {
      source: "ledger",
      of: "all time",
      count: counts.byLedger,
      sql: `select count(*) from (select account_id from mrr_event where ${mine} and effective_at < ${at(end)} group by account_id having sum(delta_minor) <= 0 and max(delta_minor) > 0) gone;`,
    },
    {
      source: "CRM",
      of: "all time",
      count: counts.byCrm,
      sql: `select count(*) from account where ${mine} and lower(crm_stage) in (${[...new Set(crmNames)].map(literal).join(", ")}) and deleted_at is null and merged_into is null;`,
    },
  ];
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
