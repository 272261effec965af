import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const CACHE = fileURLToPath(new URL("../../.cache", import.meta.url));

/** A peer that is no dependency of ours: a package of one version, and what to import of it. */
export interface Fetched {
  name: string;
  version: string;
  /** Fetched beside it, where it wants others. */
  beside?: string[];
  entry: string;
}

/** What a package exports, fetched into .cache when it is asked for the first time; in words what keeps it from being so. */
export async function fetchedPackage(
  { name, version, beside = [], entry }: Fetched,
  tell: (words: string) => void,
): Promise<unknown> {
  const folder = join(CACHE, `peer-${name.replace(/[^a-z]+/g, "-")}`);
  if (!existsSync(join(folder, "node_modules", name))) {
    tell(`fetching ${name}@${version}`);
    const packages = [`${name}@${version}`, ...beside];
    const install = ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, ...packages];
    const failed = await promisify(execFile)("npm", install, { timeout: 180_000 }).then(() => null, reasonOf);
    if (failed) return `${name} could not be fetched: ${failed}`;
  }
  return import(pathToFileURL(createRequire(join(folder, "package.json")).resolve(entry)).href);
}

/** The last line that npm wrote is the one that says what was wrong. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1)!; // a text has a line
