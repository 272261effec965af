import { z } from "zod";
import { endings, type FigureRow, ledgerBefore } from "#accounts/figures.ts";
import { describedAccounts } from "#accounts/figures-accounts.ts";
import { MOVEMENT_WORDS } from "#accounts/movement-words.ts";
import { labelRows, type RowLabel } from "#accounts/row-labels.ts";
import type { Scope } from "#metrics/figure.ts";
import type { MovementKind } from "#metrics/movement.ts";
import { mrrMovements } from "#metrics/mrr-movements.ts";
import { type RollForward, rollForward } from "#metrics/roll-forward.ts";
import { formatChange, formatMoney } from "#money.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import {
  accountsMeant,
  dayIn,
  figureFilters,
  scopeOf,
  type WindowAsked,
  windowAsked,
  windowInput,
} from "./figure-input.ts";
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
  rollForward: RollForward;
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
    const ledger = await ledgerBefore(rows, accounts, { before: asked.window.end, zone: context.zone });
    const moved = mrrMovements({ rows: ledger, window: asked.window, zone: context.zone, base: context.baseCurrency });
    const ranked = await described(moved.movements, { rows, accounts, ledger, zone: context.zone });
    const shown = ranked.slice(0, given.limit);
    const labels = await labelRows(
      rows,
      shown.flatMap((each) => each.refs),
    );
    const told = rollForward(moved);
    return {
      asked,
      scope: scopeOf(asked.window, context, filter),
      currency: context.baseCurrency,
      direction: given.direction ?? null,
      rollForward: told,
      netMinor: told.closingMinor - told.openingMinor,
      explained: shown.map(({ refs, ...each }) => ({ ...each, rows: refs.flatMap((ref) => labels.get(ref) ?? []) })),
      accounts: [...new Map(shown.map(({ accountId, name }) => [accountId, { id: accountId, name }])).values()],
      rest: { movements: ranked.length - shown.length, amountMinor: sum(ranked.slice(given.limit)) },
      ledgerRows: moved.rows,
    };
  });
}

const sum = (movements: readonly { amountMinor: number }[]): number =>
  movements.reduce((whole, { amountMinor }) => whole + amountMinor, 0);

type Described = Omit<Explained, "rows"> & { refs: string[] };
interface Sources {
  rows: Parameters<typeof describedAccounts>[0];
  accounts: Parameters<typeof describedAccounts>[1];
  ledger: FigureRow[];
  zone: string;
}

/** Movements with names and reasons, the largest first; ties by name, then id. */
async function described(
  movements: ReturnType<typeof mrrMovements>["movements"],
  { rows, accounts, ledger, zone }: Sources,
): Promise<Described[]> {
  const names = await describedAccounts(rows, accounts);
  const ends = await endings(rows, accounts);
  const entries = new Map(ledger.map((each) => [each.row, each.reason]));
  return movements
    .map(({ accountId, kind, amountMinor, at, rows: refs }) => {
      const account = names.get(accountId);
      const end = kind === "churn" ? ends.find((each) => each.accountId === accountId && near(each.on, at)) : undefined;
      const entry = entries.get(refs.at(-1) ?? "") ?? null;
      const reason = end?.reason ?? (entry === kind ? null : entry);
      const all = end ? [...refs, end.row] : refs;
      return {
        accountId,
        name: account?.name ?? `account ${accountId}`,
        owner: account?.owner ?? null,
        kind,
        amountMinor,
        on: dayIn(at, zone),
        reason,
        refs: all,
      };
    })
    .sort(
      (a, b) =>
        Math.abs(b.amountMinor) - Math.abs(a.amountMinor) ||
        a.name.localeCompare(b.name, "en") ||
        a.accountId - b.accountId,
    );
}

const NEAR_DAYS = 45; // a churn record is written some weeks around the end of the paid term
const near = (day: string, at: string): boolean => Math.abs(Date.parse(day) - Date.parse(at)) <= NEAR_DAYS * 86_400_000;

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
