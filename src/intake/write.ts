import { refreshRollups } from "#accounts/rollups.ts";
import { keepStandings } from "#accounts/standings.ts";
import type { Actor } from "#actor.ts";
import type { Database, Writing } from "#database/door.ts";
import { type Incoming, type RecordKind, WRITING_ORDER } from "./records.ts";
import { bumpFeeds, markDirty, workspaceOf } from "./writing/aftermath.ts";
import type { Batch, Refused } from "./writing/row.ts";
import type { SeenIn } from "./writing/seen.ts";
import { settleWaiting } from "./writing/waiting.ts";
import { writeKind } from "./writing/write-kind.ts";
import { dayIn } from "./writing/zone.ts";

export type { Refused } from "./writing/row.ts";
export type { SeenIn } from "./writing/seen.ts";

/** How the rows of one kind fared. */
export interface Counts {
  new: number;
  changed: number;
  same: number;
  refused: number;
}

export interface BatchResult {
  counts: Partial<Record<RecordKind, Counts>>;
  refused: Refused[];
  /** Accounts whose facts must be worked out anew; they are marked. */
  touched: number;
}

export interface WriterSettings {
  database: Database;
  actor: Actor;
  /** The system that the records come from: "salesforce", "billing". */
  source: string;
  /** ISO moment at which the source was read; now, if not given. */
  syncedAt?: string;
  /** Keep each record as it came beside its id. */
  rememberRaw?: boolean;
  /** The day on which "ended" and "trialing" are decided; today in the workspace's zone, if not given. */
  today?: string;
}

export interface Writer {
  /** Writes up to a few thousand records in one transaction: all that can be taken, or nothing if the database fails. */
  write(batch: readonly Incoming[]): Promise<BatchResult>;
  /** The same inside a transaction that the caller has opened as `actor`. */
  writeIn(rows: Writing, batch: readonly Incoming[], seen?: SeenIn): Promise<BatchResult>;
}

/**
 * Takes records of one source into the store. A record that came before is changed in place, or left alone when it says
 * the same; a new source's account becomes the customer that is here already, by domain or name. What cannot be taken is
 * listed with its reason.
 */
export function createWriter({
  database,
  actor,
  source,
  syncedAt,
  rememberRaw = false,
  today,
}: WriterSettings): Writer {
  const writeIn = async (rows: Writing, incoming: readonly Incoming[], seen?: SeenIn): Promise<BatchResult> => {
    const { zone, baseCurrency } = await workspaceOf(rows, actor.workspaceId);
    const now = new Date().toISOString();
    const refused: Refused[] = [];
    const batch: Batch = {
      workspaceId: actor.workspaceId,
      source,
      zone,
      baseCurrency,
      rememberRaw,
      now,
      syncedAt: syncedAt ?? now,
      today: today ?? dayIn(now, zone),
      touched: new Set(),
      refuse: ({ kind, id, line }, column, reason) => refused.push({ kind, id, line, column, reason }),
    };
    const groups = Map.groupBy(incoming, (each) => each.kind);
    const kinds = WRITING_ORDER.filter((kind) => groups.has(kind));
    const counts: BatchResult["counts"] = {};
    for (const kind of kinds) {
      const written = await writeKind(rows, kind, groups.get(kind)!, batch, seen);
      counts[kind] = { ...written, refused: refused.filter((each) => each.kind === kind).length };
    }
    if (LEADING.some((kind) => (counts[kind]?.new ?? 0) > 0)) await settleWaiting(rows, batch);
    await markDirty(rows, batch); // locks the accounts, which the rollups need
    if (kinds.some((kind) => COUNTED.includes(kind))) {
      const touched = [...batch.touched].sort(byId);
      await refreshRollups(rows, batch.workspaceId, touched);
      await keepStandings(rows, batch.workspaceId, touched); // they move with their groups; what they pay follows with the facts
    }
    await bumpFeeds(rows, kinds, batch);
    return { counts, refused, touched: batch.touched.size };
  };
  return { writeIn, write: (incoming) => database.write(actor, (rows) => writeIn(rows, incoming)) };
}

/** Kinds that other rows may be waiting for. */
const LEADING: RecordKind[] = ["person", "account", "contact", "subscription", "opportunity"];

/** Kinds that change what an account pays, or which group it is counted under (an owner may come late). */
const COUNTED: RecordKind[] = ["person", "account", "subscription", "mrr_event"];
const byId = (one: number, other: number): number => one - other;
