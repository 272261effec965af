import { z } from "zod";
import { type Ending, endingsOfAccounts, entryReasons } from "#accounts/figures.ts";
import { groupFilterOf } from "#accounts/figures-groups.ts";
import { MOVEMENT_WORDS } from "#accounts/movement-words.ts";
import { countingOf } from "#accounts/movements.ts";
import type { DescribedMove } from "#accounts/movements-listed.ts";
import { labelRows, type RowLabel } from "#accounts/row-labels.ts";
import type { Reading } from "#database/door.ts";
import type { Scope } from "#metrics/figure.ts";
import type { MovementKind } from "#metrics/movement.ts";
import type { RollForward } from "#metrics/roll-forward.ts";
import { formatChange, formatMoney } from "#money.ts";
import { largestMovements } from "#reports/window-movements.ts";
import { windowNumbers } from "#reports/window-numbers.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { accountsMeant, figureFilters, scopeOf, type WindowAsked, windowAsked, windowInput } from "./figure-input.ts";
import { scopeWords } from "./figure-words.ts";
import { KeptOut, REASONS } from "./in-channel.ts";
import { counted, rowsLine } from "./words.ts";

const input = z.object({
  window: windowInput.default("this month"),
  filters: figureFilters.default({}),
  direction: z.enum(["fell", "rose"]).optional().describe("what the question takes for granted"),
  limit: z.number().int().min(1).max(50).default(10).describe("how many movements to list, largest first"),
});

/** A movement that explains a part of the change. */
export interface Explained {
  accountId: number;
  name: string;
  owner: string | null;
  kind: MovementKind;
  amountMinor: number;
  on: string;
  /** Why, as the billing system or the customer put it. */
  reason: string | null;
  rows: RowLabel[];
}

export interface WhyMrrFinding {
  asked: WindowAsked;
  scope: Scope;
  currency: string;
  direction: "fell" | "rose" | null;
  rollForward: Pick<RollForward, "openingMinor" | "lines" | "fxMinor" | "closingMinor" | "wrong">;
  netMinor: number;
  explained: Explained[];
  /** Whom the explained movements are of. */
  accounts: { id: number; name: string }[];
  /** Movements beyond the listed ones: how many, and their sum. */
  rest: { movements: number; amountMinor: number };
  ledgerRows: number;
}

export const whyMrrTool = defineTool({
  name: "why_mrr_changed",
  title: "Why MRR changed",
  description:
    "The movements that explain a change of MRR in a window, largest first, with account, reason and ledger rows, and the roll-forward that they add up to. Use for “why did MRR fall in October?”, “what drove growth last quarter?”.",
  effect: "reads",
  input,
  run: (given, context) => explain(given, context),
  say: sayWhy,
  inChannel: (found) => {
    const kept = new KeptOut();
    const explained = found.explained.map((each) => plainMovement(each, kept));
    return { finding: { ...found, explained }, keptOut: kept.words };
  },
});

/** A reason out of a list ("low_usage", "involuntary churn"), not a sentence that somebody wrote. */
export const isCode = (reason: string): boolean =>
  MOVEMENT_WORDS.includes(reason) || /^[a-z]+(?:_[a-z]+)*$/.test(reason);

/** A ledger entry keeps its day, and its reason only where that is out of a list. */
function plainLabel(row: RowLabel, kept: KeptOut): RowLabel {
  const [, entry, reason] = /^(ledger entry of \S{10}), (.*)$/s.exec(row.label) ?? [];
  return entry && reason && !isCode(reason) ? { ...row, label: kept.of(row.label, entry, REASONS) } : row;
}

function explain(given: z.output<typeof input>, context: ToolContext): Promise<WhyMrrFinding> {
  const asked = windowAsked(given.window, context.today);
  return context.database.read(context.actor, async (rows) => {
    const { asked: accounts, filter } = await accountsMeant(rows, given.filters, context);
    const whole = { counting: await countingOf(rows), filter: await groupFilterOf(rows, accounts) };
    const numbers = await windowNumbers(rows, asked.window, whole);
    const shown = await described(rows, await largestMovements(rows, numbers, whole, given.limit));
    const labels = await labelRows(
      rows,
      shown.flatMap((each) => each.refs),
    );
    const { opening, closing, sums, fx, wrong } = numbers;
    const netMinor = closing.minor - opening.minor;
    const movements = Object.values(sums.lines).reduce((all, { customers }) => all + customers, 0);
    return {
      asked,
      scope: scopeOf(asked.window, context, filter),
      currency: context.baseCurrency,
      direction: given.direction ?? null,
      rollForward: {
        openingMinor: opening.minor,
        lines: sums.lines,
        fxMinor: fx.amountMinor,
        closingMinor: closing.minor,
        wrong,
      },
      netMinor,
      explained: shown.map(({ refs, ...each }) => ({ ...each, rows: refs.flatMap((ref) => labels.get(ref) ?? []) })),
      accounts: [...new Map(shown.map(({ accountId, name }) => [accountId, { id: accountId, name }])).values()],
      rest: {
        movements: movements - shown.length,
        amountMinor: sum(Object.values(sums.lines)) - sum(shown),
      },
      ledgerRows: sums.rows,
    };
  });
}

