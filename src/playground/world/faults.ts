/** Something that goes wrong with one call. */
export type Fault =
  /** Refused before anything happened. */
  | { kind: "refuse"; error: string; extra?: Record<string, unknown> }
  /** 429 with Retry-After. */
  | { kind: "limited"; retryAfterSeconds: number }
  /** An HTTP error without a body of Slack's. */
  | { kind: "status"; status: number }
  /** Carried out, and then the connection breaks: the caller never learns of it. */
  | { kind: "lost_reply" }
  /** The connection breaks before anything happened. */
  | { kind: "cut" }
  /** Carried out and answered late. */
  | { kind: "delay"; ms: number };

/** Makes calls of the Web API go wrong, for tests: the next so many of a method, or by a rule of the test's own. */
export class Faults {
  readonly #planned: { method: string; fault: Fault; left: number }[] = [];
  /** Asked at every call that nothing was planned for. */
  rule: ((method: string, args: Record<string, unknown>) => Fault | null) | null = null;

  /** `method` may be "*". */
  plan(method: string, fault: Fault, times = 1): void {
    this.#planned.push({ method, fault, left: times });
  }

  clear(): void {
    this.#planned.length = 0;
    this.rule = null;
  }

  next(method: string, args: Record<string, unknown>): Fault | null {
    const planned = this.#planned.find((each) => each.left > 0 && (each.method === method || each.method === "*"));
    if (planned === undefined) return this.rule?.(method, args) ?? null;
    planned.left -= 1;
    return planned.fault;
  }
}
