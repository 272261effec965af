/** What is sent to a bot, and what came of it. Two wires carry it: HTTP requests and Socket Mode. */

export type ParcelKind = "events_api" | "slash_commands" | "interactive";

export interface Parcel {
  kind: ParcelKind;
  payload: Record<string, unknown>;
  /** Set when it is sent again. */
  retry?: { num: number; reason: string };
}

export type FailureReason = "http_timeout" | "http_error" | "connection_failed";

/** `answer`: what the bot said with its acknowledgement; null when it said nothing. */
export type Outcome =
  | { state: "acked"; answer: unknown }
  | { state: "failed"; reason: FailureReason; detail: string; noRetry: boolean };

export interface Wire {
  /** Sends once and waits for the acknowledgement, at most `spans.ack`. Never throws: whatever goes wrong is an outcome. */
  send(parcel: Parcel): Promise<Outcome>;
}

/** How long things take in Slack, ms. Tests may shorten them. */
export interface Spans {
  /** For an acknowledgement. */
  ack: number;
  /** Waits before each redelivery of an event: nearly at once, a minute, five minutes. */
  redeliver: number[];
  /** Between pings on a socket. */
  ping: number;
  /** How long a socket that was told to go stays open for its last acknowledgements. */
  linger: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** As Slack has them. */
export const SLACK_SPANS: Spans = {
  ack: 3 * SECOND,
  redeliver: [0, MINUTE, 5 * MINUTE],
  ping: 10 * SECOND,
  linger: 10 * SECOND,
};

export const failed = (reason: FailureReason, detail: string, noRetry = false): Outcome => ({
  state: "failed",
  reason,
  detail,
  noRetry,
});
