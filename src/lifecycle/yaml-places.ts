import { isMap, isNode, isSeq, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { BadInput } from "#errors.ts";

const MOST_PROBLEMS = 8; // more than a person reads at once

export interface Problem {
  path: PropertyKey[];
  message: string;
}

/** A YAML text whose problems can be told with their line. */
export interface YamlFile {
  content: unknown;
  /** Throws BadInput that names the file, and the line and path of each problem. Does nothing without problems. */
  refuse(problems: readonly Problem[]): void;
}

/** Reads YAML. Throws BadInput with file and line when it is no YAML. */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken) throw new BadInput(`${file} is not readable as YAML: ${broken.message.split("\n")[0]}`);
  const lineOf = (path: PropertyKey[]): number => lines.linePos(offsetOf(document.contents, path)).line;
  return {
    content: document.toJS({ maxAliasCount: 500 }),
    refuse(problems) {
      if (problems.length === 0) return;
      const told = problems.slice(0, MOST_PROBLEMS).map(({ path, message }) => {
        const place = path.length > 0 ? `${placeOf(path)}: ` : "";
        return `${file} line ${lineOf(path)}, ${place}${message}`;
      });
      const rest = problems.length - told.length;
      throw new BadInput([...told, ...(rest > 0 ? [`and ${rest} more problems in ${file}`] : [])].join("\n"));
    },
  };
}

/** The content read by a schema, or BadInput that names each place. */
export function readBySchema<Schema extends z.ZodType>(file: YamlFile, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(file.content);
  if (parsed.success) return parsed.data;
  file.refuse(parsed.error.issues.map((issue) => ({ path: issue.path, message: wordsOf(issue) })));
  throw parsed.error; // a failed parse always has issues
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `${issue.keys.join(", ")} is not known here; check the spelling`;
  if (issue.code === "invalid_type" && issue.input === undefined && issue.message.endsWith("received undefined")) {
    return `is missing; write a ${issue.expected} here`;
  }
  return issue.message;
}

const placeOf = (path: PropertyKey[]): string =>
  path.map((part, at) => (typeof part === "number" ? `[${part}]` : `${at > 0 ? "." : ""}${String(part)}`)).join("");

/** Where the deepest written node of a path begins. */
function offsetOf(root: unknown, path: PropertyKey[]): number {
  let node = root;
  let offset = 0;
  for (const part of path) {
    if (isNode(node) && node.range) offset = node.range[0];
    if (isMap(node)) {
      const pair = node.items.find((each) => String(each.key) === String(part));
      if (isNode(pair?.key) && pair.key.range) offset = pair.key.range[0];
      node = pair?.value;
    } else node = isSeq(node) && typeof part === "number" ? node.items[part] : undefined;
    if (node === undefined) return offset;
  }
  return isNode(node) && node.range && !isMap(node) && !isSeq(node) ? node.range[0] : offset;
}
