import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "#config.ts";
import { BadInput } from "#errors.ts";
import { readPlaybooks } from "#playbooks/folder.ts";
import { readLifecycle } from "#stages/knowledge.ts";
import { broken, type Check, note, ok } from "./check.ts";

/** Looks at the files that a company edits: lifecycle models, playbooks, mappings. */
export async function checkFiles({ knowledgeFolder }: Config): Promise<Check[]> {
  return [checkModels(knowledgeFolder), ...(await checkPlaybooks(knowledgeFolder)), checkMappings(knowledgeFolder)];
}

function checkModels(folder: string): Check {
  try {
    const { models } = readLifecycle(folder);
    return ok("lifecycle models", `${models.size} in ${join(folder, "lifecycle")}: ${[...models.keys()].join(", ")}`);
  } catch (error) {
    if (error instanceof BadInput) return broken("lifecycle models", error.message);
    throw error;
  }
}

async function checkPlaybooks(knowledge: string): Promise<Check[]> {
  const folder = join(knowledge, "playbooks");
  try {
    const { playbooks, faults } = await readPlaybooks(folder);
    const passages = playbooks.reduce((sum, each) => sum + each.passages.length, 0);
    const today = new Date().toISOString().slice(0, 10);
    const overdue = playbooks.filter(({ reviewBy }) => reviewBy < today).map(({ id }) => id);
    return [
      ok("playbooks", `${playbooks.length} with ${passages} passages in ${folder}`),
      ...faults.map(({ reason }) => broken("playbooks", reason)),
      ...(overdue.length > 0
        ? [note("playbooks", `past their review day: ${overdue.join(", ")}`, "Read them again and move review_by.")]
        : []),
    ];
  } catch (error) {
    if (error instanceof BadInput) return [broken("playbooks", error.message)];
    throw error;
  }
}

function checkMappings(knowledge: string): Check {
  const folder = join(knowledge, "mappings");
  const files = existsSync(folder) ? readdirSync(folder).filter((each) => /\.ya?ml$/.test(each)) : [];
  return files.length > 0
    ? ok("mappings", files.map((each) => each.replace(/\.ya?ml$/, "")).join(", "))
    : note("mappings", `none in ${folder}`, "Write one for your CSV files; docs/bring-your-data.md tells how.");
}
