import { z } from "zod";
import { entryReasons } from "#accounts/figures.ts";
import { groupFilterOf } from "#accounts/figures-groups.ts";
import { countingOf } from "#accounts/movements.ts";
import { allMoves, type DescribedMove, describedMoves } from "#accounts/movements-listed.ts";
import { lossDetails } from "#accounts/movements-lost.ts";
import { labelRows, type RowLabel } from "#accounts/row-labels.ts";
import type { Reading } from "#database/door.ts";
import type { Scope } from "#metrics/figure.ts";
import { MOVEMENT_KINDS, type MovementKind } from "#metrics/movement.ts";
import type { Line } from "#metrics/roll-forward.ts";
import { windowNumbers } from "#reports/window-numbers.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { accountsMeant, figureFilters, scopeOf, type WindowAsked, windowAsked, windowInput } from "./figure-input.ts";
import { KeptOut, REASONS } from "./in-channel.ts";
import { type ReasonTally, reasonTallies, saysReason } from "./leaving-reasons.ts";
import { sayMovements } from "./mrr-movements-words.ts";
import { plainMovement } from "./why-mrr.ts";

/** How many of the largest are read with names and reasons; the sums are always over all. */
const MOST = 500;

const input = z.object({
  window: windowInput.default("this month"),
  kinds: z
    .array(z.enum(MOVEMENT_KINDS))
    .min(1)
    .describe("new: first paid; reactivation: came back; expansion: upgraded; contraction: downgraded; churn: lost"),
  filters: figureFilters.default({}),
  reason: z.string().min(2).max(60).optional().describe("only those who left for a reason with these words: price"),
  with_rows: z.boolean().default(false).describe("true: the ledger and subscription rows behind each"),
  limit: z.number().int().min(1).max(100).default(10).describe("how many customers to name, largest first"),
});
type Asked = z.output<typeof input>;

/** What one customer's MRR did over the window. */
export interface NamedMovement
  extends Pick<DescribedMove, "accountId" | "name" | "owner" | "kind" | "amountMinor" | "on"> {
  reason: string | null;
  /** Several customers give this reason, so it is a category and not one customer's words. */
  reasonShared: boolean;
  leaving: "voluntary" | "involuntary" | null;
  rows: RowLabel[];
}

export interface MovementsFinding {
  asked: WindowAsked;
  scope: Scope;
  currency: string;
  lines: ({ kind: MovementKind } & Line)[];
  /** The words that reasons were looked through for, and how many movements fit. */
  reason: { said: string; customers: number; amountMinor: number } | null;
  movements: NamedMovement[];
  accounts: { id: number; name: string }[];
  /** Of all who left, the most frequent first; empty where nobody did or nobody was asked about. */
  reasons: ReasonTally[];
  ledgerRows: number;
}

export const mrrMovementsTool = defineTool({
  name: "mrr_movements",
  title: "Who moved MRR",
  description:
    "The customers that are new, came back, upgraded, downgraded or were lost in a window, by name, with amount, day and reason; how many and how much in all; and, of those who left, the reasons counted. Use for “how many new customers this month?”, “who downgraded in October?”, “why do customers leave?”, “who left because of price?”. For sums per team or month use compare_figures.",
  effect: "reads",
  input,
  run: (asked, context) => context.database.read(context.actor, (rows) => findMovements(rows, asked, context)),
  say: sayMovements,
  inChannel: (found) => {
    const kept = new KeptOut();
    const movements = found.movements.map((each) =>
      each.reasonShared ? { ...each, rows: plainMovement(each, kept).rows } : plainMovement(each, kept),
    );
    const reasons = found.reasons.map((each) =>
      each.shared ? each : { ...each, reason: kept.of<string | null>(each.reason, null, REASONS) },
    );
    return { finding: { ...found, movements, reasons }, keptOut: kept.words };
  },
});

async function findMovements(rows: Reading, input: Asked, context: ToolContext): Promise<MovementsFinding> {
  const asked = windowAsked(input.window, context.today);
  const { asked: accounts, filter } = await accountsMeant(rows, input.filters, context);
  const counted = { counting: await countingOf(rows), filter: await groupFilterOf(rows, accounts) };
  const { sums, byLedger } = await windowNumbers(rows, asked.window, counted);
  const moves = { window: asked.window, counted, byLedger };
  const meant = (await allMoves(rows, moves)).filter(({ kind }) => input.kinds.includes(kind)).slice(0, MOST);
  const all = await withReasons(rows, (await describedMoves(rows, meant, moves)).toSorted(largestFirst), context);
  const { reason } = input;
  const fitting = reason === undefined ? all : all.filter((each) => saysReason(each.reason, reason));
  const movements = await labelled(rows, fitting.slice(0, input.limit), input.with_rows);
  return {
    asked,
    scope: scopeOf(asked.window, context, filter),
    currency: context.baseCurrency,
    lines: input.kinds.map((kind) => ({ kind, ...sums.lines[kind] })),
    reason: reason === undefined ? null : { said: reason, customers: fitting.length, amountMinor: total(fitting) },
    movements,
    accounts: movements.map(({ accountId: id, name }) => ({ id, name })),
    reasons: reasonTallies(all.filter(({ kind }) => kind === "churn")),
    ledgerRows: sums.rows,
  };
}

const largestFirst = (a: DescribedMove, b: DescribedMove): number =>
  Math.abs(b.amountMinor) - Math.abs(a.amountMinor) || a.name.localeCompare(b.name, "en") || a.accountId - b.accountId;

const total = (some: readonly { amountMinor: number }[]): number =>
  some.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

type Told = Omit<NamedMovement, "rows"> & { refs: string[] };

/** A loss has the reason that the churn report tells; another movement what its ledger row says, unless that is its kind. */
async function withReasons(rows: Reading, moves: DescribedMove[], { knowledge }: ToolContext): Promise<Told[]> {
  const lost = moves.filter(({ kind }) => kind === "churn");
  const details = lost.length === 0 ? [] : await lossDetails(rows, lost, knowledge.model.id);
  const losses = new Map(details.map((each) => [each.accountId, each]));
  const last = (refs: readonly string[]) => refs.at(-1)!; // a movement has rows
  const entries = await entryReasons(
    rows,
    moves.map((each) => last(each.rows)),
  );
  return moves.map(({ rows: refs, ...move }): Told => {
    const loss = move.kind === "churn" ? losses.get(move.accountId) : undefined;
    if (loss)
      return {
        ...move,
        ...{ reason: loss.reason, reasonShared: loss.reasonShared, leaving: loss.kind },
        refs: loss.reasonRow ? [...refs, loss.reasonRow] : refs,
      };
    const entry = entries.get(last(refs)) ?? null;
    return { ...move, reason: entry === move.kind ? null : entry, reasonShared: false, leaving: null, refs };
  });
}

async function labelled(rows: Reading, moves: readonly Told[], wanted: boolean): Promise<NamedMovement[]> {
  const refs = wanted ? moves.flatMap((each) => each.refs) : [];
  const labels = await labelRows(rows, refs);
  return moves.map(({ refs: mine, ...each }) => ({
    ...each,
    rows: wanted ? mine.flatMap((ref) => labels.get(ref) ?? []) : [],
  }));
}
