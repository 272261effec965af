import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { daysBetween } from "#lifecycle/days.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";

export { type MyTask, myTasks } from "./my-tasks.ts";

const RENEWAL_DAYS = 30; // less, and there is no time left to mend what speaks against it
const REGRESSION_DAYS = 30; // older ones have been seen, or will not be mended by being told again
const SILENT_DAYS = 45; // a paying customer who hears from us every month has been missed once by then

/** Why an account needs its owner, with the dated facts. Days are ISO; amounts in minor units of the account's currency. */
export type Because =
  | { kind: "tickets"; urgent: number; high: number; oldestOn: string }
  | { kind: "regressed"; from: StageName; to: StageName; on: string }
  | { kind: "renewal"; renewsOn: string; daysLeft: number; cancelled: boolean }
  | { kind: "overdue"; overdueMinor: number; currency: string; since: string | null }
  | { kind: "silent"; lastTouchOn: string | null; days: number | null };

export interface StageName {
  id: string;
  name: string;
}

/** An account that needs its owner, and the most urgent reason. */
export interface NeedsMe {
  accountId: number;
  name: string;
  because: Because;
  mrrMinor: number;
  currency: string;
}

/** Whose accounts, in which model, on which day; at most `limit` of them. */
export interface Sight {
  personId: number;
  model: LifecycleModel;
  today: string;
  limit: number;
}

const movedRow = z.object({ from: z.string(), to: z.string(), on: z.string() });
const ownedRow = z.object({
  accountId: z.number(),
  name: z.string(),
  createdOn: z.string(),
  mrrMinor: z.number(),
  baseMrrMinor: z.number(),
  currency: z.string(),
  renewsOn: z.string().nullable(),
  cancelOn: z.string().nullable(),
  overdueMinor: z.number(),
  overdueSince: z.string().nullable(),
  lastTouchOn: z.string().nullable(),
  /** Up to which day contacts are known; null where no source tells of any. */
  contactsKnownTo: z.string().nullable(),
  urgent: z.number(),
  high: z.number(),
  oldestOn: z.string().nullable(),
  moved: movedRow.nullable(),
});
type Owned = z.infer<typeof ownedRow>;

/** The accounts of a person that need attention, each with one reason, most urgent first. */
export async function needsMe(rows: Reading, sight: Sight): Promise<NeedsMe[]> {
  const owned = await ownedBy(rows, sight);
  return owned
    .flatMap((account) => {
      const [because] = reasons(account, sight);
      return because ? [{ account, because }] : [];
    })
    .sort(
      (one, other) =>
        ORDER.indexOf(one.because.kind) - ORDER.indexOf(other.because.kind) ||
        within(one.because) - within(other.because) ||
        other.account.baseMrrMinor - one.account.baseMrrMinor ||
        one.account.name.localeCompare(other.account.name, "en"),
    )
    .slice(0, sight.limit)
    .map(({ account: { accountId, name, mrrMinor, currency }, because }) => ({
      accountId,
      name,
      because,
      mrrMinor,
      currency,
    }));
}

/** Who waits for us now, who is slipping away, what has a last day, what is owed, and last what only was long ago. */
const ORDER: Because["kind"][] = ["tickets", "regressed", "renewal", "overdue", "silent"];

/** Among accounts with one kind of reason, the smaller goes first. */
function within(because: Because): number {
  if (because.kind === "renewal") return because.daysLeft;
  return because.kind === "tickets" && because.urgent === 0 ? 1 : 0;
}

/** All that speaks for an account, most urgent first. */
const reasons = (account: Owned, sight: Sight): Because[] =>
  [tickets(account), regressed(account, sight), renewal(account, sight), overdue(account), silent(account)].filter(
    (each) => each !== null,
  );

const tickets = ({ urgent, high, oldestOn }: Owned): Because | null =>
  oldestOn === null ? null : { kind: "tickets", urgent, high, oldestOn };

function regressed({ moved }: Owned, { model }: Sight): Because | null {
  const place = (id: string) => model.stages.findIndex((each) => each.id === id);
  const named = (id: string): StageName => ({ id, name: model.stages[place(id)]?.name ?? id });
  // A stage that the model no longer has tells neither forth nor back.
  if (!moved || place(moved.to) === -1 || place(moved.to) >= place(moved.from)) return null;
  return { kind: "regressed", from: named(moved.from), to: named(moved.to), on: moved.on };
}

function renewal({ mrrMinor, renewsOn, cancelOn }: Owned, { today }: Sight): Because | null {
  const on = cancelOn ?? renewsOn;
  if (mrrMinor <= 0 || on === null) return null;
  const left = daysBetween(today, on);
  return left < 0 || left > RENEWAL_DAYS
    ? null
    : { kind: "renewal", renewsOn: on, daysLeft: left, cancelled: cancelOn !== null };
}

const overdue = ({ overdueMinor, overdueSince, currency }: Owned): Because | null =>
  overdueMinor > 0 ? { kind: "overdue", overdueMinor, currency, since: overdueSince } : null;

/** Silence counts up to the last day that contacts are known of: a source that has stopped is no silence. */
function silent({ mrrMinor, createdOn, lastTouchOn, contactsKnownTo }: Owned): Because | null {
  if (mrrMinor <= 0 || contactsKnownTo === null) return null;
  if (daysBetween(lastTouchOn ?? createdOn, contactsKnownTo) < SILENT_DAYS) return null;
  return { kind: "silent", lastTouchOn, days: lastTouchOn ? daysBetween(lastTouchOn, contactsKnownTo) : null };
}

const ownedBy = (rows: Reading, { personId, model, today }: Sight): Promise<Owned[]> =>
  rows.many(
    ownedRow,
    sql`select a.account_id as "accountId", a.name, a.created_on as "createdOn", f.mrr_minor as "mrrMinor", f.base_mrr_minor as "baseMrrMinor",
          f.currency, f.renews_on as "renewsOn", f.cancel_on as "cancelOn", f.overdue_minor as "overdueMinor", f.overdue_since as "overdueSince",
          f.last_touch_on as "lastTouchOn", talk.known_to as "contactsKnownTo", care.urgent, care.high, care.oldest as "oldestOn",
          (select to_jsonb(m) from (
            select t.from_stage as "from", t.to_stage as "to", t.decided_on as "on" from stage_transition t
            where t.workspace_id = a.workspace_id and t.account_id = a.account_id and t.model_id = ${model.id}
            order by t.entered_on desc, t.stage_transition_id desc limit 1) m
          where m."from" is not null and m."on" >= ${today}::date - ${REGRESSION_DAYS}::int
            and (s.pinned_until is null or s.pinned_until < ${today}::date)) as moved
        from account a
        join account_facts f on f.workspace_id = a.workspace_id and f.account_id = a.account_id
        left join account_stage s on s.workspace_id = a.workspace_id and s.account_id = a.account_id and s.model_id = ${model.id}
        cross join lateral (
          select (count(*) filter (where k.priority = 'urgent'))::int as urgent, (count(*) filter (where k.priority = 'high'))::int as high,
            min(k.created_at)::date as oldest
          from ticket k where k.workspace_id = a.workspace_id and k.account_id = a.account_id and k.solved_at is null
            and k.priority in ('urgent', 'high') and k.created_at < ${today}::date + 1) care
        cross join (select case when max(synced_at) is not null then least(max(synced_at)::date, ${today}::date) end as known_to from source_feed
          where domain = 'crm' and exists (select from interaction)) talk
        where a.owner_id = ${personId} and a.deleted_at is null and a.merged_into is null`,
  );
