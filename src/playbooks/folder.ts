import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { BadInput } from "#errors.ts";
import { Pages } from "./pages.ts";
import { parsePlaybook } from "./parse.ts";
import type { Playbook } from "./playbook.ts";

/**
 * A folder with playbooks. "pages": Markdown without front matter, as Confluence and Notion export it. A later source
 * lies over an earlier one: of two playbooks with one id, the later counts.
 */
export interface PlaybookSource {
  folder: string;
  kind: "playbooks" | "pages";
}

/** A file that is no playbook yet, and what to do about it. */
export interface PlaybookFault {
  file: string;
  reason: string;
}

/** What lies in the sources. */
export interface ReadPlaybooks {
  playbooks: Playbook[];
  faults: PlaybookFault[];
  /** Marked `draft: true`: read and checked, not indexed. */
  drafts: Playbook[];
  /** Playbooks of an earlier source that a later one lies over. */
  replaced: { id: string; file: string; by: string }[];
}

/** All playbooks of a folder, in the order of their file names; a broken file is listed and does not stop the others. */
export const readPlaybooks = (folder: string): Promise<ReadPlaybooks> => readSources([{ folder, kind: "playbooks" }]);

/** All playbooks of the sources. Throws BadInput when a folder cannot be read. */
export async function readSources(sources: PlaybookSource[]): Promise<ReadPlaybooks> {
  const all = new Map<string, Playbook>();
  const faults: PlaybookFault[] = [];
  const drafts: Playbook[] = [];
  const replaced: ReadPlaybooks["replaced"] = [];
  const labels: string[] = [];
  for (const [at, source] of sources.entries()) {
    labels.push(labelOf(resolve(source.folder), labels));
    const read = await readSource(source, labels[at]!, at === 0);
    faults.push(...read.faults);
    drafts.push(...read.playbooks.filter(({ draft }) => draft));
    for (const playbook of read.playbooks.filter(({ draft }) => !draft)) {
      const under = all.get(playbook.id);
      if (under) replaced.push({ id: playbook.id, file: under.file, by: playbook.file });
      all.set(playbook.id, playbook);
    }
  }
  return { playbooks: [...all.values()], faults, drafts, replaced };
}

async function readSource({ folder, kind }: PlaybookSource, label: string, ours: boolean) {
  const root = resolve(folder);
  const pages = kind === "pages" ? new Pages() : null;
  const playbooks = new Map<string, Playbook>();
  const faults: PlaybookFault[] = [];
  for (const path of await textFiles(root, ours)) {
    const file = [label, ...path.split(sep)].join("/");
    try {
      const text = await readText(join(root, path), file);
      const playbook = pages ? pages.parse(text, file) : parsePlaybook(text, file);
      if (playbook === null) continue;
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

const ABOUT_THE_FOLDER = /^(readme|contributing|changelog|license|code_of_conduct|security)\.md$/i;
const isText = (name: string): boolean => /\.(md|html?)$/i.test(name) && !ABOUT_THE_FOLDER.test(name);

/** Paths below the root, sorted. Folders whose name begins with a dot (.git) and installed packages are passed by. */
async function textFiles(root: string, ours: boolean): Promise<string[]> {
  try {
    return (await walk(root)).map((path) => relative(root, path)).sort();
  } catch (cause) {
    const cure = ours
      ? "set PERENNIAL_KNOWLEDGE to the folder that holds playbooks/"
      : "take it out of PERENNIAL_PLAYBOOKS";
    throw new BadInput(`The playbook folder ${root} cannot be read. Check the path, or ${cure}.`, { cause });
  }
}

async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name.startsWith(".") || entry.name === "node_modules" ? [] : walk(path);
      return entry.isFile() && isText(entry.name) ? [path] : [];
    }),
  );
  return found.flat();
}

/** The folder's last two names, the same wherever it lies on a machine; more of them where another source has the same. */
function labelOf(root: string, taken: string[]): string {
  const names = root.split(sep).filter((name) => name !== "");
  const labels = names.map((_, at) => names.slice(at).join("/")).reverse();
  return labels.slice(1).find((label) => !taken.includes(label)) ?? names.join("/");
}

const LARGEST_FILE = 4_000_000; // bytes; larger ones are refused before they are read

/** The text of a playbook file. Throws BadInput for what is too large, no UTF-8, or HTML. */
export async function readText(path: string, file: string): Promise<string> {
  if (/\.html?$/i.test(file)) throw new BadInput(isHtml(file));
  const { size } = await stat(path);
  if (size > LARGEST_FILE) {
    throw new BadInput(
      `${file} has ${Math.round(size / 1_000_000)} MB; a playbook is a few pages. Split it into one file a situation.`,
    );
  }
  const text = decode(await readFile(path), file);
  if (/^\uFEFF?\s*<(!doctype\s+html|html|body)\b/i.test(text)) throw new BadInput(isHtml(file));
  return text;
}

const isHtml = (file: string): string =>
  `${file} is an HTML page; playbooks are Markdown. Export it as Markdown, or take it out of the folder.`;

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BadInput(`${file} is not UTF-8 text. Save it as UTF-8.`, { cause });
  }
}
