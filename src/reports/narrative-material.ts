import { type Figure, sayFigure } from "#metrics/figure.ts";
import { formatChange, formatMoney } from "#money.ts";
import type { ChurnReport, ReportAccount, Risk } from "./churn-report.ts";

const MOST = 8; // of a kind; who matters most stands first

export interface Material {
  /** As a model reads it: every figure as it may be written, the most important lines of each list, no ids. */
  told: Record<string, unknown>;
  /** The same with its amounts as numbers, for the check of what was written: "$" alone names no currency. */
  proof: Record<string, unknown>;
}

/** What a model is given of a report, and what it may say. */
export function materialOf(report: ChurnReport): Material {
  const amounts = new Amounts(report.currency);
  const told = toldOf(report, amounts);
  return { told, proof: { told, amounts: amounts.proof } };
}

/** Writes amounts, and remembers them. */
class Amounts {
  readonly #currency: string;
  readonly #minors = new Set<number>();
  constructor(currency: string) {
    this.#currency = currency;
  }

  plain(minor: number): string {
    this.#minors.add(Math.abs(minor));
    return formatMoney(Math.abs(minor), this.#currency);
  }

  change(minor: number): string {
    this.#minors.add(minor);
    return formatChange(minor, this.#currency);
  }

  get proof(): Record<string, unknown> {
    const each = [...this.#minors].map((minor) => [`amount of ${minor}`, { minor }]);
    return { currency: this.#currency, ...Object.fromEntries(each) };
  }
}

function toldOf(report: ChurnReport, amounts: Amounts): Record<string, unknown> {
  const { headline, rollForward, currency } = report;
  return {
    window: report.title,
    accounts: report.filterWords,
    asOf: report.asOf,
    ...(report.isPartial ? { note: "the window is not over yet" } : {}),
    currency,
    netChangeOfMrr: amounts.change(headline.netMinor),
    lost: { customers: headline.lostCustomers, mrr: amounts.plain(headline.lostMinor) },
    atRisk: { customers: headline.atRiskCustomers, mrr: amounts.plain(headline.atRiskMinor) },
    start: { mrr: amounts.plain(rollForward.startMinor), customers: rollForward.startCustomers },
    movements: rollForward.lines
      .filter(({ amountMinor, customers }) => amountMinor !== 0 || customers > 0)
      .map(({ kind, amountMinor, customers }) => ({ kind, mrr: amounts.change(amountMinor), customers })),
    end: { mrr: amounts.plain(rollForward.endMinor), customers: rollForward.endCustomers },
    rates: Object.fromEntries(Object.values(report.figures).map((each) => [each.metric, rateWords(each, amounts)])),
    netAgainstEarlierWindows: trendWords(report, amounts),
    ...listsOf(report, amounts),
    doubts: report.doubts,
  };
}

/** A rate of few customers is told as one amount of another. */
function rateWords(figure: Figure, amounts: Amounts): string {
  const { of, currency } = figure;
  if (of && currency !== null) for (const each of [of.part, of.whole]) amounts.plain(Math.round(each));
  return sayFigure(figure);
}

function listsOf(report: ChurnReport, amounts: Amounts): Record<string, unknown> {
  const line = (each: ReportAccount) => ({
    name: each.name,
    mrr: amounts.plain(each.amountMinor),
    owner: each.owner,
  });
  const risk = (found: Risk | null) =>
    found && {
      ...(found.calibrated ? { chanceOfLeaving: percent(found.probability) } : { risk: found.band }),
      why: found.reasons.slice(0, 3).map(({ what }) => what),
    };
  return {
    lostCustomers: cut(report.lost, (each) => ({
      ...line(each),
      on: each.on,
      ...(each.reason === null ? {} : { reason: each.reason.replaceAll("_", " ") }),
      kind: each.kind,
      monthsAsCustomer: each.tenureMonths,
      lastStage: each.lastStage,
      firstSign: each.firstSign,
    })),
    contractions: cut(report.contractions, line),
    expansions: cut(report.expansions, line),
    newCustomers: cut(report.newCustomers, line),
    reactivations: cut(report.reactivations, line),
    saves: cut(report.saves, line),
    cancelledButStillPaying: cut(report.cancelled, (each) => ({
      ...line(each),
      endsOn: each.endsOn,
      reason: each.reason,
    })),
    renewals: cut(report.renewals, (each) => ({ ...line(each), renewsOn: each.renewsOn, ...risk(each.risk) })),
    accountsAtRisk: cut(report.atRisk, (each) => ({ ...line(each), ...risk(each.risk), nextStep: each.nextStep })),
    stageRegressions: cut(report.regressions, ({ name, owner, from, to, on, mrrMinor }) => ({
      name,
      owner,
      from,
      to,
      on,
      mrr: amounts.plain(mrrMinor),
    })),
  };
}

function trendWords({ trend: { net } }: ChurnReport, amounts: Amounts): Record<string, unknown> {
  return {
    againstTheOneBefore: net.change === null ? "not known" : amounts.change(net.change),
    meanOfTheOnesBefore: net.mean === null ? "not known" : amounts.change(Math.round(net.mean)),
    windowsBefore: net.windows,
  };
}

const cut = <T>(list: readonly T[], told: (each: T) => unknown): unknown[] => list.slice(0, MOST).map(told);

const percent = (share: number): string => `${Math.round(share * 100)}%`;
