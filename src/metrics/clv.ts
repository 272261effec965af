import { FEW, type Figure, figure, type Scope } from "./figure.ts";

export interface ClvInput {
  mrrMinor: number;
  customers: number;
  currency: string;
  /** Share of customers that leave in a month; null when it is not known. */
  monthlyChurn: number | null;
  /** Gross margin, 0 to 1. Without it, 1, and the figure says so. */
  margin?: number;
}

/** Customer lifetime value in minor units: ARPA × gross margin / monthly customer churn (Baremetrics, ProfitWell). */
export function customerLifetimeValue(input: ClvInput, scope: Scope): Figure {
  const { mrrMinor, customers, currency, monthlyChurn, margin = 1 } = input;
  const hidden = whyHidden(input);
  const value = hidden ? null : Math.round(((mrrMinor / customers) * margin) / monthlyChurn!);
  return figure(scope, {
    metric: "CLV",
    value,
    because: hidden,
    unit: "money",
    currency,
    n: customers,
    definition: {
      formula: "ARPA × gross margin / monthly customer churn",
      margin,
      monthlyChurn: monthlyChurn ?? "not known",
    },
  });
}

function whyHidden({ customers, monthlyChurn }: ClvInput): string | undefined {
  if (customers < FEW) return `fewer than ${FEW} customers`;
  if (monthlyChurn === null) return "the monthly churn is not known";
  return monthlyChurn <= 0 ? "nobody churned, which would make a customer worth without end" : undefined;
}

/** Average MRR of a paying account in minor units (ARPA). */
export const arpa = ({ mrrMinor, customers, currency }: Omit<ClvInput, "monthlyChurn">, scope: Scope): Figure =>
  figure(scope, {
    metric: "ARPA",
    value: customers === 0 ? null : mrrMinor / customers,
    because: "nobody pays",
    unit: "money",
    currency,
    n: customers,
    definition: { formula: "MRR / paying accounts" },
  });
