import type { Claimed } from "#inbox/inbox.ts";

const EVENT_TYPE = "perennial_answer";

/** What a message of ours carries unseen, so that it can be found again after a crash. */
export const markOf = (claimed: Claimed, part: string) => ({
  event_type: EVENT_TYPE,
  event_payload: { job: String(claimed.inboxId), part },
});

interface Metadata {
  event_type?: string | undefined;
  event_payload?: Record<string, unknown> | undefined;
}

/** Whether a message carries the mark of that part of the job. */
export const carriesMark = (metadata: Metadata | undefined, claimed: Claimed, part: string): boolean =>
  metadata?.event_type === EVENT_TYPE &&
  metadata.event_payload?.job === String(claimed.inboxId) &&
  metadata.event_payload.part === part;

/** Whether a message carries a mark of any job. */
export const isMarked = (metadata: Metadata | undefined): boolean => metadata?.event_type === EVENT_TYPE;
