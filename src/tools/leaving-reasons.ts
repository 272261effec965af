/** How many left for a reason, and with how much MRR (below 0). `reason` null: none is on record. */
export interface ReasonTally {
  reason: string | null;
  /** Several customers of the workspace give it, so that it is a category; else it may be one customer's own words. */
  shared: boolean;
  customers: number;
  amountMinor: number;
  /** How many of them did not want to leave: a payment that failed. */
  involuntary: number;
}

interface Left {
  reason: string | null;
  reasonShared: boolean;
  amountMinor: number;
  leaving: "voluntary" | "involuntary" | null;
}

/** The reasons of those who left, the most frequent first, ties by the money, then by name; without a reason last. */
export function reasonTallies(left: readonly Left[]): ReasonTally[] {
  const byReason = Map.groupBy(left, ({ reason }) => reason && plain(reason));
  return [...byReason]
    .map(([reason, some]) => ({
      reason,
      shared: some.some(({ reasonShared }) => reasonShared),
      customers: some.length,
      amountMinor: some.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      involuntary: some.filter(({ leaving }) => leaving === "involuntary").length,
    }))
    .toSorted(
      (a, b) =>
        Number(a.reason === null) - Number(b.reason === null) ||
        b.customers - a.customers ||
        a.amountMinor - b.amountMinor ||
        (a.reason ?? "").localeCompare(b.reason ?? "", "en"),
    );
}

/** "low_usage" as people read it. */
export const plain = (reason: string): string => reason.replaceAll("_", " ");

/** Whether a reason has the words that are looked for: "price" is in "price too high". */
export const saysReason = (reason: string | null, words: string): boolean =>
  reason !== null && plain(reason).toLowerCase().includes(words.trim().toLowerCase());
