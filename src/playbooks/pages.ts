import { createHash } from "node:crypto";
import { fileHash, passageOf, plainMarkdown } from "./parse.ts";
import { PLAYBOOK_STAGES, type Playbook } from "./playbook.ts";
import { cutIntoSections } from "./sections.ts";

/** The review day of what names none; a page is then never told to be overdue. */
export const NO_REVIEW_DAY = "9999-12-31";

const MOST_TRIGGERS = 20;
const LONGEST_LINE = 300;

/**
 * Reads the pages of one export. A page has no front matter: its title is the first heading or the file's name, its id
 * the file's name without the key that the exporter adds, its stages those of the folders it lies in, its triggers its
 * headings. It has no moves, so it is found by a search and never offered as a next step.
 */
export class Pages {
  readonly #ids = new Set<string>();

  /** null: the page is empty. Throws BadInput when it is too long. */
  parse(given: string, file: string): Playbook | null {
    const text = plainMarkdown(given, file);
    const { sections, headings } = cutIntoSections(text);
    if (sections.length === 0) return null;
    const names = file.split("/");
    const title = (headings[0] ?? plainName(names.at(-1)!)).slice(0, LONGEST_LINE); // a path has a last name
    const id = this.#idOf(names);
    const triggers = [...new Set([title, ...headings.map((each) => each.slice(0, LONGEST_LINE))])].slice(
      0,
      MOST_TRIGGERS,
    );
    const passages = sections.map((section) => passageOf(section, { id, title, situations: [], triggers }));
    return {
      id,
      title,
      stages: stagesOf(names.slice(0, -1)),
      situations: [],
      personas: [],
      triggers,
      when: null,
      moves: [],
      effort: { level: "medium", minutes: 30 },
      ownerRole: "anyone",
      dueInDays: 7,
      reviewBy: NO_REVIEW_DAY,
      success: "The reader knows what to do",
      file,
      hash: fileHash(file, text),
      passages: [...new Map(passages.map((each) => [each.hash, each])).values()],
    };
  }

  /** Pages of one name ("FAQ") are common in an export: the second one takes its folder's name along. */
  #idOf(names: string[]): string {
    const own = kebab(plainName(names.at(-1)!)) || `page-${shortHash(names.join("/"))}`;
    const above = kebab(plainName(names.at(-2) ?? ""));
    const free = [own, `${above}-${own}`].find((id) => !this.#ids.has(id) && !id.startsWith("-"));
    const id = free ?? `${own}-${shortHash(names.join("/"))}`;
    this.#ids.add(id);
    return id;
  }
}

/** A name without its ending and without the key of Notion (32 hex digits) or Confluence (its page number). */
export const plainName = (name: string): string =>
  name
    .replace(/\.md$/i, "")
    .replace(/[\s_-]+[0-9a-f]{32}$/i, "")
    .replace(/[\s_-]+\d{6,}$/, "")
    .trim();

const kebab = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80);

const stagesOf = (folders: string[]): string[] => {
  const names = new Set(folders.map((each) => plainName(each).toLowerCase()));
  return PLAYBOOK_STAGES.filter((stage) => names.has(stage));
};

const shortHash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);