const sum = (amounts: readonly { amountMinor: number }[]): number =>
  amounts.reduce((whole, { amountMinor }) => whole + amountMinor, 0);

type Described = Omit<Explained, "rows"> & { refs: string[] };

/** Movements with their reasons: of a churn that of the subscription or the churn record, else what the ledger row says. */
async function described(rows: Reading, movements: readonly DescribedMove[]): Promise<Described[]> {
  const ends = await endingsOfAccounts(
    rows,
    movements.filter(({ kind }) => kind === "churn").map(({ accountId }) => accountId),
  );
  const lastOf = (refs: readonly string[]) => refs.at(-1)!; // a movement has rows
  const entries = await entryReasons(
    rows,
    movements.map(({ rows: refs }) => lastOf(refs)),
  );
  return movements.map(({ rows: refs, ...each }) => {
    const mine = (end: Ending) => end.accountId === each.accountId && near(end.on, each.on);
    const end = each.kind === "churn" ? ends.find(mine) : undefined;
    const entry = entries.get(lastOf(refs)) ?? null;
    const reason = end?.reason ?? (entry === each.kind ? null : entry);
    return { ...each, reason, refs: end ? [...refs, end.row] : refs };
  });
}

const NEAR_DAYS = 45; // a churn record is written some weeks around the end of the paid term
const near = (one: string, other: string): boolean =>
  Math.abs(Date.parse(one) - Date.parse(other)) <= NEAR_DAYS * 86_400_000;

const KINDS: [MovementKind, string][] = [
  ["new", "new"],
  ["reactivation", "reactivation"],
  ["expansion", "expansion"],
  ["contraction", "contraction"],
  ["churn", "churn"],
];

function sayWhy(found: WhyMrrFinding): string {
  const { asked, rollForward: told, netMinor, currency, scope, explained, rest } = found;
  const money = (minor: number) => formatMoney(minor, currency);
  const change = (minor: number) => formatChange(minor, currency);
  const lines = KINDS.filter(([kind]) => told.lines[kind].customers > 0).map(
    ([kind, words]) =>
      `${words} ${change(told.lines[kind].amountMinor)} (${counted(told.lines[kind].customers, "customer")})`,
  );
  return [
    `${surprise(found)}MRR ${netMinor === 0 ? "stayed as it was" : netMinor < 0 ? "fell" : "rose"} in ${asked.title}${asked.isPartial ? " so far" : ""}: ${money(told.openingMinor)} → ${money(told.closingMinor)} (${change(netMinor)}).`,
    `Roll-forward: start ${money(told.openingMinor)}${lines.map((line) => `, ${line}`).join("")}${told.fxMinor === 0 ? "" : `, exchange rates ${change(told.fxMinor)}`}, end ${money(told.closingMinor)}.`,
    ...(told.wrong ? [`Note: ${told.wrong}.`] : []),
    ...explained.map((each, at) => `${at + 1}. ${explainedLine(each, currency)}`),
    ...(rest.movements > 0
      ? [`and ${counted(rest.movements, "smaller movement")}, together ${change(rest.amountMinor)}`]
      : []),
    `Definition: movements per customer, netted over the window, in ${currency} at the rate of each change's day. Window: ${scopeWords(scope)}; ${counted(found.ledgerRows, "ledger row")}.`,
  ].join("\n");
}

/** What a question took for granted and is not so. */
function surprise({ direction, netMinor, asked }: WhyMrrFinding): string {
  if (!direction || (direction === "fell") === netMinor < 0) return "";
  return `MRR did not ${direction === "fell" ? "fall" : "rise"} in ${asked.title}. `;
}

function explainedLine({ name, owner, kind, amountMinor, on, reason, rows }: Explained, currency: string): string {
  const facts = [
    `${kind} ${formatChange(amountMinor, currency)} on ${on}`,
    reason && `reason: ${reason.replaceAll("_", " ")}`,
    owner && `owner ${owner}`,
  ];
  return `**${name}** — ${facts.filter(Boolean).join(", ")}${rowsLine(rows)}`;
}

/** A movement as a channel may see it: its reason only where it is a code, its rows without what somebody wrote. */
export const plainMovement = <M extends { reason: string | null; rows: RowLabel[] }>(movement: M, kept: KeptOut): M => {
  const { reason } = movement;
  const isPlain = reason === null || isCode(reason);
  return {
    ...movement,
    reason: isPlain ? reason : kept.of<string | null>(reason, null, REASONS),
    rows: movement.rows.map((row) => plainLabel(row, kept)),
  };
};
