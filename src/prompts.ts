import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BadInput } from "./errors.ts";

const place = /\{\{\s*([a-z_]+)\s*\}\}/g;

/** A prompt from `prompts/NAME.md` as a function of its places. Throws BadInput when the file's places are not `places`. */
export function loadPrompt<P extends string>(
  folder: string,
  name: string,
  places: readonly P[],
): (values: Record<P, string>) => string {
  const file = join(folder, `${name}.md`);
  const text = readFileSync(file, "utf8");
  const found = new Set([...text.matchAll(place)].map((match) => match[1]!));
  const unknown = [...found].filter((each) => !(places as readonly string[]).includes(each));
  const missing = places.filter((each) => !found.has(each));
  if (unknown.length > 0 || missing.length > 0) {
    const faults = [
      ...unknown.map((each) => `{{${each}}} is not known`),
      ...missing.map((each) => `{{${each}}} is missing`),
    ];
    throw new BadInput(`${file}: ${faults.join("; ")}. It may use: ${places.map((each) => `{{${each}}}`).join(", ")}.`);
  }
  return (values) => text.replaceAll(place, (_, key: P) => values[key]);
}
