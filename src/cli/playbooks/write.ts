import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { BadInput } from "#errors.ts";
import { readSources } from "#playbooks/folder.ts";
import { type Scaffold, scaffold } from "#playbooks/scaffold.ts";
import type { Terminal, Told } from "../terminal.ts";
import { ownFolder, sourcesOf, todayOf } from "./sources.ts";

export interface Wanted extends Omit<Scaffold, "today"> {
  /** A folder of playbooks; else the company's own. */
  into?: string;
}

/** `playbooks new`. */
export async function write(terminal: Terminal, id: string, options: Omit<Wanted, "id">): Promise<Told> {
  const written = await begin(terminal, { id, ...options });
  return {
    json: written,
    words: `Begun: **${written.file}**. Fill it in, look at it with \`perennial playbooks preview ${written.file}\`, then take the line \`draft: true\` out and run \`perennial ingest\`.`,
  };
}

/** Writes a draft and says where. Throws BadInput when a playbook of that id is there already. */
export async function begin(terminal: Terminal, { into, ...wanted }: Wanted): Promise<{ id: string; file: string }> {
  const config = await terminal.settings();
  const { path, text } = scaffold({ ...wanted, today: todayOf(config) });
  const { playbooks, drafts } = await readSources(sourcesOf(config));
  const there = [...playbooks, ...drafts].find(({ id }) => id === wanted.id);
  if (there) throw new BadInput(`There is a playbook ${wanted.id} already: ${there.file}. Choose another id.`);
  const file = join(resolve(into ?? ownFolder(config)), path);
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (cause) {
    throw new BadInput(`${file} cannot be written; it may be there already. Choose another id or folder.`, { cause });
  }
  const short = relative(process.cwd(), file);
  return { id: wanted.id, file: short.startsWith("..") ? file : short };
}
