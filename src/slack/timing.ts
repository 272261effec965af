/** How long the door waits for what, in milliseconds. Tests hurry. */
export interface Timing {
  /** After that long without a sign of life, a job is another process's. */
  lease: number;
  /** How often a running job says that it lives. */
  extend: number;
  /** How often the inbox is looked at without being nudged: rows of dead processes, and of other replicas. */
  poll: number;
  /** How long Slack may take to show a message whose reply was lost. */
  settle: number;
  /** Words of a growing message are sent together. */
  flush: number;
  /** Slack ends a stream after five minutes; ours ends before. */
  stream: number;
  /** One call of Slack's Web API. */
  call: number;
  /** A job waits at most that long for Slack's rate limits. */
  rateLimit: number;
  /** At shutdown, running jobs may finish for that long. */
  drain: number;
  /** Between the first and the second socket, so that Slack does not refresh both at once. */
  stagger: number;
  /** A request that could not be acknowledged within that is refused: Slack waits no longer, and brings it again. */
  acknowledge: number;
}

export const TIMING: Timing = {
  lease: 30_000,
  extend: 5_000,
  poll: 1_000,
  settle: 1_000,
  flush: 400,
  stream: 4.5 * 60_000,
  call: 15_000,
  rateLimit: 90_000,
  drain: 20_000,
  stagger: 7_000,
  acknowledge: 3_000,
};
