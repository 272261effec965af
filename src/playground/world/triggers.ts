import { secret } from "./ids.ts";
import { SlackError } from "./slack-error.ts";

const TRIGGER_LIVES_MS = 3_000;
const RESPONSE_URL_LIVES_MS = 30 * 60_000;
const RESPONSE_URL_USES = 5;

interface Trigger {
  user: string;
  madeAt: number;
  used: boolean;
}

/** A press, command or shortcut lets the app open one modal, within 3 seconds. */
export class Triggers {
  readonly #all = new Map<string, Trigger>();
  readonly #now: () => number;
  readonly #lives: number;
  constructor(now: () => number, lives = TRIGGER_LIVES_MS) {
    this.#now = now;
    this.#lives = lives;
  }

  make(user: string): string {
    for (const [id, { madeAt }] of this.#all) if (this.#now() - madeAt > 10 * this.#lives) this.#all.delete(id);
    const id = `${Math.floor(this.#now() / 1000)}.${this.#all.size}.${secret()}`;
    this.#all.set(id, { user, madeAt: this.#now(), used: false });
    return id;
  }

  /** Who made it; used up by this. Throws SlackError invalid_trigger_id, expired_trigger_id or exchanged_trigger_id. */
  exchange(id: string): string {
    const trigger = this.#all.get(id);
    if (trigger === undefined) throw new SlackError("invalid_trigger_id");
    if (this.#now() - trigger.madeAt > this.#lives) throw new SlackError("expired_trigger_id");
    if (trigger.used) throw new SlackError("exchanged_trigger_id");
    trigger.used = true;
    return trigger.user;
  }
}

/** What a response URL answers to. */
export interface ResponseTarget {
  teamId: string;
  user: string;
  channel: string;
  /** The message whose button was pressed; null for commands and shortcuts. */
  message_ts: string | null;
  thread_ts: string | null;
  is_ephemeral: boolean;
}

/** Addresses that answer one press or command: five times, for half an hour. */
export class ResponseUrls {
  readonly #all = new Map<string, { target: ResponseTarget; madeAt: number; uses: number }>();
  readonly #now: () => number;
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The address's last part, unguessable. */
  make(target: ResponseTarget): string {
    const id = `${target.teamId}/${secret(12)}`;
    this.#all.set(id, { target, madeAt: this.#now(), uses: 0 });
    return id;
  }

  /** Throws SlackError not_found, expired_url or used_url. */
  use(id: string): ResponseTarget {
    const found = this.#all.get(id);
    if (found === undefined) throw new SlackError("not_found");
    if (this.#now() - found.madeAt > RESPONSE_URL_LIVES_MS) throw new SlackError("expired_url");
    if (found.uses >= RESPONSE_URL_USES) throw new SlackError("used_url");
    found.uses += 1;
    return found.target;
  }
}
