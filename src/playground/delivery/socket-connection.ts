import type { WebSocket } from "ws";
import { z } from "zod";

/** What a bot sends back on its socket. */
const acknowledgement = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

export type Receipt = { state: "acked"; answer: unknown } | { state: "timeout" } | { state: "closed" };

interface Waiting {
  settle: (receipt: Receipt) => void;
  timer: NodeJS.Timeout;
}

/** One socket of a bot: envelopes that wait for their acknowledgement, and whether new ones may still be sent on it. */
export class SocketConnection {
  readonly socket: WebSocket;
  readonly openedAt: number;
  /** Told to go: it still takes acknowledgements, but gets no new envelopes. */
  leaving = false;
  /** A pong came since the last ping. */
  alive = true;
  readonly #waiting = new Map<string, Waiting>();

  constructor(socket: WebSocket, openedAt: number) {
    this.socket = socket;
    this.openedAt = openedAt;
    socket.on("message", (data) => this.#hear(String(data)));
    socket.on("pong", () => {
      this.alive = true;
    });
    socket.on("close", () => this.#closed());
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN && !this.leaving;
  }

  /** Sends an envelope and waits for its acknowledgement, until `deadline` ms from now or until the socket closes. */
  deliver(envelope: { envelope_id: string }, deadline: number): Promise<Receipt> {
    return new Promise((resolve) => {
      const id = envelope.envelope_id;
      const settle = (receipt: Receipt) => {
        clearTimeout(this.#waiting.get(id)?.timer);
        this.#waiting.delete(id);
        resolve(receipt);
      };
      this.#waiting.set(id, { settle, timer: setTimeout(() => settle({ state: "timeout" }), deadline) });
      this.say(envelope);
    });
  }

  say(words: object): void {
    this.socket.send(JSON.stringify(words));
  }

  #hear(text: string): void {
    const said = acknowledgement.safeParse(readJson(text));
    // An acknowledgement that comes too late, or is none, changes nothing: Slack passes over it as well.
    if (!said.success) return;
    this.#waiting.get(said.data.envelope_id)?.settle({ state: "acked", answer: emptyIsNothing(said.data.payload) });
  }

  #closed(): void {
    for (const { settle } of [...this.#waiting.values()]) settle({ state: "closed" });
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (notJson) {
    if (notJson instanceof SyntaxError) return null;
    throw notJson;
  }
}

/** Slack's clients write `{}` for an acknowledgement without words, and `{ text }` for a plain one. */
const emptyIsNothing = (payload: unknown): unknown =>
  payload === undefined || payload === null || (typeof payload === "object" && Object.keys(payload).length === 0)
    ? null
    : payload;
