import { type Sql, sql } from "#database/sql.ts";
import type { RecordKind } from "../records.ts";
import type { Row } from "./row.ts";

/** PostgreSQL types that our columns have, as they stand in a column list. */
const TYPES = {
  text: sql`text`,
  texts: sql`text[]`,
  bigint: sql`bigint`,
  int: sql`int`,
  numeric: sql`numeric`,
  date: sql`date`,
  moment: sql`timestamptz`,
  boolean: sql`boolean`,
  jsonb: sql`jsonb`,
} as const satisfies Record<string, Sql>;

export interface Column {
  column: string;
  type: Sql;
  value: (row: Row) => unknown;
  /** A record that says nothing about it leaves the old value, and a new row gets `fresh`. */
  keeps: boolean;
  fresh: unknown;
}

/** What a reference may lead to. */
export type Target = "account" | "person" | "contact" | "opportunity" | "subscription" | "team";

export interface Reference {
  field: string;
  to: Target;
  /** null: it only tells the account. */
  column: string | null;
  /** The row is written without it, and the link is made when the other row comes. */
  mayWait: boolean;
}

/** Where records of one kind are kept. */
export interface Kept {
  table: string;
  key: string;
  columns: Column[];
  references: Reference[];
  /** Its rows belong to accounts, by `account_id`. */
  hasAccount: boolean;
  /** Columns that a new row's other columns (`g`) give. */
  computed?: { columns: Sql; values: Sql };
}

/** A column that holds a field of the record; `or` stands in for a missing value. */
function field(column: string, type: keyof typeof TYPES, given: string, or: unknown = null): Column {
  return {
    column,
    type: TYPES[type],
    keeps: false,
    fresh: null,
    value: (row) => (row.fields[given] === "" ? null : row.fields[given]) ?? or,
  };
}
/** A column whose value the writer worked out, see `row.extra`. */
const extra = (column: string, type: keyof typeof TYPES): Column => ({
  column,
  type: TYPES[type],
  keeps: false,
  fresh: null,
  value: (row) => row.extra[column] ?? null,
});
const keeping = (column: Column, fresh: unknown = null): Column => ({ ...column, keeps: true, fresh });
const to = (given: string, target: Target, column: string | null = `${target}_id`): Reference => ({
  field: given,
  to: target,
  column,
  mayWait: false,
});
const waits = (reference: Reference): Reference => ({ ...reference, mayWait: true });

function kept(table: string, references: Reference[], columns: Column[]): Kept {
  return {
    table,
    key: `${table}_id`,
    references,
    columns,
    hasAccount: references.some((each) => each.column === "account_id"),
  };
}

