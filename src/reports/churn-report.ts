import type { Figure, Window } from "#metrics/figure.ts";
import type { MovementKind } from "#metrics/movement.ts";
import type { Interval, Trend } from "#metrics/weeks.ts";

/** Which accounts a report speaks of; empty: all. Names as the workspace knows them. */
export interface ReportFilter {
  team?: string;
  owner?: string;
  segment?: string;
  country?: string;
  plan?: string;
}

export interface ReportAsked {
  window: Window;
  /** null: a window of any length. */
  interval: Interval | null;
  filter: ReportFilter;
}

/** An account in a report, with the rows that its line rests on as `table:id`. Money in minor units of the base currency. */
export interface ReportAccount {
  accountId: number;
  name: string;
  owner: string | null;
  amountMinor: number;
  rows: string[];
}

export interface LostAccount extends ReportAccount {
  /** When MRR became 0. */
  on: string;
  reason: string | null;
  kind: "voluntary" | "involuntary" | null;
  tenureMonths: number | null;
  lastStage: string | null;
  /** The first sign that could be seen before it left: what, and since when. */
  firstSign: { what: string; on: string; daysBefore: number } | null;
}

export interface CancelledAccount extends ReportAccount {
  endsOn: string;
  reason: string | null;
}

export interface RenewalLine extends ReportAccount {
  renewsOn: string;
  within: 30 | 60 | 90;
  risk: Risk | null;
}

export interface AtRiskAccount extends ReportAccount {
  risk: Risk;
  /** amountMinor × probability. */
  expectedLossMinor: number;
  nextStep: { title: string; owner: string; dueOn: string; playbook: string } | null;
}

export interface Risk {
  probability: number;
  band: "low" | "watch" | "high";
  /** Terms of the score, strongest first. */
  reasons: { what: string; rows: string[] }[];
}

export interface Regression {
  accountId: number;
  name: string;
  owner: string | null;
  from: string;
  to: string;
  on: string;
  mrrMinor: number;
}

/** One window of the trend, oldest first; the report's own is the last. */
export interface TrendWindow {
  window: Window;
  startMinor: number;
  byKind: Record<MovementKind, number>;
  lostCustomers: number;
  endMinor: number;
}

/** The churn of a window, whole: everything that a message, a table, a picture or a sentence may say of it. */
export interface ChurnReport {
  asked: ReportAsked;
  /** "Week of 16 Nov 2026", "October 2026", "2026-10-03 to 2026-10-20". */
  title: string;
  /** "all accounts", "team EMEA". */
  filterWords: string;
  zone: string;
  currency: string;
  /** The day it was made on; before the end of the window it is a part of it. */
  asOf: string;
  isPartial: boolean;
  version: number;
  /** What changed since the version before; empty for the first. */
  changes: string[];
  headline: { netMinor: number; lostMinor: number; lostCustomers: number; atRiskMinor: number; atRiskCustomers: number };
  rollForward: {
    startMinor: number;
    startCustomers: number;
    lines: { kind: MovementKind | "flash" | "exchange"; amountMinor: number; customers: number }[];
    endMinor: number;
    endCustomers: number;
    /** start + lines = end, to the cent. */
    addsUp: boolean;
  };
  figures: {
    grossMrrChurn: Figure;
    netMrrChurn: Figure;
    grr: Figure;
    nrr: Figure;
    logoChurn: Figure;
    quickRatio: Figure;
  };
  trend: { windows: TrendWindow[]; lost: Trend; net: Trend };
  lost: LostAccount[];
  contractions: ReportAccount[];
  expansions: ReportAccount[];
  newCustomers: ReportAccount[];
  reactivations: ReportAccount[];
  /** Called back from a cancellation or out of dunning inside the window. */
  saves: ReportAccount[];
  cancelled: CancelledAccount[];
  renewals: RenewalLine[];
  atRisk: AtRiskAccount[];
  regressions: Regression[];
  /** What the data cannot tell: stale sources, missing rates, sources that disagree. Whole sentences. */
  doubts: string[];
  /** Ledger rows that were counted. */
  rowsCounted: number;
}
