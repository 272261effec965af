import { countingOf } from "#accounts/movements.ts";
import { namesOf, savedIn } from "#accounts/movements-ahead.ts";
import type { Reading } from "#database/door.ts";
import { AskAgain } from "#errors.ts";
import { addDays } from "#lifecycle/days.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import type { Moves } from "#lifecycle/moves.ts";
import { churnFigures } from "#metrics/churn.ts";
import type { Window } from "#metrics/figure.ts";
import type { Movement, MovementKind } from "#metrics/movement.ts";
import { rollForward } from "#metrics/roll-forward.ts";
import { regressionsIn, whatIsAhead } from "./ahead.ts";
import type { ChurnReport, ReportAccount, ReportAsked } from "./churn-report.ts";
import { doubtsOf } from "./doubts.ts";
import { lostAccounts, type Names, named } from "./lost-accounts.ts";
import { knownFilter } from "./report-filter.ts";
import { titleOf } from "./titles.ts";
import { trendBefore } from "./trend.ts";
import { numbersOf, versionOf } from "./versions.ts";
import { type Level, type WindowNumbers, windowNumbers } from "./window-numbers.ts";

/** How many accounts a list of the report holds; the roll-forward and the CSV always hold all. */
export const LISTED = 100;

export interface ChurnQuestion {
  /** ISO day of the question in the workspace's zone. */
  today: string;
  model: LifecycleModel;
  moves: Moves;
  asked: ReportAsked;
}

/**
 * The churn of a window, every number of it from the ledger or from the rows it names. What lies ahead (cancellations,
 * renewals, risk) is as of today. Throws AskAgain for a window that has not begun or runs backwards, and for unknown names.
 */
export async function buildChurnReport(
  rows: Reading,
  { today, model, moves, asked }: ChurnQuestion,
): Promise<ChurnReport> {
  const window = begun(asked.window, today);
  const known = await knownFilter(rows, asked.filter);
  const counting = await countingOf(rows);
  const counted = { counting, filter: known.group };
  const numbers = await windowNumbers(rows, window, counted);
  const ahead = await whatIsAhead(rows, { today, model, moves, filter: known.group });
  const saved = await savedIn(rows, { window, today, filter: known.group });
  const names = await namesOf(
    rows,
    [...numbers.found.movements, ...numbers.found.flash, ...saved].map(({ accountId }) => accountId),
  );
  const isPartial = window.end > today;
  const lists = listsOf(numbers, names);
  const scope = { window, zone: counting.zone, filter: known.words };
  const full = { ...asked, filter: known.filter };
  const report: ChurnReport = {
    asked: full,
    title: titleOf(asked.window, asked.interval),
    filterWords: known.words,
    zone: counting.zone,
    currency: counting.base,
    asOf: today,
    isPartial,
    version: 1,
    changes: [],
    headline: {
      netMinor: numbers.closing.minor - numbers.opening.minor,
      lostMinor: Math.abs(numbers.sums.lines.churn.amountMinor),
      lostCustomers: numbers.sums.lines.churn.customers,
      atRiskMinor: ahead.whole.minor,
      atRiskCustomers: ahead.whole.customers,
    },
    rollForward: rollForwardOf(numbers),
    figures: churnFigures(numbers.sums, scope),
    trend: await trendBefore(rows, numbers, { interval: asked.interval, counted }),
    lost: await lostAccounts(rows, topOf("churn", numbers), { names, ledger: numbers.ledger, model }),
    ...lists,
    saves: saved.map(({ accountId, row, amountMinor }) => ({ ...named(accountId, names), amountMinor, rows: [row] })),
    cancelled: ahead.cancelled,
    renewals: ahead.renewals,
    atRisk: ahead.atRisk,
    regressions: (await regressionsIn(rows, { window, model, filter: known.group })).filter(stayed(numbers)),
    doubts: await doubtsOf(rows, { numbers, counted, ahead, today, model }),
    movements: movementsOf(numbers, names),
    left: leftOut(numbers, ahead.whole.customers - ahead.atRisk.length),
    rowsCounted: numbers.found.rows,
  };
  const version = await versionOf(rows, {
    asked: full,
    numbers: numbersOf(report),
    currency: counting.base,
    isPartial,
  });
  return { ...report, ...version };
}

/** Whoever was lost has gone back further than a stage, and is on the first list. */
function stayed({ found }: WindowNumbers): (account: { accountId: number }) => boolean {
  const lost = new Set(found.movements.filter(({ kind }) => kind === "churn").map(({ accountId }) => accountId));
  return ({ accountId }) => !lost.has(accountId);
}

/** A window that is under way ends with today. */
function begun({ start, end }: Window, today: string): Window {
  if (end <= start)
    throw new AskAgain(`The window ends on ${end}, which is not after its start on ${start}. Ask the other way round.`);
  if (start > today) throw new AskAgain(`The window begins on ${start}, which is in the future (today is ${today}).`);
  const tomorrow = addDays(today, 1);
  return { start, end: end > tomorrow ? tomorrow : end };
}

function rollForwardOf({ found, opening, closing }: WindowNumbers): ChurnReport["rollForward"] {
  const whole = rollForward(found);
  const lines: ChurnReport["rollForward"]["lines"] = Object.entries(whole.lines).map(([kind, line]) => ({
    kind: kind as MovementKind, // its keys are the kinds
    ...line,
  }));
  if (whole.flash.customers > 0) lines.push({ kind: "flash", amountMinor: 0, customers: whole.flash.customers });
  if (whole.fxMinor !== 0) lines.push({ kind: "exchange", amountMinor: whole.fxMinor, customers: found.fx.length });
  const moved = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return { ...ends(opening, closing), lines, addsUp: opening.minor + moved === closing.minor };
}

const ends = (opening: Level, closing: Level) => ({
  startMinor: opening.minor,
  startCustomers: opening.customers,
  endMinor: closing.minor,
  endCustomers: closing.customers,
});

const ofKind = (kind: MovementKind, { found }: WindowNumbers): Movement[] =>
  found.movements
    .filter((each) => each.kind === kind)
    .sort((a, b) => Math.abs(b.amountMinor) - Math.abs(a.amountMinor) || a.accountId - b.accountId);

const topOf = (kind: MovementKind, numbers: WindowNumbers): Movement[] => ofKind(kind, numbers).slice(0, LISTED);

function listsOf(numbers: WindowNumbers, names: Names) {
  const list = (kind: MovementKind): ReportAccount[] =>
    topOf(kind, numbers).map(({ accountId, amountMinor, rows }) => ({ ...named(accountId, names), amountMinor, rows }));
  return {
    contractions: list("contraction"),
    expansions: list("expansion"),
    newCustomers: list("new"),
    reactivations: list("reactivation"),
  };
}

function leftOut(numbers: WindowNumbers, atRisk: number): ChurnReport["left"] {
  const over = (kind: MovementKind) => Math.max(0, ofKind(kind, numbers).length - LISTED);
  const all = {
    lost: over("churn"),
    contractions: over("contraction"),
    expansions: over("expansion"),
    newCustomers: over("new"),
    reactivations: over("reactivation"),
    atRisk,
  };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}

function movementsOf({ found, ledger }: WindowNumbers, names: Names): ChurnReport["movements"] {
  const dayOf = new Map(ledger.map(({ row, day }) => [row, day]));
  return found.movements.map(({ accountId, kind, amountMinor, rows }) => ({
    ...named(accountId, names),
    kind,
    amountMinor,
    on: dayOf.get(rows.at(-1)!)!, // a movement has rows, and they are of this ledger
    rows,
  }));
}
