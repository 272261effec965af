import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { BadInput } from "#errors.ts";
import { readText } from "#playbooks/folder.ts";
import { Pages } from "#playbooks/pages.ts";
import { parsePlaybook } from "#playbooks/parse.ts";
import type { Passage, Playbook } from "#playbooks/playbook.ts";
import type { Terminal, Told } from "../terminal.ts";

const LONGEST_BEGINNING = 60;

/** `playbooks preview`: a file as it will be indexed. Throws BadInput with line and cure when it would not be. */
export async function preview(_: Terminal, given: string, { pages = false }: { pages?: boolean }): Promise<Told> {
  const path = resolve(given);
  const found = await stat(path).catch(() => null); // what the system says does not help; the sentence below does
  if (!found?.isFile()) throw new BadInput(`There is no file ${given}. Name a Markdown file.`);
  const file = join(basename(dirname(path)), basename(path));
  const text = await readText(path, given);
  const playbook = pages ? new Pages().parse(text, file) : parsePlaybook(text, file);
  if (playbook === null) throw new BadInput(`${given} is empty, so it will not be found.`);
  const { id, title, stages, triggers, passages } = playbook;
  return {
    json: { id, title, stages, triggers, draft: playbook.draft ?? false, passages },
    words: [...headLines(playbook), "", ...table(passages)].join("\n"),
  };
}

const headLines = ({ id, title, stages, triggers, passages, draft }: Playbook): string[] => [
  `**${title}** (${id})${draft ? ", a draft: it is not found yet" : ""}`,
  `Stages: ${stages.join(", ") || "none"}. ${triggers.length} triggers. ${passages.length} passages:`,
];

const table = (passages: Passage[]): string[] => [
  "| # | Section | Link | Characters | Begins |",
  "|---|---|---|---|---|",
  ...passages.map(
    ({ section, path, anchor, text }, at) =>
      `| ${at + 1} | ${cell(path.join(" › ") || section)} | ${anchor ? `#${anchor}` : ""} | ${text.length} | ${cell(text.slice(0, LONGEST_BEGINNING))} |`,
  ),
];

const cell = (text: string): string => text.replace(/\s+/g, " ").replaceAll("|", "\\|");
