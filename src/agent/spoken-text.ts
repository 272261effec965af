import { cutIntoUnits, endsInCitation, objectionTo, withCitationsInside } from "#grounding.ts";
import type { Evidence } from "./evidence.ts";

/**
 * Text on its way to the reader while the model still writes. Each sentence is checked before it is handed on, so nothing
 * unchecked is ever shown; a sentence that is refused is left out.
 */
export class SpokenText {
  readonly #emit: (text: string) => void;
  readonly #evidence: Pick<Evidence, "ledger" | "options">;
  #written = "";
  #done = 0;
  #line = -1;
  #said = false;
  #stopped = false;
  #queue: Promise<void> = Promise.resolve();

  constructor(emit: (text: string) => void, evidence: Pick<Evidence, "ledger" | "options">) {
    this.#emit = emit;
    this.#evidence = evidence;
  }

  /** Whether anything was handed on. */
  get said(): boolean {
    return this.#said;
  }

  /** Nothing more is handed on: this attempt has failed. */
  stop(): void {
    this.#stopped = true;
  }

  add(text: string): void {
    this.#written += text;
    if (/[\n.!?]/.test(text)) this.#handOn(false);
  }

  /** Hands on what is left, once the model has finished. */
  async end(): Promise<void> {
    this.#handOn(true);
    await this.#queue;
  }

  #handOn(all: boolean): void {
    const units = cutIntoUnits(withCitationsInside(this.#written));
    const growing = endsInCitation(this.#written) ? 2 : 1; // the last one may still grow, and so may what its citation is for
    const ready = all ? units : units.slice(0, -growing);
    const next = ready.slice(this.#done);
    this.#done = Math.max(this.#done, ready.length);
    if (next.length === 0) return;
    this.#queue = this.#queue.then(async () => {
      const ledger = this.#evidence.ledger();
      for (const unit of next) {
        if (objectionTo(unit, ledger, await this.#evidence.options(unit.text, ledger))) continue;
        if (this.#stopped) return;
        this.#emit(unit.line === this.#line ? unit.text : `${this.#line < 0 ? "" : "\n"}${unit.lead}${unit.text}`);
        this.#line = unit.line;
        this.#said = true;
      }
    });
    // A failure here (the database went away) is met again, and told, by the check of the whole text.
    this.#queue.catch(() => undefined);
  }
}
