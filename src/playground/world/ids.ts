import { randomBytes } from "node:crypto";

const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** Four letters that tell one world's ids from another's, so that worlds of many tests can share a database. */
export const randomTag = (): string => [...randomBytes(4)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");

export const secret = (bytes = 16): string => randomBytes(bytes).toString("hex");

/** Ids as Slack writes them ("U0LARK000A"), and timestamps that are unique and only grow. */
export class Ids {
  readonly #tag: string;
  readonly #counts = new Map<string, number>();
  readonly #now: () => number;
  #lastTs = 0;

  constructor(tag: string, now: () => number) {
    this.#tag = tag;
    this.#now = now;
  }

  next(prefix: string): string {
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    return `${prefix}0${this.#tag}${count.toString(36).toUpperCase().padStart(4, "0")}`;
  }

  /** "1763812345.000100": seconds and microseconds; two messages of one millisecond still differ. */
  ts(): string {
    this.#lastTs = Math.max(this.#lastTs + 100, Math.round(this.#now() * 1000));
    const seconds = Math.floor(this.#lastTs / 1_000_000);
    return `${seconds}.${String(this.#lastTs % 1_000_000).padStart(6, "0")}`;
  }
}
