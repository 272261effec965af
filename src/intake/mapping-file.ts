import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BadInput } from "#errors.ts";
import { type Mapping, parseMapping } from "./mapping.ts";

/**
 * Reads a mapping: a preset by its name ("salesforce"), or a YAML file by its path. Throws BadInput where there is
 * neither, and where the mapping is wrong.
 */
export async function readMapping(nameOrPath: string, knowledgeFolder: string): Promise<Mapping> {
  const presets = join(knowledgeFolder, "mappings");
  const path = /^[\w-]+$/.test(nameOrPath) ? join(presets, `${nameOrPath}.yaml`) : nameOrPath;
  try {
    return parseMapping(await readFile(path, "utf8"), path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EISDIR")))
      throw error;
    const names = (await readdir(presets))
      .filter((each) => each.endsWith(".yaml"))
      .map((each) => each.replace(/\.yaml$/, ""));
    throw new BadInput(
      `There is no mapping ${path}. Name a YAML file, or one of the presets: ${names.sort().join(", ")}.`,
      { cause: error },
    );
  }
}
