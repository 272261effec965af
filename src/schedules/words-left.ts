/** Words of which what was understood is taken away. */
export class Words {
  #left: string;
  constructor(words: string) {
    this.#left = words.replace(/\s+/g, " ").trim();
  }
  get left(): string {
    return this.#left;
  }
  /** Takes the first match out; null where there is none. */
  take(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.#left);
    if (found) this.#left = `${this.#left.slice(0, found.index)} , ${this.#left.slice(found.index + found[0].length)}`;
    return found;
  }
}
