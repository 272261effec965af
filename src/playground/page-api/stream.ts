import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { PageChange } from "../world/changes.ts";
import type { User } from "../world/shapes.ts";
import type { World } from "../world/world.ts";
import { eventFor } from "./changes.ts";
import type { PageEvent } from "./types.ts";

const KEPT = 1000;
const HEARTBEAT_MS = 15_000;
/** A page that does not read what it is sent, bytes; it comes back and fetches everything anew. */
const MOST_UNREAD = 8_000_000;

type Kept = { n: number; change: PageChange | { type: "reload" } | { type: "world" } };

/** Server-sent events: every change of the world, to every page that may see it, with a replay after a lost connection. */
export class PageStream {
  readonly #world: World;
  /** Tells our event ids from those of an earlier start. */
  readonly #start = randomBytes(4).toString("hex");
  readonly #kept: Kept[] = [];
  readonly #pages = new Map<ServerResponse, User>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #hear = (change: PageChange) => this.#tell(change);
  #n = 0;

  constructor(world: World) {
    this.#world = world;
    world.on("page", this.#hear);
    this.#heartbeat = setInterval(() => {
      for (const page of this.#pages.keys()) page.write(": still here\n\n");
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** Keeps a page told until it goes away. `Last-Event-ID` says what it saw last. */
  open(request: IncomingMessage, response: ServerResponse, user: User): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 1000\n\n");
    this.#replay(request.headers["last-event-id"], response, user);
    this.#pages.set(response, user);
    response.on("close", () => this.#pages.delete(response));
  }

  /** Something besides the world has changed, such as the bot's connection: pages ask for the world again. */
  worldChanged(): void {
    this.#tell({ type: "world" });
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#world.off("page", this.#hear);
    for (const page of this.#pages.keys()) page.end();
  }

  #replay(last: string | string[] | undefined, response: ServerResponse, user: User): void {
    if (typeof last !== "string") return;
    const [start, n] = last.split("-");
    const missed = this.#kept.filter((each) => each.n > Number(n));
    const isWhole = start === this.#start && (Number(n) === this.#n || missed[0]?.n === Number(n) + 1);
    for (const each of isWhole ? missed : [{ n: this.#n, change: { type: "reload" } as const }])
      this.#send(response, user, each);
  }

  #tell(change: Kept["change"]): void {
    this.#n += 1;
    const kept = { n: this.#n, change };
    this.#kept.push(kept);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const [page, user] of this.#pages) this.#send(page, user, kept);
  }

  #send(page: ServerResponse, user: User, { n, change }: Kept): void {
    const event: PageEvent | null =
      change.type === "reload" || change.type === "world" ? change : eventFor(this.#world, user, change);
    if (event === null) return;
    if (page.writableLength > MOST_UNREAD) page.destroy();
    else page.write(`id: ${this.#start}-${n}\ndata: ${JSON.stringify(event)}\n\n`);
  }
}
