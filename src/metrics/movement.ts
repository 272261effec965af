import { pays, type Standing, worth } from "./ledger.ts";

export const MOVEMENT_KINDS = ["new", "reactivation", "expansion", "contraction", "churn"] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** A change of one customer's MRR. */
export interface Movement {
  accountId: number;
  kind: MovementKind;
  /** Signed, in minor units of the base currency. */
  amountMinor: number;
  /** The moment of its last row: for a churn, when MRR became 0. */
  at: string;
  rows: string[];
}

/**
 * What lies between two standings of one customer; null when MRR is as before. A churn takes away exactly what had been
 * counted, so that losing a customer never counts more than the customer did.
 */
export function movementOf(before: Standing, next: Standing): Pick<Movement, "kind" | "amountMinor"> | null {
  const amountMinor = worth(next) - worth(before);
  if (pays(before) && !pays(next)) return { kind: "churn", amountMinor: -worth(before) };
  if (!pays(next)) return null;
  if (!pays(before)) return { kind: before.paidBefore ? "reactivation" : "new", amountMinor };
  if (amountMinor === 0) return null;
  return { kind: amountMinor > 0 ? "expansion" : "contraction", amountMinor };
}
