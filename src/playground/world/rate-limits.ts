export interface Limit {
  perMinute: number;
  /** How many at once after a rest. */
  burst: number;
  /** Counted for each channel of a team, or for the team. */
  per: "channel" | "team";
}

/** Slack's published limits: about one message a second and channel, and tiers a minute for the rest. */
export const SLACKS_LIMITS: Record<string, Limit> = {
  "chat.postMessage": { perMinute: 60, burst: 5, per: "channel" },
  "chat.postEphemeral": { perMinute: 100, burst: 20, per: "team" },
  "chat.update": { perMinute: 50, burst: 20, per: "team" },
  "chat.delete": { perMinute: 50, burst: 20, per: "team" },
  "chat.startStream": { perMinute: 20, burst: 10, per: "team" },
  "chat.stopStream": { perMinute: 20, burst: 10, per: "team" },
  "chat.appendStream": { perMinute: 100, burst: 50, per: "team" },
  "conversations.list": { perMinute: 20, burst: 10, per: "team" },
  "conversations.history": { perMinute: 50, burst: 20, per: "team" },
  "conversations.replies": { perMinute: 50, burst: 20, per: "team" },
  "users.list": { perMinute: 20, burst: 10, per: "team" },
  "users.info": { perMinute: 100, burst: 50, per: "team" },
  "views.open": { perMinute: 100, burst: 50, per: "team" },
  "views.publish": { perMinute: 100, burst: 50, per: "team" },
};

/** Counts calls and says how long to wait. No limits unless they are set: a page for people should not stutter. */
export class RateLimits {
  limits: Record<string, Limit> = {};
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #now: () => number;
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds to wait, for Retry-After; null: go ahead. */
  take(method: string, teamId: string, channel: string | null): number | null {
    const limit = this.limits[method];
    if (limit === undefined) return null;
    const key = `${method} ${teamId} ${limit.per === "channel" ? channel : ""}`;
    const bucket = this.#buckets.get(key) ?? { tokens: limit.burst, at: this.#now() };
    const perMs = limit.perMinute / 60_000;
    bucket.tokens = Math.min(limit.burst, bucket.tokens + (this.#now() - bucket.at) * perMs);
    bucket.at = this.#now();
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perMs / 1000));
    bucket.tokens -= 1;
    return null;
  }
}
