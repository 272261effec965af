import { type Figure, figure, type Scope } from "#metrics/figure.ts";
import type { MovementKind } from "#metrics/movement.ts";
import type { WindowNumbers } from "#reports/window-numbers.ts";

/** The lines between the MRR at the start and at the end of a window, by the name that a tool takes. */
export const LINE_METRICS = [
  "new_mrr",
  "expansion_mrr",
  "reactivation_mrr",
  "contraction_mrr",
  "churned_mrr",
  "new_customers",
  "lost_customers",
] as const;
type LineMetric = (typeof LINE_METRICS)[number];

interface Line {
  kind: MovementKind;
  metric: string;
  unit: "money" | "count";
  formula: string;
}

const LINES: Record<LineMetric, Line> = {
  new_mrr: { kind: "new", metric: "new MRR", unit: "money", formula: "MRR of customers that never paid before" },
  expansion_mrr: { kind: "expansion", metric: "expansion MRR", unit: "money", formula: "what customers pay more" },
  reactivation_mrr: {
    kind: "reactivation",
    metric: "reactivated MRR",
    unit: "money",
    formula: "MRR of customers that had left and pay again",
  },
  contraction_mrr: {
    kind: "contraction",
    metric: "contraction MRR",
    unit: "money",
    formula: "what customers that stay pay less",
  },
  churned_mrr: {
    kind: "churn",
    metric: "churned MRR",
    unit: "money",
    formula: "what customers paid whose MRR fell to 0",
  },
  new_customers: {
    kind: "new",
    metric: "new customers",
    unit: "count",
    formula: "customers whose MRR rises above 0 for the first time",
  },
  lost_customers: { kind: "churn", metric: "lost customers", unit: "count", formula: "customers whose MRR fell to 0" },
};

/** One line of the roll-forward as a figure, above 0 whichever way it goes: base minor units, or customers. */
export function lineFigure(name: LineMetric, { sums }: WindowNumbers, scope: Scope): Figure {
  const { kind, metric, unit, formula } = LINES[name];
  const { amountMinor, customers } = sums.lines[kind];
  return figure(scope, {
    metric,
    value: unit === "money" ? Math.abs(amountMinor) : customers,
    unit,
    currency: unit === "money" ? sums.currency : null,
    n: customers,
    definition: { formula, ...sums.definition },
  });
}
