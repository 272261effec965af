/** One thing after the other in a channel, in the order in which they were asked for; channels do not wait for each other. */
export class Queues {
  readonly #last = new Map<string, Promise<unknown>>();

  run<T>(channel: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(channel) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.then(
      () => undefined,
      () => undefined, // whoever asked for it hears of the failure; the next one goes on
    );
    this.#last.set(channel, settled);
    void settled.then(() => {
      if (this.#last.get(channel) === settled) this.#last.delete(channel);
    });
    return mine;
  }
}
