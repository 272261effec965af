import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import { BadInput } from "#errors.ts";
import { readBySchema, readYaml } from "#lifecycle/yaml-places.ts";
import { frontMatter, type Passage, PLAYBOOK_STAGES, type Playbook } from "./playbook.ts";
import { cutIntoSections, type Section } from "./sections.ts";

const LONGEST_FILE = 1_000_000; // characters; a playbook is a few pages
const INDEXED_AS = 2; // raise it when cutting or weighing changes, so that everything is indexed anew
const hashOf = (parts: unknown): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);

/**
 * Reads one playbook. `file` is how messages and links name it. Throws BadInput with file, line, field and cure; the
 * id must be the file's name.
 */
export function parsePlaybook(given: string, file: string): Playbook {
  const text = plainMarkdown(given, file);
  const { yaml, sections } = cutIntoSections(text);
  if (yaml === null) {
    throw new BadInput(
      `${file} has no front matter. Begin the file with a line ---, the fields (id, title, stages, …) and a line ---. A folder of pages without front matter is named pages:FOLDER in PERENNIAL_PLAYBOOKS.`,
    );
  }
  // The front matter begins on the file's second line.
  const front = readBySchema(readYaml(`\n${yaml}`, file), frontMatter);
  if (front.id !== basename(file, ".md")) {
    throw new BadInput(
      `${file}, id: "${front.id}" is not the file's name. Rename the file to ${front.id}.md, or the id to ${basename(file, ".md")}.`,
    );
  }
  checkFolder(file, front.stages[0]!); // the schema wants one
  if (sections.length === 0)
    throw new BadInput(`${file} has front matter and nothing below it. Write the steps under a heading.`);
  const passages = sections.map((section) => passageOf(section, front));
  const { effort, owner_role, due_in_days, review_by, draft, ...same } = front;
  return {
    ...same,
    ...(draft ? { draft } : {}),
    when: front.when ?? null,
    effort,
    ownerRole: owner_role,
    dueInDays: due_in_days,
    reviewBy: review_by,
    file,
    hash: fileHash(file, text),
    // A section that says the same twice is one passage.
    passages: [...new Map(passages.map((each) => [each.hash, each])).values()],
  };
}

/** Of a file as a whole. */
export const fileHash = (file: string, text: string): string => hashOf([INDEXED_AS, file, text]);

/** The text as it is read everywhere: no byte order mark, one kind of line end. Throws BadInput when it is too long. */
export function plainMarkdown(given: string, file: string): string {
  if (given.length > LONGEST_FILE) {
    throw new BadInput(
      `${file} has ${given.length} characters; a playbook has at most ${LONGEST_FILE}. Split it into one file a situation.`,
    );
  }
  return given
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n")
    .replaceAll("\0", "\uFFFD");
}

/** In a folder named like a stage lie the playbooks whose first stage it is. */
function checkFolder(file: string, first: string): void {
  const folder = basename(dirname(file));
  if (folder === first || !PLAYBOOK_STAGES.some((stage) => stage === folder)) return;
  throw new BadInput(
    `${file} lies in the folder ${folder}, but its first stage is ${first}. Move the file to ${first}/, or put ${folder} first.`,
  );
}

interface Indexed {
  id: string;
  title: string;
  situations: string[];
  triggers: string[];
}

/** A section with what makes it findable: its hash tells whether it has to be indexed anew. */
export function passageOf(section: Section, { id, title, situations, triggers }: Indexed): Passage {
  const { path, anchor, text } = section;
  return {
    section: path.at(-1) ?? title,
    path,
    anchor,
    text,
    hash: hashOf([INDEXED_AS, id, title, situations, triggers, path, anchor, text]),
  };
}