/** The table behind each kind of record. Exchange rates have no id of their own and are written apart. */
export const KEPT: Record<Exclude<RecordKind, "exchange_rate">, Kept> = {
  team: kept("team", [waits(to("manager", "person", "manager_id"))], [field("name", "text", "name")]),
  person: kept(
    "person",
    [waits(to("team", "team")), waits(to("manager", "person", "manager_id"))],
    [
      field("full_name", "text", "name"),
      field("email", "text", "email"),
      keeping(field("role", "text", "role"), "member"),
      field("is_active", "boolean", "active", true),
    ],
  ),
  account: {
    ...kept(
      "account",
      [
        to("owner", "person", "owner_id"),
        waits(to("parent", "account", "parent_account_id")),
        waits(to("mergedInto", "account", "merged_into")),
      ],
      [
        keeping(extra("name", "text")),
        field("segment", "text", "segment"),
        field("industry", "text", "industry"),
        field("country", "text", "country"),
        field("employees", "int", "employees"),
        field("annual_revenue_minor", "bigint", "annualRevenueMinor"),
        field("currency", "text", "currency"),
        field("lead_source", "text", "leadSource"),
        field("plan", "text", "plan"),
        field("crm_stage", "text", "crmStage"),
        keeping(field("tags", "texts", "tags"), []),
        keeping(field("custom", "jsonb", "custom"), {}),
        keeping(field("created_on", "date", "createdOn"), "today"),
        extra("deleted_at", "moment"),
      ],
    ),
    computed: {
      columns: sql`, name_norm`,
      values: sql`, normal_name(g.name)`,
    },
  },
  contact: kept(
    "contact",
    [to("account", "account")],
    [
      field("full_name", "text", "name"),
      field("email", "text", "email"),
      field("phone", "text", "phone"),
      field("title", "text", "title"),
      field("role", "text", "role"),
      field("lead_source", "text", "leadSource"),
      field("email_opt_out", "boolean", "emailOptOut", false),
      field("left_on", "date", "leftOn"),
      field("created_on", "date", "createdOn"),
    ],
  ),
  opportunity: kept(
    "opportunity",
    [to("account", "account"), to("owner", "person", "owner_id")],
    [
      field("name", "text", "name"),
      field("pipeline", "text", "pipeline"),
      field("stage", "text", "stage"),
      field("kind", "text", "kind"),
      field("amount_minor", "bigint", "amountMinor"),
      field("currency", "text", "currency"),
      field("probability", "numeric", "probability"),
      field("is_closed", "boolean", "closed", false),
      field("is_won", "boolean", "won", false),
      field("lost_reason", "text", "lostReason"),
      field("close_on", "date", "closeOn"),
      field("next_step", "text", "nextStep"),
      field("created_on", "date", "createdOn"),
    ],
  ),
  opportunity_stage: kept(
    "opportunity_stage",
    [to("opportunity", "opportunity")],
    [field("stage", "text", "stage"), field("entered_on", "date", "enteredOn")],
  ),
  subscription: kept(
    "subscription",
    [to("account", "account")],
    [
      field("plan", "text", "plan"),
      extra("status", "text"),
      field("seats", "int", "seats"),
      field("mrr_minor", "bigint", "mrrMinor", 0),
      field("currency", "text", "currency"),
      field("billing_interval", "text", "interval"),
      field("term_months", "int", "termMonths"),
      field("auto_renew", "boolean", "autoRenew"),
      field("started_on", "date", "startedOn"),
      field("trial_ends_on", "date", "trialEndsOn"),
      field("renews_on", "date", "renewsOn"),
      field("cancelled_on", "date", "cancelledOn"),
      field("cancel_on", "date", "cancelOn"),
      extra("ended_on", "date"),
      field("cancel_reason", "text", "cancelReason"),
      field("cancel_kind", "text", "cancelKind"),
    ],
  ),
  mrr_event: kept(
    "mrr_event",
    [to("account", "account"), to("subscription", "subscription")],
    [
      field("effective_at", "moment", "at"),
      field("delta_minor", "bigint", "deltaMinor"),
      field("currency", "text", "currency"),
      extra("base_delta_minor", "bigint"),
      field("reason", "text", "reason"),
      extra("source", "text"),
      extra("source_key", "text"),
    ],
  ),
  invoice: kept(
    "invoice",
    [to("account", "account"), to("subscription", "subscription")],
    [
      field("number", "text", "number"),
      field("status", "text", "status"),
      field("due_minor", "bigint", "dueMinor"),
      field("paid_minor", "bigint", "paidMinor", 0),
      field("currency", "text", "currency"),
      field("issued_on", "date", "issuedOn"),
      field("due_on", "date", "dueOn"),
      field("paid_on", "date", "paidOn"),
      field("attempts", "int", "attempts", 0),
    ],
  ),
  ticket: kept(
    "ticket",
    [to("account", "account"), to("contact", "contact"), to("assignee", "person", "assignee_id")],
    [
      field("subject", "text", "subject"),
      field("body", "text", "body"),
      extra("status", "text"),
      field("priority", "text", "priority"),
      field("kind", "text", "kind"),
      field("channel", "text", "channel"),
      field("csat", "numeric", "csat"),
      field("escalated", "boolean", "escalated", false),
      field("reopened", "int", "reopened", 0),
      field("created_at", "moment", "createdAt"),
      field("first_reply_at", "moment", "firstReplyAt"),
      field("solved_at", "moment", "solvedAt"),
    ],
  ),
  interaction: kept(
    "interaction",
    [to("account", "account"), to("contact", "contact"), to("person", "person")],
    [
      field("occurred_at", "moment", "at"),
      field("channel", "text", "channel"),
      field("direction", "text", "direction"),
      field("kind", "text", "kind"),
      field("campaign", "text", "campaign"),
      field("subject", "text", "subject"),
      field("body", "text", "body"),
    ],
  ),
  usage: kept(
    "product_usage",
    [to("account", "account"), to("subscription", "subscription", null)],
    [
      field("day", "date", "day"),
      field("feature", "text", "feature"),
      field("events", "int", "events", 0),
      field("active_users", "int", "activeUsers"),
      field("errors", "int", "errors", 0),
      field("seconds", "int", "seconds", 0),
    ],
  ),
  survey: kept(
    "survey_response",
    [to("account", "account"), to("contact", "contact")],
    [
      field("kind", "text", "kind"),
      field("score", "numeric", "score"),
      field("comment", "text", "comment"),
      field("responded_on", "date", "on"),
    ],
  ),
  referral: kept(
    "referral",
    [to("account", "account"), to("referred", "account", "referred_account_id")],
    [field("referred_name", "text", "referredName"), field("status", "text", "status"), field("made_on", "date", "on")],
  ),
  loyalty: kept(
    "loyalty_entry",
    [to("account", "account")],
    [
      field("kind", "text", "kind"),
      field("points", "int", "points", 0),
      field("detail", "text", "detail"),
      field("occurred_on", "date", "on"),
    ],
  ),
  churn: kept(
    "churn_record",
    [to("account", "account")],
    [
      field("churned_on", "date", "on"),
      field("reason", "text", "reason"),
      field("comment", "text", "comment"),
      field("refund_minor", "bigint", "refundMinor"),
      field("is_reactivation", "boolean", "reactivation", false),
    ],
  ),
  note: kept(
    "note",
    [to("account", "account"), to("author", "person", "author_id")],
    [field("body", "text", "body"), field("created_at", "moment", "at")],
  ),
  task: kept(
    "task",
    [to("account", "account"), to("owner", "person", "owner_id")],
    [
      field("title", "text", "title"),
      field("due_on", "date", "dueOn"),
      field("status", "text", "status", "open"),
      field("priority", "text", "priority"),
      keeping(field("created_at", "moment", "createdAt"), "now"),
      field("done_at", "moment", "doneAt"),
    ],
  ),
};
