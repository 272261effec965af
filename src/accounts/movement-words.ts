/**
 * What billing systems call a movement of MRR. Another reason in the ledger may be what a customer wrote when they left,
 * so only these stand where colleagues read along.
 */
export const MOVEMENT_WORDS: readonly string[] = [
  "new",
  "started",
  "trial converted",
  "renewal",
  "expansion",
  "upgrade",
  "contraction",
  "downgrade",
  "reactivation",
  "came back",
  "churn",
  "involuntary churn",
  "ended",
];
