import { churnFigures } from "#metrics/churn.ts";
import { arpa, customerLifetimeValue } from "#metrics/clv.ts";
import { type Figure, figure, type Scope, type Window } from "#metrics/figure.ts";
import { sum } from "#metrics/ledger.ts";
import { intervalAfter, intervalStart } from "#metrics/weeks.ts";
import type { WindowNumbers } from "#reports/window-numbers.ts";
import { LINE_METRICS, lineFigure } from "./line-figures.ts";

/** What can be asked of a window, by the name that a tool takes. */
export const METRIC_NAMES = [
  "mrr",
  "arr",
  "net_change",
  "customers",
  "gross_mrr_churn",
  "net_mrr_churn",
  "grr",
  "nrr",
  "logo_churn",
  "retention_rate",
  "quick_ratio",
  "arpa",
  "clv",
  ...LINE_METRICS,
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

export interface FiguresInput {
  numbers: WindowNumbers;
  /** The same of each whole month of the window, for CLV. */
  months: readonly WindowNumbers[];
  currency: string;
  /** Gross margin, for CLV. */
  margin: number;
  scope: Omit<Scope, "window">;
}

/** The figures of one window, in the order of their names. */
export function figuresOf(names: readonly MetricName[], input: FiguresInput): Figure[] {
  const { numbers, currency } = input;
  const scope: Scope = { ...input.scope, window: numbers.window };
  const rates = churnFigures(numbers.sums, scope);
  const atEnd = { mrrMinor: numbers.closing.minor, customers: numbers.closing.customers, currency };
  const known: Record<MetricName, () => Figure> = {
    mrr: () => mrrAtEnd(numbers, scope),
    arr: () => yearly(mrrAtEnd(numbers, scope)),
    net_change: () => netChange(numbers, scope),
    customers: () => customersAtEnd(numbers, scope),
    gross_mrr_churn: () => rates.grossMrrChurn,
    net_mrr_churn: () => rates.netMrrChurn,
    grr: () => rates.grr,
    nrr: () => rates.nrr,
    logo_churn: () => rates.logoChurn,
    retention_rate: () => rates.retentionRate,
    quick_ratio: () => rates.quickRatio,
    arpa: () => ({ ...arpa(atEnd, scope), rows: numbers.sums.rows }),
    clv: () => lifetimeValue(input, scope),
    new_mrr: () => lineFigure("new_mrr", numbers, scope),
    expansion_mrr: () => lineFigure("expansion_mrr", numbers, scope),
    reactivation_mrr: () => lineFigure("reactivation_mrr", numbers, scope),
    contraction_mrr: () => lineFigure("contraction_mrr", numbers, scope),
    churned_mrr: () => lineFigure("churned_mrr", numbers, scope),
    new_customers: () => lineFigure("new_customers", numbers, scope),
    lost_customers: () => lineFigure("lost_customers", numbers, scope),
  };
  return names.map((name) => known[name]());
}

function mrrAtEnd({ closing, sums }: WindowNumbers, scope: Scope): Figure {
  const definition = {
    formula: "monthly price of all paid subscriptions at the end of the window",
    rates: sums.definition.rates!, // the numbers of a window say them
  };
  return figure(scope, {
    metric: "MRR",
    value: closing.minor,
    unit: "money",
    currency: sums.currency,
    n: closing.customers,
    rows: sums.rows,
    definition,
  });
}

/** ARR as MRR × 12: what the subscriptions of today come to in a year. */
const yearly = (mrr: Figure): Figure => ({
  ...mrr,
  metric: "ARR",
  value: mrr.value === null ? null : mrr.value * 12,
  definition: { ...mrr.definition, formula: "MRR × 12" },
});

function netChange({ opening, closing, sums }: WindowNumbers, scope: Scope): Figure {
  const definition = { formula: "MRR at the end − MRR at the start", rates: sums.definition.rates! }; // as above
  return figure(scope, {
    metric: "net change of MRR",
    value: closing.minor - opening.minor,
    unit: "money",
    currency: sums.currency,
    n: sum(Object.values(sums.lines).map(({ customers }) => customers)),
    rows: sums.rows,
    definition,
  });
}

function customersAtEnd({ closing: { customers }, sums }: WindowNumbers, scope: Scope): Figure {
  const definition = { formula: "accounts with MRR above 0 at the end of the window" };
  return figure(scope, {
    metric: "paying accounts",
    value: customers,
    unit: "count",
    n: customers,
    rows: sums.rows,
    definition,
  });
}

/** Monthly churn: customers lost over customers at start, summed over the whole months of the window. */
function lifetimeValue({ numbers, months, currency, margin }: FiguresInput, scope: Scope): Figure {
  const whole = sum(months.map(({ sums }) => sums.startCustomers));
  const lost = sum(months.map(({ sums }) => sums.lostCustomers));
  const { minor, customers } = numbers.closing;
  const monthlyChurn = whole === 0 ? null : lost / whole;
  const { definition, ...value } = customerLifetimeValue(
    { mrrMinor: minor, customers, currency, monthlyChurn, margin },
    scope,
  );
  return {
    ...value,
    rows: numbers.sums.rows,
    definition: { ...definition, churnOver: `${months.length} whole months of the window` },
  };
}

/** The months that lie whole inside a window; a part of a month says nothing of a month. */
export function wholeMonths({ start, end }: Window): Window[] {
  const months: Window[] = [];
  const first = intervalStart(start, "month");
  let from = first < start ? intervalAfter(first, "month") : first;
  for (let to = intervalAfter(from, "month"); to <= end; to = intervalAfter(to, "month")) {
    months.push({ start: from, end: to });
    from = to;
  }
  return months;
}
