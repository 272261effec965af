import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { SocketConnection } from "./socket-connection.ts";
import { failed, type Outcome, type Parcel, type Spans, type Wire } from "./wire.ts";

/** Slack's own bound on the connections of one app. */
const MOST_CONNECTIONS = 10;
/** How long an address of apps.connections.open may be used, ms. Slack says no number; half a minute is what it takes at worst. */
const TICKET_LASTS = 30_000;
/** What `hello` says about how long the connection will stand, seconds. */
const CONNECTION_LASTS_SECONDS = 3600;
/** How long a bot may take to answer the close of its socket, ms. */
const FAREWELL = 500;
const GOING_AWAY = 1001;

export type GoodbyeReason = "warning" | "refresh_requested" | "link_disabled" | "too_many_websockets";

interface SocketWireSettings {
  appId: string;
  spans: Spans;
  now: () => number;
  /** Called when a connection came or went. */
  changed: () => void;
}

/** Socket Mode: bots connect to us, and every envelope goes to one of their connections, in turn. */
export class SocketWire implements Wire {
  readonly #settings: SocketWireSettings;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #connections = new Set<SocketConnection>();
  readonly #tickets = new Map<string, number>();
  readonly #pings: NodeJS.Timeout;
  #turn = 0;

  constructor(settings: SocketWireSettings) {
    this.#settings = settings;
    this.#pings = setInterval(() => this.#ping(), settings.spans.ping);
    this.#pings.unref();
  }

  /** The address for one connection, usable once. `origin`: "ws://127.0.0.1:1234". */
  newAddress(origin: string): string {
    const ticket = randomBytes(16).toString("hex");
    this.#tickets.set(ticket, this.#settings.now() + TICKET_LASTS);
    return `${origin}/link/?ticket=${ticket}&app_id=${this.#settings.appId}`;
  }

  /** Takes over an upgrade request to /link; an unknown or used ticket is refused. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? "/", "http://loopback").searchParams.get("ticket") ?? "";
    const until = this.#tickets.get(ticket) ?? 0;
    this.#tickets.delete(ticket);
    if (until < this.#settings.now()) {
      socket.end("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (link) => this.#welcome(link));
  }

  /** Open connections that get envelopes. */
  get connections(): number {
    return this.#open().length;
  }

  async send(parcel: Parcel): Promise<Outcome> {
    const deadline = this.#settings.now() + this.#settings.spans.ack;
    const tried = new Set<SocketConnection>();
    for (;;) {
      const connection = this.#next(tried);
      if (!connection)
        return failed("connection_failed", tried.size ? "every socket closed" : "no socket is connected");
      tried.add(connection);
      const receipt = await connection.deliver(this.#envelope(parcel), Math.max(0, deadline - this.#settings.now()));
      if (receipt.state === "acked") return receipt;
      if (receipt.state === "timeout") return failed("http_timeout", `no ack within ${this.#settings.spans.ack} ms`);
      // The socket closed over an unacknowledged envelope: somebody else gets it.
    }
  }

  /** Tells the oldest connection to go, as Slack does about hourly. Resolves when it has closed; false: there was none. */
  async refreshOne(reason: GoodbyeReason = "refresh_requested"): Promise<boolean> {
    const oldest = this.#open().toSorted((one, other) => one.openedAt - other.openedAt)[0];
    if (!oldest) return false;
    await this.#dismiss(oldest, reason);
    return true;
  }

  /** Tells every connection to go, all at once: the hard case. */
  async refreshAll(reason: GoodbyeReason = "refresh_requested"): Promise<void> {
    await Promise.all(this.#open().map((each) => this.#dismiss(each, reason)));
  }

  /** Cuts every connection without a word, as a broken network does. */
  cutAll(): void {
    for (const { socket } of this.#connections) socket.terminate();
  }

  /** Says goodbye to every connection; one that does not answer is cut. */
  async close(): Promise<void> {
    clearInterval(this.#pings);
    await Promise.all([...this.#connections].map(({ socket }) => closed(socket)));
    this.#server.close();
  }

  #welcome(socket: WebSocket): void {
    const connection = new SocketConnection(socket, this.#settings.now());
    this.#connections.add(connection);
    socket.on("close", () => {
      this.#connections.delete(connection);
      this.#settings.changed();
    });
    // A broken socket closes itself next; the close is what is acted upon.
    socket.on("error", () => socket.terminate());
    if (this.#open().length > MOST_CONNECTIONS) {
      void this.#dismiss(connection, "too_many_websockets");
      return;
    }
    connection.say({
      type: "hello",
      num_connections: this.#open().length,
      debug_info: {
        host: "playground",
        build_number: 1,
        approximate_connection_time: CONNECTION_LASTS_SECONDS,
      },
      connection_info: { app_id: this.#settings.appId },
    });
    this.#settings.changed();
  }

  /** `warning` foretells, the others end: no new envelope, the last acknowledgements, then the socket is closed. */
  #dismiss(connection: SocketConnection, reason: GoodbyeReason): Promise<void> {
    const { socket } = connection;
    connection.say({ type: "disconnect", reason, debug_info: { host: "playground" } });
    if (reason === "warning") return Promise.resolve();
    connection.leaving = true;
    return new Promise((resolve) => {
      const end = setTimeout(() => socket.terminate(), this.#settings.spans.linger);
      socket.once("close", () => {
        clearTimeout(end);
        resolve();
      });
    });
  }

  #open(): SocketConnection[] {
    return [...this.#connections].filter((each) => each.isOpen);
  }

  #next(tried: Set<SocketConnection>): SocketConnection | undefined {
    const open = this.#open().filter((each) => !tried.has(each));
    this.#turn += 1;
    return open[this.#turn % open.length];
  }

  #envelope({ kind, payload, retry }: Parcel): { envelope_id: string } {
    const again = kind === "events_api" ? { retry_attempt: retry?.num ?? 0, retry_reason: retry ? "timeout" : "" } : {};
    return {
      envelope_id: randomUUID(),
      ...{ type: kind, accepts_response_payload: kind !== "events_api", payload, ...again },
    };
  }

  #ping(): void {
    for (const connection of this.#connections) {
      if (!connection.alive) connection.socket.terminate();
      connection.alive = false;
      connection.socket.ping(`Ping from the playground`);
    }
  }
}

function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => socket.terminate(), FAREWELL);
    socket.once("close", () => {
      clearTimeout(cut);
      resolve();
    });
    socket.close(GOING_AWAY);
  });
}
