import { z } from "zod";
import type { Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type Amount, converter, noRate } from "./money.ts";
import type { Batch, Row } from "./row.ts";
import type { Placed } from "./rows.ts";
import { dayIn, startOfDay } from "./zone.ts";

/** A ledger row that the writer works out from a subscription. */
interface Derived extends Amount {
  key: string;
  reason: string;
}

/** Marks ledger rows that were worked out here; the source's own events never look like this. */
const DERIVED = "subscription:";

/** Fills in a subscription's state where its source gives none: trialing, active or ended on the day of the import. */
export function settleState(row: Row, today: string): void {
  const { status, trial, trialEndsOn, cancelOn, endedOn } = row.fields as {
    status?: string;
    trial?: boolean;
    trialEndsOn?: string;
    cancelOn?: string;
    endedOn?: string;
  };
  const ended = endedOn ?? (cancelOn && cancelOn <= today ? cancelOn : null);
  const over = status === "ended" || (!status && ended !== null && ended <= today);
  row.extra.status = over
    ? "ended"
    : (status ?? (trial && (!trialEndsOn || trialEndsOn >= today) ? "trialing" : "active"));
  row.extra.ended_on = endedOn ?? (over ? ended : null);
}

/** A trial has no MRR; a paid term starts when the trial is over. */
function derive(row: Row): Derived[] {
  const { mrrMinor, currency, startedOn, trialEndsOn, trial, cancelReason } = row.fields as {
    mrrMinor: number;
    currency: string;
    startedOn: string;
    trialEndsOn?: string;
    trial?: boolean;
    cancelReason?: string;
  };
  const endedOn = row.extra.ended_on as string | null;
  const from = trialEndsOn && trialEndsOn > startedOn ? trialEndsOn : startedOn;
  const neverPaid = mrrMinor === 0 || row.extra.status === "trialing" || (trial && endedOn !== null && endedOn <= from);
  if (neverPaid) return [];
  const start = { key: `${DERIVED}${row.id}:start`, minor: mrrMinor, currency, on: from, reason: "started" };
  if (endedOn === null) return [start];
  return [
    start,
    {
      ...start,
      key: `${DERIVED}${row.id}:end`,
      minor: -mrrMinor,
      on: [from, endedOn].sort()[1]!,
      reason: cancelReason ?? "ended",
    },
  ];
}

/** Works out states and ledger rows of subscriptions; refuses those whose currency cannot be converted. */
export async function prepareSubscriptions(rows: Writing, standing: Row[], batch: Batch): Promise<Row[]> {
  for (const row of standing) settleState(row, batch.today);
  const derived = new Map(standing.map((row) => [row, derive(row)]));
  const inBase = await converter(rows, [...derived.values()].flat(), batch);
  return standing.filter((row) => {
    const entries = derived.get(row)!;
    if (row.extra.status === "ended" && row.extra.ended_on === null && entries.length > 0) {
      batch.refuse(row, "endedOn", "has ended, but no day says when, so it would pay for ever; map `endedOn`");
      return false;
    }
    const lacking = entries.find((each) => inBase(each) === null);
    if (lacking) {
      batch.refuse(row, "currency", noRate(lacking, batch));
      return false;
    }
    row.extra.ledger = entries.map((each) => ({ ...each, base: inBase(each)! }));
    return true;
  });
}

/**
 * Writes the ledger rows of subscriptions whose source brings no events for them. A changed subscription replaces its
 * rows, so it never counts twice.
 */
export async function writeDerived(
  rows: Writing,
  placed: readonly Placed[],
  fresh: boolean,
  batch: Batch,
): Promise<void> {
  const told = await explicitlyTold(rows, placed, batch);
  const entries = placed
    .filter((each) => !told.has(each.localId))
    .flatMap(({ row, localId }) =>
      (row.extra.ledger as (Derived & { base: number })[]).map((each) => ({
        account_id: row.accountId,
        subscription_id: localId,
        effective_at: startOfDay(each.on, batch.zone),
        delta: each.minor,
        currency: each.currency,
        base: each.base,
        reason: each.reason,
        key: each.key,
      })),
    );
  if (!fresh) {
    await rows.run(sql`
      delete from mrr_event where workspace_id = ${batch.workspaceId} and source = ${batch.source} and starts_with(source_key, ${DERIVED})
        and subscription_id = any(${placed.map((each) => each.localId)}::bigint[]) and not source_key = any(${entries.map((each) => each.key)}::text[])`);
  }
  if (entries.length === 0) return;
  await rows.run(sql`
    insert into mrr_event (workspace_id, account_id, subscription_id, effective_at, delta_minor, currency, base_delta_minor, reason, source, source_key)
    select ${batch.workspaceId}, account_id, subscription_id, effective_at, delta, currency, base, reason, ${batch.source}, key
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
      as g (account_id bigint, subscription_id bigint, effective_at timestamptz, delta bigint, currency text, base bigint, reason text, key text)
    on conflict (workspace_id, source, source_key) do update
    set account_id = excluded.account_id, subscription_id = excluded.subscription_id, effective_at = excluded.effective_at, delta_minor = excluded.delta_minor,
        currency = excluded.currency, base_delta_minor = excluded.base_delta_minor, reason = excluded.reason`);
}

/** Subscriptions whose changes the source tells itself, one by one or for their account as a whole. */
async function explicitlyTold(rows: Writing, placed: readonly Placed[], batch: Batch): Promise<Set<number>> {
  const found = await rows.many(
    z.object({ id: z.number() }),
    sql`
    select w.id from unnest(${placed.map((each) => each.localId)}::bigint[], ${placed.map((each) => each.row.accountId)}::bigint[]) w (id, account_id)
    where exists (select 1 from mrr_event e where e.workspace_id = ${batch.workspaceId} and e.account_id = w.account_id and e.source = ${batch.source}
                    and not starts_with(e.source_key, ${DERIVED}) and (e.subscription_id = w.id or e.subscription_id is null))`,
  );
  return new Set(found.map((each) => each.id));
}

/** Converts the source's own ledger events; refuses those whose currency has no rate. */
export async function prepareEvents(rows: Writing, standing: Row[], batch: Batch): Promise<Row[]> {
  const amountOf = (row: Row): Amount => ({
    minor: Number(row.fields.deltaMinor),
    currency: String(row.fields.currency),
    on: dayIn(String(row.fields.at), batch.zone),
  });
  const inBase = await converter(rows, standing.map(amountOf), batch);
  return standing.filter((row) => {
    const base = inBase(amountOf(row));
    if (base === null) batch.refuse(row, "currency", noRate(amountOf(row), batch));
    Object.assign(row.extra, { base_delta_minor: base, source: batch.source, source_key: `event:${row.id}` });
    return base !== null;
  });
}

/** The source's own events take the place of rows that were worked out for the same subscriptions. */
export async function dropDerived(rows: Writing, placed: readonly Placed[], batch: Batch): Promise<void> {
  const subscriptions = placed.flatMap(({ row }) => row.found.subscription?.id ?? []);
  const accounts = placed.flatMap(({ row }) => (row.found.subscription ? [] : [row.accountId]));
  await rows.run(sql`
    delete from mrr_event where workspace_id = ${batch.workspaceId} and source = ${batch.source} and starts_with(source_key, ${DERIVED})
      and (subscription_id = any(${subscriptions}::bigint[]) or account_id = any(${accounts}::bigint[]))`);
}
