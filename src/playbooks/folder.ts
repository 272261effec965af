import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { BadInput } from "#errors.ts";
import { parsePlaybook } from "./parse.ts";
import type { Playbook } from "./playbook.ts";

/** A file that is no playbook yet, and what to do about it. */
export interface PlaybookFault {
  file: string;
  reason: string;
}

/** All playbooks of a folder, in the order of their file names; a broken file is listed and does not stop the others. */
export async function readPlaybooks(folder: string): Promise<{ playbooks: Playbook[]; faults: PlaybookFault[] }> {
  const root = resolve(folder);
  const playbooks = new Map<string, Playbook>();
  const faults: PlaybookFault[] = [];
  for (const path of await markdownFiles(root)) {
    const file = namedFrom(root, path);
    try {
      const playbook = parsePlaybook(decode(await readFile(join(root, path)), file), file);
      const first = playbooks.get(playbook.id);
      if (first)
        throw new BadInput(
          `${file} has the id "${playbook.id}" of ${first.file}. Give one of them another id and file name.`,
        );
      playbooks.set(playbook.id, playbook);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      faults.push({ file, reason: error.message });
    }
  }
  return { playbooks: [...playbooks.values()], faults };
}

async function markdownFiles(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { recursive: true });
    return entries.filter((each) => each.endsWith(".md") && basename(each) !== "README.md").sort();
  } catch (cause) {
    throw new BadInput(
      `The playbook folder ${root} cannot be read. Check the path, or set PERENNIAL_KNOWLEDGE to the folder that holds playbooks/.`,
      { cause },
    );
  }
}

/** The folder's last two names and the path below them: the same wherever the folder lies on a machine. */
const namedFrom = (root: string, path: string): string =>
  [basename(dirname(root)), basename(root), ...path.split(sep)].filter((part) => part !== "").join("/");

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BadInput(`${file} is not UTF-8 text. Save it as UTF-8.`, { cause });
  }
}
