import type { Envelope } from "#playground/delivery/events.ts";
import type { Playground } from "#playground/server.ts";
import type { World } from "#playground/world/world.ts";

/** What went wrong with what was sent to the bot, and what was done to it. */
export interface Deliveries {
  events: number;
  /** Tries without an acknowledgement. */
  failed: number;
  /** By why: "connection_failed: no socket is connected". */
  reasons: Record<string, number>;
  /** Events that were given up. */
  givenUp: number;
  /** Events that were brought a second time though nothing was wrong: at once, or after their acknowledgement. */
  duplicates: number;
  /** Calls that were carried out, and whose reply was lost. */
  lostReplies: number;
  /** Milliseconds from sending to acknowledgement, of tries that had one. */
  ackMs: number[];
}

export interface TroubleOptions {
  /** Shares, 0 to 1. */
  duplicates: number;
  lostReplies: number;
  /** When the last of the late duplicates comes, ms after the event. */
  latest: number;
}

/** Counts how events get through, and spoils some: duplicates, and replies of the Web API that are lost. */
export class Trouble {
  readonly counted: Deliveries = {
    ...{ events: 0, failed: 0, reasons: {}, givenUp: 0, duplicates: 0, lostReplies: 0 },
    ackMs: [],
  };
  readonly #playground: Playground;
  readonly #latest: number;
  readonly #later = new Set<Promise<unknown>>();

  constructor(playground: Playground, { duplicates, lostReplies, latest }: TroubleOptions) {
    this.#playground = playground;
    this.#latest = latest;
    this.#count();
    playground.delivery.events.twice = (envelope) => this.#isTwice(envelope, duplicates);
    loseReplies(playground.world, lostReplies, () => {
      this.counted.lostReplies += 1;
    });
  }

  /** Nothing is brought twice from now on; resolves when the last late duplicate was sent. */
  async lastDuplicates(): Promise<void> {
    this.#playground.delivery.events.twice = null;
    await Promise.all(this.#later);
  }

  #count(): void {
    const { events } = this.#playground.delivery;
    events.on("attempt", ({ retry, outcome, ms }) => {
      if (retry === 0) this.counted.events += 1;
      if (outcome.state === "acked") this.counted.ackMs.push(ms);
      else {
        this.counted.failed += 1;
        const why = `${outcome.reason}: ${outcome.detail.replace(/127[.\d:]+/g, "the bot")}`;
        this.counted.reasons[why] = (this.counted.reasons[why] ?? 0) + 1;
      }
    });
    events.on("lost", () => {
      this.counted.givenUp += 1;
    });
  }

  /** Half of the duplicates come at once, the others some seconds after the first was acknowledged. */
  #isTwice(envelope: Envelope, share: number): boolean {
    const { event } = envelope as { event?: { bot_id?: string } };
    if (event?.bot_id !== undefined || Math.random() >= share) return false;
    this.counted.duplicates += 1;
    if (Math.random() < 0.5) return true;
    const sent = new Promise<void>((resolve) => {
      setTimeout(() => void this.#again(envelope).finally(resolve), Math.random() * this.#latest);
    });
    this.#later.add(sent);
    return false;
  }

  async #again(payload: Envelope): Promise<void> {
    await this.#playground.delivery.desk
      .wire()
      .send({ kind: "events_api", payload, retry: { num: 1, reason: "http_timeout" } });
  }
}

/** A bot whose token cannot be tested does not start at all; that is told at its start, and is not what is tried here. */
const AT_START = new Set(["auth.test", "apps.connections.open"]);

function loseReplies({ faults }: World, share: number, onLost: () => void): void {
  faults.rule = (method) => {
    if (AT_START.has(method) || Math.random() >= share) return null;
    onLost();
    return { kind: "lost_reply" };
  };
}
