import { knownAccountNames } from "#accounts/known-names.ts";
import {
  type AdviceGrounds,
  type Checked,
  checkProse,
  type Dropped,
  type Grounds,
  type Ledger,
  ledgerOf,
  nameCandidates,
  ordersTheMachine,
} from "#grounding.ts";
import type { Log } from "#log.ts";
import type { Thread } from "#threads/thread.ts";
import type { Tool, ToolContext } from "#tools/define-tool.ts";
import { choiceOf, type Finding } from "./answer.ts";
import { asksHow } from "./offline-planner/intents.ts";
import type { Shelf } from "./shelf.ts";

export interface EvidenceParts {
  question: string;
  thread: Pick<Thread, "turns" | "focus"> | null;
  context: ToolContext;
  tools: readonly Tool[];
  log: Log;
  /** What this question has found so far. */
  findings: () => readonly Finding[];
  /** The passages among it, as they are cited. */
  shelf: () => Shelf;
}

/** What an answer may rest on, and what it may therefore say. */
export class Evidence {
  /** Every sentence that was refused. */
  readonly dropped: Dropped[] = [];
  readonly #parts: EvidenceParts;
  readonly #earlier: Grounds[];
  readonly #names = new Map<string, boolean>();
  #ledger: { of: readonly Finding[]; ledger: Ledger } | null = null;

  constructor(parts: EvidenceParts) {
    this.#parts = parts;
    this.#earlier = earlierGrounds(parts);
  }

  /** The ledger of everything found up to now. */
  ledger(): Ledger {
    const findings = this.#parts.findings();
    const known = this.#ledger;
    if (known && known.of.length === findings.length && known.of.every((each, at) => each === findings[at]))
      return known.ledger;
    const ledger = ledgerOf([...this.#earlier, ...findings]);
    this.#ledger = { of: [...findings], ledger };
    return ledger;
  }

  /** What is needed to check a text against a ledger. */
  async options(text: string, ledger: Ledger): Promise<Parameters<typeof checkProse>[2]> {
    const candidates = nameCandidates(text, ledger);
    const unasked = candidates.filter((name) => !this.#names.has(name));
    const { database, actor, today } = this.#parts.context;
    const known = new Set(await knownAccountNames(database, actor, unasked));
    for (const name of unasked) this.#names.set(name, known.has(name));
    return {
      question: this.#parts.question,
      today,
      knownAccountNames: candidates.filter((name) => this.#names.get(name)),
      advice: this.#adviceGrounds(),
    };
  }

  /**
   * What may be shown of a text; what may not is kept in `dropped` and logged. "tools": the tools' own words, which name
   * their passages themselves.
   */
  async check(text: string, by: "model" | "tools"): Promise<Checked> {
    const ledger =
      by === "model" ? this.ledger() : ledgerOf([...this.#earlier, ...this.#parts.findings()], { withOrders: true });
    const options = await this.options(text, ledger);
    const checked = checkProse(text, ledger, by === "model" ? options : { ...options, advice: null });
    if (checked.dropped.length > 0) {
      this.dropped.push(...checked.dropped);
      this.#parts.log.warn({ dropped: checked.dropped }, "sentences without a finding were dropped");
    }
    return checked;
  }

  /** The honest no of each search of the playbooks, where none of this question's look-ups has brought a passage. */
  honestNoes(): string[] {
    if (this.#parts.shelf().passages.length > 0) return [];
    return [...new Set(this.#told().flatMap(({ tool, output }) => tool.honestNo?.(output) ?? []))];
  }

  #adviceGrounds(): AdviceGrounds {
    const told = this.#told();
    const passages = this.#parts.shelf().passages;
    return {
      // A passage that speaks to the machine, and not to people, is no ground for anything.
      passages: new Map(
        passages.map(({ number, playbook, section, text }) => [
          number,
          ordersTheMachine(text) ? "" : `${playbook}\n${section}\n${text}`,
        ]),
      ),
      rules: told.flatMap(({ tool, words }) => (tool.tellsRules ? words : [])).join("\n"),
      strict:
        this.#nothingFound(told) ||
        asksHow(this.#parts.question) ||
        told.some(({ tool }) => tool.honestNo !== undefined),
    };
  }

  /** Neither now nor earlier in the thread. */
  #nothingFound(told: readonly unknown[]): boolean {
    return told.length === 0 && this.#earlier.every(({ words }) => words === "");
  }

  /** What was found, with the tool that found it; without refusals and without questions back. */
  #told(): { tool: Tool; output: unknown; words: string }[] {
    return this.#parts.findings().flatMap((finding) => {
      const tool = this.#parts.tools.find(({ name }) => name === finding.tool);
      return tool && !finding.isError && choiceOf(finding) === null ? [{ ...finding, tool }] : [];
    });
  }
}

/** The thread's accounts and choices, and what earlier questions of the same day have found. Older findings may be stale. */
function earlierGrounds({ thread, context }: EvidenceParts): Grounds[] {
  if (!thread) return [];
  const { account, accounts, pending } = thread.focus;
  const today = thread.turns.filter((turn) => turn.askedOn === context.today).flatMap((turn) => turn.findings);
  return [
    { output: { account, accounts, choices: pending?.choices }, words: "" },
    ...today.map(({ words }) => ({ output: null, words })),
  ];
}
