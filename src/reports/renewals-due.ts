import type { ChurnReport } from "./churn-report.ts";

/** How many renewals are due within 30, 60 and 90 days, with their MRR; also where the report lists only the first of them. */
export function renewalsWithin(
  { renewalsDue, renewals }: Pick<ChurnReport, "renewalsDue" | "renewals">,
  days: 30 | 60 | 90,
): { customers: number; amountMinor: number } {
  const due = renewalsDue ?? renewals.map((each) => ({ ...each, customers: 1 }));
  return due
    .filter(({ within }) => within <= days)
    .reduce(
      (all, each) => ({ customers: all.customers + each.customers, amountMinor: all.amountMinor + each.amountMinor }),
      { customers: 0, amountMinor: 0 },
    );
}
