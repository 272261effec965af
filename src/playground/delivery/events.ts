import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import type { AppEvent } from "../world/changes.ts";
import type { Outcome, Parcel, Spans, Wire } from "./wire.ts";

/** One sending of an event: which try it was, what came of it, and how long the bot took, ms. */
export interface Attempt {
  eventId: string;
  type: string;
  /** 0 for the first sending. */
  retry: number;
  outcome: Outcome;
  ms: number;
}

interface EventDeliverySettings {
  appId: string;
  verificationToken: string;
  wire: () => Wire;
  spans: Pick<Spans, "redeliver">;
  now: () => number;
}

export type Envelope = Record<string, unknown> & { event_id: string };

/** An event as Slack wraps it. The tenant is `context_team_id`; `team_id` may be a stranger's. */
export function eventCallback(
  { teamId, contextTeamId, event, shared, authorizations }: AppEvent,
  app: { id: string; verificationToken: string },
  at: number,
): Envelope {
  return {
    token: app.verificationToken,
    team_id: teamId,
    context_team_id: contextTeamId,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: "event_callback",
    event_id: `Ev${randomUUID().replaceAll("-", "").slice(0, 14).toUpperCase()}`,
    event_time: Math.floor(at / 1000),
    authorizations,
    is_ext_shared_channel: shared,
    event_context: `4-${Buffer.from(JSON.stringify({ et: event.type, tid: contextTeamId })).toString("base64url")}`,
  };
}

/**
 * Brings events to the bot, each until it is acknowledged or the tries are used up; in parallel, so order is not promised.
 * Emits `attempt` after each sending and `lost` when an event was given up.
 */
export class EventDelivery extends EventEmitter<{ attempt: [Attempt]; lost: [{ eventId: string; type: string }] }> {
  /** Which events to deliver twice, as Slack now and then does; none unless a test says so. */
  twice: ((envelope: Envelope) => boolean) | null = null;
  readonly #settings: EventDeliverySettings;
  readonly #underWay = new Set<Promise<void>>();
  readonly #waits = new Map<NodeJS.Timeout, () => void>();
  #closed = false;

  constructor(settings: EventDeliverySettings) {
    super();
    this.#settings = settings;
  }

  /** Starts to deliver; returns the event's id. */
  deliver(event: AppEvent): string {
    const { appId: id, verificationToken } = this.#settings;
    const envelope = eventCallback(event, { id, verificationToken }, this.#settings.now());
    this.#start(envelope);
    if (this.twice?.(envelope)) this.#start(envelope);
    return envelope.event_id;
  }

  /** Resolves when nothing is being sent and nothing waits to be sent again. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Gives up what waits. */
  close(): void {
    this.#closed = true;
    for (const [timer, wake] of this.#waits) {
      clearTimeout(timer);
      wake();
    }
    this.#waits.clear();
  }

  #start(envelope: Envelope): void {
    const work = this.#bring(envelope).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async #bring(envelope: Envelope): Promise<void> {
    const { wire, spans } = this.#settings;
    const type = String((envelope.event as { type?: unknown } | undefined)?.type); // an event_callback has one
    let retry: Parcel["retry"];
    for (const wait of [null, ...spans.redeliver]) {
      if (wait !== null) await this.#pause(wait);
      if (this.#closed) return;
      const parcel: Parcel = { kind: "events_api", payload: envelope, ...(retry ? { retry } : {}) };
      const outcome = await this.#timed(parcel, { eventId: envelope.event_id, type }, wire());
      if (outcome.state === "acked" || outcome.noRetry) return;
      retry = { num: (retry?.num ?? 0) + 1, reason: outcome.reason };
    }
    this.emit("lost", { eventId: envelope.event_id, type });
  }

  async #timed(parcel: Parcel, what: { eventId: string; type: string }, wire: Wire): Promise<Outcome> {
    const started = performance.now();
    const outcome = await wire.send(parcel);
    this.emit("attempt", { ...what, retry: parcel.retry?.num ?? 0, outcome, ms: performance.now() - started });
    return outcome;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waits.delete(timer);
        resolve();
      }, ms);
      this.#waits.set(timer, resolve);
    });
  }
}
