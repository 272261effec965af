import type { ApiCall } from "./shapes.ts";

const KEPT = 500;

/** The last calls of the Web API, for the page's raw view and for tests. */
export class Calls {
  #n = 0;
  readonly #ring: ApiCall[] = [];

  add(call: Omit<ApiCall, "n">): ApiCall {
    this.#n += 1;
    const kept = { n: this.#n, ...call };
    this.#ring.push(kept);
    if (this.#ring.length > KEPT) this.#ring.shift();
    return kept;
  }

  /** Calls after the n-th, oldest first. */
  after(n: number): ApiCall[] {
    return this.#ring.filter((call) => call.n > n);
  }

  of(method: string): ApiCall[] {
    return this.#ring.filter((call) => call.method === method);
  }
}
