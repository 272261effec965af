import { namesOf, savedIn } from "#accounts/movements-ahead.ts";
import type { DescribedMove } from "#accounts/movements-listed.ts";
import type { Reading } from "#database/door.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import type { Moves } from "#lifecycle/moves.ts";
import { type Ahead, regressionsIn, whatIsAhead } from "./ahead.ts";
import { type NumbersRead, readNumbers } from "./churn-numbers.ts";
import type { ChurnReport, ReportAccount, ReportAsked, ReportList } from "./churn-report.ts";
import { doubtsOf } from "./doubts.ts";
import { lostAccounts, named } from "./lost-accounts.ts";
import { numbersOf, versionOf } from "./versions.ts";
import { LISTED, type ListedMovements, listedMovements } from "./window-movements.ts";

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
export async function buildChurnReport(rows: Reading, question: ChurnQuestion): Promise<ChurnReport> {
  const { today, model, moves, asked } = question;
  const read = await readNumbers(rows, { today, asked });
  const { told, numbers, counted } = read;
  const { filter } = counted;
  const listed = await listedMovements(rows, numbers, counted);
  const ahead = await whatIsAhead(rows, { today, model, moves, filter });
  const saved = await savedIn(rows, { window: numbers.window, today, filter, most: LISTED });
  const back = await regressionsIn(rows, { ...numbers, counted }, { model, filter });
  const names = await namesOf(
    rows,
    saved.first.map(({ accountId }) => accountId),
  );
  const report: ChurnReport = {
    ...told,
    version: 1,
    changes: [],
    headline: { ...told.headline, atRiskMinor: ahead.whole.atRiskMinor, atRiskCustomers: ahead.whole.atRisk },
    lost: await lostAccounts(rows, listed.byKind.churn, model),
    ...listsOf(listed),
    saves: saved.first.map(({ accountId, row, amountMinor }) => ({
      ...named(accountId, names),
      amountMinor,
      rows: [row],
    })),
    cancelled: ahead.cancelled.first,
    renewals: ahead.renewals.first,
    renewalsDue: ahead.due,
    atRisk: ahead.atRisk,
    regressions: back.first,
    doubts: await doubtsOf(rows, { numbers, counted, listed, ahead, today, model }),
    movements: listed.movements,
    left: leftOut(read, { listed, ahead, saves: saved.all, regressions: back.all }),
  };
  const { currency, isPartial } = told;
  const version = await versionOf(rows, { asked: told.asked, numbers: numbersOf(report), currency, isPartial });
  return { ...report, ...version };
}

function listsOf({ byKind }: ListedMovements) {
  const list = (moves: DescribedMove[]): ReportAccount[] =>
    moves.map(({ kind: _kind, on: _on, ...account }) => account);
  return {
    contractions: list(byKind.contraction),
    expansions: list(byKind.expansion),
    newCustomers: list(byKind.new),
    reactivations: list(byKind.reactivation),
  };
}

interface Counts {
  listed: ListedMovements;
  ahead: Ahead;
  saves: number;
  regressions: number;
}

function leftOut({ numbers: { sums } }: NumbersRead, { listed, ahead, ...whole }: Counts): ChurnReport["left"] {
  const { lines } = sums;
  const beyond = (all: number, most = LISTED) => Math.max(0, all - most);
  const moved = Object.values(lines).reduce((sum, { customers }) => sum + customers, 0);
  const all: Record<ReportList, number> = {
    lost: beyond(lines.churn.customers),
    contractions: beyond(lines.contraction.customers),
    expansions: beyond(lines.expansion.customers),
    newCustomers: beyond(lines.new.customers),
    reactivations: beyond(lines.reactivation.customers),
    saves: beyond(whole.saves),
    cancelled: beyond(ahead.cancelled.all),
    renewals: beyond(ahead.renewals.all),
    atRisk: beyond(ahead.whole.atRisk, ahead.atRisk.length),
    regressions: beyond(whole.regressions),
    movements: beyond(moved, listed.movements.length),
  };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}
