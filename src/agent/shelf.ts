import type { Source, Tool } from "#tools/define-tool.ts";
import { choiceOf, type Finding } from "./answer.ts";

/** The passages that were retrieved for one question, each with the number by which an answer cites it. */
export class Shelf {
  readonly #numbered = new Map<string, Source & { number: number }>();
  readonly #tools: readonly Tool[];

  constructor(tools: readonly Tool[]) {
    this.#tools = tools;
  }

  /** In the order of their numbers. */
  get passages(): (Source & { number: number })[] {
    return [...this.#numbered.values()];
  }

  /** Puts a finding's passages here. The same passage found twice keeps its number. */
  put(finding: Finding): void {
    for (const source of this.#sourcesOf(finding)) {
      const before = this.#numbered.get(source.path);
      const text = before && before.text !== source.text ? `${before.text}\n${source.text}` : source.text;
      this.#numbered.set(source.path, {
        ...(before ?? source),
        text,
        number: before?.number ?? this.#numbered.size + 1,
      });
    }
  }

  /** How a model is told to cite a finding's passages; empty where it has none. */
  citing(finding: Finding): string {
    const lines = this.#sourcesOf(finding).map(
      ({ path, playbook, section }) => `[${this.#numbered.get(path)?.number}] ${playbook} — ${section} (${path})`,
    );
    return lines.length === 0 ? "" : ["Cite as:", ...new Set(lines)].join("\n");
  }

  #sourcesOf(finding: Finding): Source[] {
    if (finding.isError || choiceOf(finding) !== null) return [];
    return this.#tools.find(({ name }) => name === finding.tool)?.sources?.(finding.output) ?? [];
  }
}
