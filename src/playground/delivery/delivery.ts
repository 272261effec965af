import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { BadInput } from "#errors.ts";
import type { AppEvent } from "../world/changes.ts";
import type { World } from "../world/world.ts";
import type { Desk } from "./desk.ts";
import { EventDelivery } from "./events.ts";
import { HttpWire } from "./http-wire.ts";
import { SocketWire } from "./socket-wire.ts";
import { SLACK_SPANS, type Spans, type Wire } from "./wire.ts";

interface DeliverySettings {
  world: World;
  /** Where our own server is reached, "http://127.0.0.1:1234". */
  origin: () => string;
  requestUrl: string | null;
  spans?: Partial<Spans> | undefined;
  /** A bot has connected, or none is there any more. */
  connectionsChanged?: () => void;
}

/** Everything that goes from this Slack to the bot: by HTTP where a request URL is set, else by the sockets that are open. */
export class Delivery {
  readonly events: EventDelivery;
  readonly sockets: SocketWire;
  /** What interactions are carried out with. */
  readonly desk: Desk;
  readonly #settings: DeliverySettings;
  readonly #spans: Spans;
  readonly #hear: (event: AppEvent) => void;
  #http: HttpWire | null;

  constructor(settings: DeliverySettings) {
    const { world } = settings;
    this.#settings = settings;
    this.#spans = { ...SLACK_SPANS, ...settings.spans };
    this.#http = settings.requestUrl === null ? null : this.#httpWire(settings.requestUrl);
    this.sockets = new SocketWire({
      ...{ appId: world.app.id, spans: this.#spans, now: Date.now },
      changed: settings.connectionsChanged ?? (() => undefined),
    });
    this.events = new EventDelivery({
      ...{ appId: world.app.id, verificationToken: world.app.verificationToken },
      ...{ wire: () => this.#wire(), spans: this.#spans, now: world.now },
    });
    this.desk = {
      world,
      wire: () => this.#wire(),
      responseUrl: (id) => `${settings.origin()}/response/${id}`,
    };
    this.#hear = (event) => void this.events.deliver(event);
    world.on("app", this.#hear);
  }

  /** A bot could be reached now. */
  get isConnected(): boolean {
    return this.#http !== null || this.sockets.connections > 0;
  }

  /** Where events go by HTTP; null: by Socket Mode. */
  get requestUrl(): string | null {
    return this.#http?.requestUrl ?? null;
  }

  /** Takes a request URL after the bot there has answered the challenge; null: back to Socket Mode. Throws BadInput. */
  async setRequestUrl(url: string | null): Promise<void> {
    if (url === null) {
      this.#http = null;
      return;
    }
    const wire = this.#httpWire(url);
    const outcome = await wire.verify(this.#settings.world.app.verificationToken);
    if (outcome.state === "failed")
      throw new BadInput(`The bot at ${url} did not answer Slack's challenge: ${outcome.detail}.`);
    this.#http = wire;
  }

  /** For apps.connections.open. */
  socketAddress(): string {
    return this.sockets.newAddress(this.#settings.origin().replace(/^http/, "ws"));
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.sockets.upgrade(request, socket, head);
  }

  async close(): Promise<void> {
    this.#settings.world.off("app", this.#hear);
    this.events.close();
    await this.sockets.close();
  }

  #wire(): Wire {
    return this.#http ?? this.sockets;
  }

  #httpWire(requestUrl: string): HttpWire {
    const { world } = this.#settings;
    return new HttpWire({ requestUrl, signingSecret: world.app.signingSecret, spans: this.#spans, now: Date.now });
  }
}
