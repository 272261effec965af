import { churnFigures, windowSums } from "#metrics/churn.ts";
import { arpa, customerLifetimeValue } from "#metrics/clv.ts";
import { type Figure, figure, type Scope, type Window } from "#metrics/figure.ts";
import type { LedgerRow } from "#metrics/ledger.ts";
import { type Movements, mrrMovements } from "#metrics/mrr-movements.ts";
import { intervalAfter, intervalStart } from "#metrics/weeks.ts";

/** What can be asked of a window, by the name that a tool takes. */
export const METRIC_NAMES = [
  "mrr",
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
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

export interface FiguresInput {
  /** The whole ledger of the accounts, up to the end of the window at least. */
  ledger: readonly LedgerRow[];
  window: Window;
  currency: string;
  /** Gross margin, for CLV. */
  margin: number;
  scope: Omit<Scope, "window">;
}

/** The figures of one window, in the order of their names. */
export function figuresOf(names: readonly MetricName[], input: FiguresInput): Figure[] {
  const { ledger, window, currency } = input;
  const scope: Scope = { ...input.scope, window };
  const moved = mrrMovements({ rows: ledger, window, zone: scope.zone, base: currency });
  const rates = churnFigures(windowSums(moved), scope);
  const known: Record<MetricName, () => Figure> = {
    mrr: () => mrrAtEnd(moved, scope),
    net_change: () => netChange(moved, scope),
    customers: () => customersAtEnd(moved, scope),
    gross_mrr_churn: () => rates.grossMrrChurn,
    net_mrr_churn: () => rates.netMrrChurn,
    grr: () => rates.grr,
    nrr: () => rates.nrr,
    logo_churn: () => rates.logoChurn,
    retention_rate: () => rates.retentionRate,
    quick_ratio: () => rates.quickRatio,
    arpa: () => ({ ...arpa(atEnd(moved), scope), rows: moved.rows }),
    clv: () => lifetimeValue(input, moved, scope),
  };
  return names.map((name) => known[name]());
}

const atEnd = ({ customers, closingMinor, currency }: Movements) => ({
  mrrMinor: closingMinor,
  customers: customers.filter(({ endMinor }) => endMinor > 0).length,
  currency,
});

function mrrAtEnd(moved: Movements, scope: Scope): Figure {
  const { mrrMinor, customers, currency } = atEnd(moved);
  const definition = {
    formula: "monthly price of all paid subscriptions at the end of the window",
    rates: moved.definition.rates,
  };
  return figure(scope, {
    metric: "MRR",
    value: mrrMinor,
    unit: "money",
    currency,
    n: customers,
    rows: moved.rows,
    definition,
  });
}

function netChange(moved: Movements, scope: Scope): Figure {
  const definition = { formula: "MRR at the end − MRR at the start", rates: moved.definition.rates };
  return figure(scope, {
    metric: "net change of MRR",
    value: moved.closingMinor - moved.openingMinor,
    unit: "money",
    currency: moved.currency,
    n: new Set(moved.movements.map(({ accountId }) => accountId)).size,
    rows: moved.rows,
    definition,
  });
}

function customersAtEnd(moved: Movements, scope: Scope): Figure {
  const { customers } = atEnd(moved);
  const definition = { formula: "accounts with MRR above 0 at the end of the window" };
  return figure(scope, {
    metric: "paying accounts",
    value: customers,
    unit: "count",
    n: customers,
    rows: moved.rows,
    definition,
  });
}

function lifetimeValue(input: FiguresInput, moved: Movements, scope: Scope): Figure {
  const { monthlyChurn, months } = monthlyChurnOf(input);
  const { definition, ...value } = customerLifetimeValue(
    { ...atEnd(moved), monthlyChurn, margin: input.margin },
    scope,
  );
  return {
    ...value,
    rows: moved.rows,
    definition: { ...definition, churnOver: `${months} whole months of the window` },
  };
}

/** Customers lost over customers at start, summed over the whole months of a window; a part of a month says nothing of a month. */
function monthlyChurnOf({ ledger, window, currency, scope }: FiguresInput): {
  monthlyChurn: number | null;
  months: number;
} {
  const months = wholeMonths(window);
  const sums = months.map((month) =>
    windowSums(mrrMovements({ rows: ledger, window: month, zone: scope.zone, base: currency })),
  );
  const whole = sums.reduce((sum, { startCustomers }) => sum + startCustomers, 0);
  const lost = sums.reduce((sum, { lostCustomers }) => sum + lostCustomers, 0);
  return { monthlyChurn: whole === 0 ? null : lost / whole, months: months.length };
}

function wholeMonths({ start, end }: Window): Window[] {
  const months: Window[] = [];
  const first = intervalStart(start, "month");
  let from = first < start ? intervalAfter(first, "month") : first;
  for (let to = intervalAfter(from, "month"); to <= end; to = intervalAfter(to, "month")) {
    months.push({ start: from, end: to });
    from = to;
  }
  return months;
}
