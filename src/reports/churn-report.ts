import type { Band } from "#metrics/churn-risk.ts";
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
  industry?: string;
  /** A stage of the workspace's lifecycle model, by its id, as accounts stand today; or "lapsed". */
  stage?: string;
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
  /** Of a movement: what it changed, below 0 for churn and contraction. Elsewhere: the MRR that it is about. */
  amountMinor: number;
  rows: string[];
}

export interface LostAccount extends ReportAccount {
  /** When MRR became 0. */
  on: string;
  reason: string | null;
  /** Several accounts give this reason, so it is a category; else it may be a customer's own words, which no channel sees. */
  reasonShared?: boolean;
  kind: "voluntary" | "involuntary" | null;
  tenureMonths: number | null;
  lastStage: string | null;
  /** The first sign that could be seen before it left: what, and since when. */
  firstSign: { what: string; on: string; daysBefore: number } | null;
}

export interface CancelledAccount extends ReportAccount {
  endsOn: string;
  reason: string | null;
  reasonShared?: boolean;
}

export interface RenewalLine extends ReportAccount {
  renewsOn: string;
  within: 30 | 60 | 90;
  risk: Risk | null;
}

/** In the band high or critical, and not cancelled already: those have a list of their own. */
export interface AtRiskAccount extends ReportAccount {
  risk: Risk;
  /** amountMinor × probability. */
  expectedLossMinor: number;
  nextStep: { title: string; owner: string; dueOn: string; playbook: string } | null;
}

export interface Risk {
  /** Of a churn within 90 days. */
  probability: number;
  band: Band;
  /** It rests on this workspace's own churns; else it is an expert's estimate. */
  calibrated?: boolean;
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

/** What one account's MRR did over the window. */
export interface ReportMovement extends ReportAccount {
  kind: MovementKind;
  /** The day of its last ledger row. */
  on: string;
}

/** The lists of a report that may be cut. */
export type ReportList =
  | "lost"
  | "contractions"
  | "expansions"
  | "newCustomers"
  | "reactivations"
  | "saves"
  | "cancelled"
  | "renewals"
  | "atRisk"
  | "regressions"
  | "movements";

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
  /** `lostMinor` is what churned customers had paid, above 0. */
  headline: {
    netMinor: number;
    lostMinor: number;
    lostCustomers: number;
    atRiskMinor: number;
    atRiskCustomers: number;
  };
  rollForward: {
    startMinor: number;
    startCustomers: number;
    lines: { kind: MovementKind | "flash" | "exchange"; amountMinor: number; customers: number }[];
    endMinor: number;
    endCustomers: number;
    /** start + lines = end, to the cent. Flash customers came and went inside the window: their line is 0. */
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
  /** `lost` counts churned MRR above 0. */
  trend: { windows: TrendWindow[]; lost: Trend; net: Trend };
  /** Each list: the largest amount first; as many as `LISTED`, and `left` says how many are not on it. */
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
  /** The movements of the window, one an account, the largest first; as many as `MOST_MOVEMENTS`, see `allMovements` for all. */
  movements: ReportMovement[];
  /** How many entries of a list were left out because it is long, by the name of the list. */
  left?: Partial<Record<ReportList, number>>;
  /** All renewals by when they are due, those included that are not listed: within so many days, and later than the line before. */
  renewalsDue?: { within: 30 | 60 | 90; amountMinor: number; customers: number }[];
  /** Ledger rows that were counted. */
  rowsCounted: number;
}
