import type { Actor } from "#actor.ts";

/** What kind of thing came in from Slack. */
export type ArrivalKind = "message" | "event" | "command" | "press" | "view" | "shortcut";

/** Something that came in. The same `key` twice in a workspace is one thing; what shares a `lane` is worked on in its order. */
export interface Arrival {
  workspaceId: number;
  key: string;
  kind: ArrivalKind;
  lane: string;
  body: unknown;
}

/** An arrival that a worker has taken, until its lease runs out. */
export interface Claimed extends Arrival {
  inboxId: number;
  /** 1 the first time. */
  attempt: number;
  /** Grows with each claim; only the newest may change anything. */
  token: number;
  receivedAt: string;
}

/** The lease has gone to another worker: whatever was about to be said or noted is no longer ours to say. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
  constructor(claimed: Claimed) {
    super(`the lease of inbox row ${claimed.inboxId} (token ${claimed.token}) has gone to another worker`);
  }
}

/** The worker in the workspace of what it works on. */
export const workerIn = ({ workspaceId }: Pick<Arrival, "workspaceId">): Actor => ({
  workspaceId,
  personId: null,
  audience: "private",
});
