import { checkPlaybooks } from "#playbooks/check.ts";
import { readSources } from "#playbooks/folder.ts";
import { readLifecycle } from "#stages/knowledge.ts";
import { EXIT } from "../failure.ts";
import type { Terminal, Told } from "../terminal.ts";
import { sourcesOf, todayOf } from "./sources.ts";

/** `playbooks check`: needs no database. */
export async function check(terminal: Terminal): Promise<Told> {
  const config = await terminal.settings();
  const { models, moves } = readLifecycle(config.knowledgeFolder);
  const read = await readSources(sourcesOf(config));
  const faults = checkPlaybooks({ read, models: [...models.values()], moves, today: todayOf(config) });
  const errors = faults.filter(({ severity }) => severity === "error").length;
  const counts = {
    playbooks: read.playbooks.length,
    drafts: read.drafts.length,
    errors,
    warnings: faults.length - errors,
  };
  const lines = faults
    .toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
    .map(({ file, severity, says, kind }) => `- ${severity}: ${kind === "file" ? says : `${file} ${says}`}`);
  const over = read.replaced.map(({ id, file, by }) => `- ${by} lies over ${file} (${id})`);
  const head = `**${counts.playbooks} playbooks**, ${counts.drafts} in draft: ${errors} errors, ${counts.warnings} warnings.`;
  return {
    json: { ...counts, faults, replaced: read.replaced },
    words: [head, ...lines, ...over].join("\n"),
    code: errors > 0 ? EXIT.badInput : EXIT.ok,
  };
}
