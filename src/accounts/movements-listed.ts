import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { join, type Sql, sql } from "#database/sql.ts";
import type { Window } from "#metrics/figure.ts";
import { MOVEMENT_KINDS, type Movement, type MovementKind } from "#metrics/movement.ts";
import { begins } from "./movements.ts";
import { type Counted, movesIn } from "./movements-window.ts";

const moveRow = z.object({ accountId: z.number(), kind: z.enum(MOVEMENT_KINDS), amountMinor: z.number() });
type Move = z.infer<typeof moveRow>;

/** What moves inside a window: which accounts, and the movements of those whose weeks do not tell them. */
export interface MovesAsked {
  window: Window;
  counted: Counted;
  byLedger: { movements: readonly Movement[] };
}

/** `moves` and `every_move`: those that the weeks tell and those that the ledgers have told. */
function everyMove({ window, counted, byLedger }: MovesAsked): Sql {
  const told = byLedger.movements.map(({ accountId, kind, amountMinor }) => ({ accountId, kind, amountMinor }));
  const others = sql`union all select "accountId", kind, "amountMinor" from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as t ("accountId" bigint, kind text, "amountMinor" bigint)`;
  return sql`${movesIn(window, counted)}, every_move as not materialized (
    select account_id, kind, moved_minor from moves where not odd and kind is not null ${told.length > 0 ? others : sql``})`;
}

const FALLS: readonly MovementKind[] = ["contraction", "churn"];

/** How many of the largest movements are wanted: of all kinds together, and of each kind, if they are among those or not. */
export interface MostWanted {
  ofAll: number;
  ofKind: number;
}

/** The largest movements, the largest first, ties by name, then id. Names are looked up only of those whose amounts come into question. */
export const largestMoves = (rows: Reading, asked: MovesAsked, { ofAll, ofKind }: MostWanted): Promise<Move[]> =>
  rows.many(
    moveRow,
    sql`with ${everyMove(asked)},
        largest as materialized (${join(
          MOVEMENT_KINDS.map((kind) => largestOf(kind, Math.max(ofAll, ofKind))),
          "\n",
        )}),
        ranked as (select *, rank() over (order by abs(moved_minor) desc) as of_all, rank() over (partition by kind order by abs(moved_minor) desc) as of_kind from largest),
        placed as (
          select m.account_id, m.kind, m.moved_minor, row_number() over sizes as of_all, row_number() over (partition by m.kind order by abs(m.moved_minor) desc, lower(a.name), m.account_id) as of_kind
          from ranked m join account a on a.workspace_id = current_workspace() and a.account_id = m.account_id where m.of_all <= ${ofAll} or m.of_kind <= ${ofKind}
          window sizes as (order by abs(m.moved_minor) desc, lower(a.name), m.account_id))
        select account_id as "accountId", kind, moved_minor as "amountMinor" from placed where of_all <= ${ofAll} or of_kind <= ${ofKind} order by placed.of_all`,
  );

/** One branch a kind, so that each is read along the index over week, kind and amount; more than wanted where amounts are the same. */
const largestOf = (kind: MovementKind, most: number): Sql => sql`${kind === MOVEMENT_KINDS[0] ? sql`` : sql`union all`}
  (select account_id, kind, moved_minor from every_move where kind = ${kind} order by moved_minor ${FALLS.includes(kind) ? sql`asc` : sql`desc`} fetch first (${most}::int) rows with ties)`;

/** Every movement of a window, the largest first, then by account; without names, so that there may be many. */
export const allMoves = (rows: Reading, asked: MovesAsked): Promise<Move[]> =>
  rows.many(
    moveRow,
    sql`with ${everyMove(asked)} select account_id as "accountId", kind, moved_minor as "amountMinor" from every_move
        order by abs(moved_minor) desc, account_id, kind`,
  );

const describedRow = moveRow.extend({
  name: z.string(),
  owner: z.string().nullable(),
  /** The day of its last ledger row, and the rows. */
  on: z.string(),
  rows: z.array(z.string()),
});

/** A movement with the account's name and owner, and with the ledger rows that it rests on. */
export type DescribedMove = z.infer<typeof describedRow>;

/** Movements with names, owners, days and ledger rows, in the order given. */
export const describedMoves = (
  rows: Reading,
  moves: readonly Move[],
  { window: { start, end }, counted: { counting } }: Pick<MovesAsked, "window" | "counted">,
): Promise<DescribedMove[]> =>
  rows.many(
    describedRow,
    sql`select m.account_id as "accountId", m.kind, m.moved_minor as "amountMinor", a.name, p.full_name as owner, led.day as "on", led.refs as rows
        from unnest(${moves.map(({ accountId }) => accountId)}::bigint[], ${moves.map(({ kind }) => kind)}::text[], ${moves.map(({ amountMinor }) => amountMinor)}::bigint[]) with ordinality m (account_id, kind, moved_minor, place)
        join account a on a.workspace_id = current_workspace() and a.account_id = m.account_id
        left join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
        cross join lateral (select (max(e.effective_at) at time zone ${counting.zone})::date as day, jsonb_agg('mrr_event:' || e.mrr_event_id order by e.effective_at, e.mrr_event_id) as refs
          from mrr_event e where e.workspace_id = a.workspace_id and e.account_id = m.account_id and e.effective_at >= ${begins(start, counting.zone)} and e.effective_at < ${begins(end, counting.zone)}) led
        order by m.place`,
  );

/** The table expressions of a window's moves and, of them, `lost`: the accounts that churned inside it. */
export function lostIn(asked: MovesAsked): Sql {
  const byLedger = asked.byLedger.movements.filter(({ kind }) => kind === "churn").map(({ accountId }) => accountId);
  return sql`${movesIn(asked.window, asked.counted, "churn")}, lost as not materialized (
    select account_id from moves where kind = 'churn' and not odd union all select unnest(${byLedger}::bigint[]))`;
}
