import type { App } from "@slack/bolt";
import type { Reception } from "./reception.ts";

/** A way for Slack's events to come in. */
export interface Incomings {
  /** Resolves when events can come in. Throws BadInput for a wrong token or a taken port, Unavailable without Slack. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Over HTTP: where. */
  readonly port: number | null;
  /** How many connections are open; over HTTP 1 while it listens. */
  readonly connected: number;
}

/** A receiver only ever calls `processEvent` of what Bolt's types call an app. */
export const asApp = (reception: Reception): App => reception as unknown as App;
