import { setTimeout as wait } from "node:timers/promises";
import type { Playground } from "#playground/server.ts";
import type { PageChange } from "#playground/world/changes.ts";
import { questionOf } from "../../chaos/house.ts";

const PATIENCE_MS = 180_000;

/** How long things took from when the question was said, ms. */
export interface Times {
  /** Until Slack had the acknowledgement. */
  ack: number[];
  /** Until a status stood under the question; none for a bot that shows none. */
  status: number[];
  /** Until the whole answer stood there. */
  answer: number[];
  seconds: number;
}

interface Said {
  at: number;
  status: number | null;
  answer: number | null;
}

/** Asks in direct messages of many people, each question in a thread of its own, and takes the time. */
export class Load {
  readonly #playground: Playground;
  readonly #bot: string;
  readonly #places: { user: string; channel: string }[];
  readonly #said = new Map<string, Said>();
  readonly #events = new Set<string>();
  readonly #acks: number[] = [];
  readonly #hear: (change: PageChange) => void;
  #count = 0;
  #open = 0;

  constructor(playground: Playground) {
    this.#playground = playground;
    const { world, delivery } = playground;
    const bot = world.bot(world.userNamed("Owen Fairclough").team_id).id;
    this.#bot = bot;
    const people = world.users.values().filter((each) => each.name.startsWith("colleague"));
    this.#places = people.map(({ id }) => ({ user: id, channel: world.directMessage(id, bot).id })).toArray();
    this.#hear = (change) => this.#note(change);
    world.on("page", this.#hear);
    delivery.events.twice = (envelope) => {
      const { event } = envelope as { event?: { user?: string; subtype?: string } };
      if (event?.user !== bot && event?.subtype === undefined) this.#events.add(envelope.event_id);
      return false;
    };
    delivery.events.on("attempt", ({ eventId, outcome, ms }) => {
      if (this.#events.delete(eventId) && outcome.state === "acked") this.#acks.push(ms);
    });
  }

  /** So many questions at so many a second; resolves when all are answered. */
  async atRate(perSecond: number, count: number, question?: string): Promise<Times> {
    return this.#measured(async () => {
      const begun = performance.now();
      for (let nth = 0; nth < count; nth++) {
        await wait(Math.max(0, begun + (nth * 1000) / perSecond - performance.now()));
        this.#ask(question);
      }
    });
  }

  /** So many questions, `most` of them open at a time. */
  async inTurn(count: number, most: number, question?: string): Promise<Times> {
    return this.#measured(async () => {
      for (let nth = 0; nth < count; nth++) {
        while (this.#open >= most) await wait(1);
        this.#ask(question);
      }
    });
  }

  close(): void {
    this.#playground.world.off("page", this.#hear);
  }

  async #measured(asking: () => Promise<void>): Promise<Times> {
    this.#said.clear();
    this.#acks.length = 0;
    const begun = performance.now();
    await asking();
    await this.#answered();
    const seconds = (performance.now() - begun) / 1000;
    await this.#playground.delivery.events.settled();
    const all = [...this.#said.values()];
    const since = (which: "status" | "answer") => all.flatMap((each) => (each[which] ?? Number.NaN) - each.at);
    return {
      ack: [...this.#acks],
      status: since("status").filter(Number.isFinite),
      answer: since("answer").filter(Number.isFinite),
      seconds,
    };
  }

  async #answered(): Promise<void> {
    const late = performance.now() + PATIENCE_MS;
    while (this.#open > 0) {
      if (performance.now() > late) throw new Error(`${this.#open} questions were not answered`);
      await wait(5);
    }
  }

  #ask(question?: string): void {
    this.#count += 1;
    const { user, channel } = this.#places[this.#count % this.#places.length]!;
    const at = performance.now();
    this.#open += 1;
    const { ts } = this.#playground.world.say(user, channel, question ?? questionOf(this.#count));
    this.#said.set(ts, { at, status: null, answer: null });
  }

  #note(change: PageChange): void {
    if (change.type === "status") {
      const said = this.#said.get(change.status.thread_ts);
      if (said && change.status.status !== "") said.status ??= performance.now();
    }
    if (change.type !== "message" && change.type !== "changed") return;
    const { message } = change;
    if (message.user !== this.#bot || message.thread_ts === undefined || message.streaming_state === "in_progress")
      return;
    const said = this.#said.get(message.thread_ts);
    if (!said || said.answer !== null) return;
    said.answer = performance.now();
    this.#open -= 1;
  }
}
