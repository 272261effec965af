import { type Figure, figure, ratio, type Scope } from "./figure.ts";
import { sum } from "./ledger.ts";
import type { MovementKind } from "./movement.ts";
import type { Movements } from "./mrr-movements.ts";
import { type Line, linesOf } from "./roll-forward.ts";

/** What retention is worked out from: sums of a window in base minor units, from movements or from a rollup. */
export interface WindowSums {
  currency: string;
  startMinor: number;
  /** Customers with MRR at the start. */
  startCustomers: number;
  /** Of those: Σ min(end, start), Σ end, and how many pay nothing at the end. Ends are without what rates did. */
  keptMinor: number;
  endOfStartersMinor: number;
  lostCustomers: number;
  lines: Record<MovementKind, Line>;
  definition: Readonly<Record<string, string>>;
  rows: number;
}

export function windowSums({ movements, customers, currency, definition, rows }: Movements): WindowSums {
  const starters = customers.filter(({ startMinor }) => startMinor > 0);
  return {
    currency,
    startMinor: sum(starters.map(({ startMinor }) => startMinor)),
    startCustomers: starters.length,
    keptMinor: sum(starters.map(({ startMinor, endMinor }) => Math.min(startMinor, endMinor))),
    endOfStartersMinor: sum(starters.map(({ endMinor }) => endMinor)),
    lostCustomers: starters.filter(({ endMinor }) => endMinor <= 0).length,
    lines: linesOf(movements),
    definition,
    rows,
  };
}

export interface ChurnFigures {
  grossMrrChurn: Figure;
  netMrrChurn: Figure;
  grr: Figure;
  nrr: Figure;
  logoChurn: Figure;
  retentionRate: Figure;
  quickRatio: Figure;
}

/**
 * The rates of a window. Gross and net MRR churn as ChartMogul defines them (reactivation offsets net churn);
 * GRR and NRR over the customers of the start only (Gainsight, Baremetrics); the quick ratio after Mamoon Hamid.
 */
export function churnFigures(sums: WindowSums, scope: Scope): ChurnFigures {
  const { lines } = sums;
  const lost = -(lines.churn.amountMinor + lines.contraction.amountMinor);
  const back = lines.expansion.amountMinor + lines.reactivation.amountMinor;
  return {
    grossMrrChurn: money(sums, scope, "gross MRR churn", "(churn + contraction) / MRR at start", lost),
    netMrrChurn: money(
      sums,
      scope,
      "net MRR churn",
      "(churn + contraction − expansion − reactivation) / MRR at start",
      lost - back,
    ),
    grr: money(sums, scope, "GRR", "Σ min(end, start) / Σ start, customers of the start", sums.keptMinor),
    nrr: money(sums, scope, "NRR", "Σ end / Σ start, customers of the start", sums.endOfStartersMinor),
    logoChurn: logos(sums, scope, "logo churn", "lost customers / customers at start", sums.lostCustomers),
    retentionRate: logos(sums, scope, "retention rate", "1 − logo churn", sums.startCustomers - sums.lostCustomers),
    quickRatio: quickRatio(sums, scope, { gained: lines.new.amountMinor + back, lost }),
  };
}

function money(sums: WindowSums, scope: Scope, metric: string, formula: string, part: number): Figure {
  return ratio(scope, {
    metric,
    part,
    whole: sums.startMinor,
    nothing: "MRR at the start is 0",
    currency: sums.currency,
    n: sums.startCustomers,
    rows: sums.rows,
    definition: { formula, ...sums.definition },
  });
}

function logos(sums: WindowSums, scope: Scope, metric: string, formula: string, part: number): Figure {
  return ratio(scope, {
    metric,
    part,
    whole: sums.startCustomers,
    nothing: "there are no customers at the start",
    n: sums.startCustomers,
    rows: sums.rows,
    definition: { formula, ...sums.definition },
  });
}

function quickRatio(sums: WindowSums, scope: Scope, { gained, lost }: { gained: number; lost: number }): Figure {
  return figure(scope, {
    metric: "quick ratio",
    value: lost === 0 ? null : gained / lost,
    because: "no losses",
    unit: "times",
    n: sum(Object.values(sums.lines).map(({ customers }) => customers)),
    rows: sums.rows,
    definition: { formula: "(new + expansion + reactivation) / (contraction + churn)", ...sums.definition },
  });
}
