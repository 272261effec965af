import type { Writing } from "#database/door.ts";
import type { Incoming, RecordKind } from "../records.ts";
import { followMerges, keepFindable, namesBefore, prepareAccount } from "./accounts.ts";
import { checked } from "./check.ts";
import { KEPT } from "./kinds.ts";
import { dropDerived, prepareEvents, prepareSubscriptions, writeDerived } from "./ledger.ts";
import { place, withoutClashes } from "./place.ts";
import { writeRates } from "./rates.ts";
import { createNamedTeams, followReferences } from "./references.ts";
import type { Batch, Row } from "./row.ts";
import { accountsBefore, insertRows, type Known, known, type Placed, rememberIds, updateRows } from "./rows.ts";
import { notSeen, type SeenIn } from "./seen.ts";
import { rememberWaiting } from "./waiting.ts";

type Linked = Exclude<RecordKind, "exchange_rate">;
type Written = Record<"new" | "changed" | "same", number>;

/** Writes the records of one kind, set by set: check, tell new from changed from same, follow references, store. */
export async function writeKind(
  rows: Writing,
  kind: RecordKind,
  incoming: readonly Incoming[],
  batch: Batch,
  seen?: SeenIn,
): Promise<Written> {
  const whole = checked(kind, incoming, batch);
  const fresh =
    seen && whole.standing.length > 0
      ? await notSeen(rows, kind, whole.standing, batch, seen)
      : { ...whole, repeated: 0 };
  const written = await writeStanding(rows, kind, fresh.standing, batch);
  return { ...written, same: written.same + whole.repeated + fresh.repeated };
}

async function writeStanding(rows: Writing, kind: RecordKind, standing: Row[], batch: Batch): Promise<Written> {
  if (standing.length === 0) return { new: 0, changed: 0, same: 0 };
  if (kind === "exchange_rate") return writeRates(rows, standing, batch);
  const held = await known(
    rows,
    kind,
    standing.map((row) => row.id),
    batch,
  );
  const differing = standing.filter((row) => held.get(row.id)?.hash !== row.hash);
  const same = standing.length - differing.length;
  const linked = await followReferences(rows, differing, batch);
  const ready = await prepare(rows, kind, linked, held, batch);
  if (ready.length > 0) await store(rows, kind, await place(rows, kind, ready, held, batch), batch);
  const changed = ready.filter((row) => held.has(row.id)).length;
  return { new: ready.length - changed, changed, same };
}

/** What only some kinds need before they can be stored. */
async function prepare(
  rows: Writing,
  kind: Linked,
  standing: Row[],
  held: Map<string, Known>,
  batch: Batch,
): Promise<Row[]> {
  if (standing.length === 0) return standing;
  if (kind === "person") await createNamedTeams(rows, standing, batch);
  if (kind === "subscription") return prepareSubscriptions(rows, standing, batch);
  if (kind === "mrr_event") return prepareEvents(rows, standing, batch);
  if (kind === "ticket")
    for (const row of standing) row.extra.status = row.fields.status ?? (row.fields.solvedAt ? "solved" : "open");
  return withoutClashes(rows, kind, standing, held, batch);
}

async function store(
  rows: Writing,
  kind: Linked,
  { fresh, changed }: { fresh: Placed[]; changed: Placed[] },
  batch: Batch,
): Promise<void> {
  const kept = KEPT[kind];
  const all = [...fresh, ...changed];
  const changedIds = changed.map((each) => each.localId);
  if (kind === "account") for (const each of all) prepareAccount(each.row, each.madeIt || !each.shared, batch);
  const before = kind === "account" ? await namesBefore(rows, changedIds, batch) : [];
  for (const id of await accountsBefore(rows, kept, changedIds, batch)) batch.touched.add(id);
  if (fresh.length > 0) await insertRows(rows, kept, fresh, batch);
  if (changed.length > 0) await updateRows(rows, kept, changed, batch);
  await rememberIds(rows, kind, all, batch);
  await rememberWaiting(rows, kind, all, batch);
  for (const { row, localId } of all) touch(kind === "account" ? localId : row.accountId, batch);
  if (kind === "account") {
    await keepFindable(rows, all, before, batch);
    await followMerges(
      rows,
      all.filter((each) => each.row.found.mergedInto).map((each) => each.localId),
      batch,
    );
  }
  if (kind === "subscription") await writeDerived(rows, all, changed.length === 0, batch);
  if (kind === "mrr_event") await dropDerived(rows, all, batch);
}

function touch(accountId: number | null, batch: Batch): void {
  if (accountId !== null) batch.touched.add(accountId);
}
