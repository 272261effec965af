import { BadInput } from "#errors.ts";
import { didYouMean } from "#lifecycle/nearest-names.ts";

/** Finds columns of a file by their heading. */
export interface Columns {
  /** Place of the first of the names that the file has; null where it has none of them. */
  find(names: string | readonly string[]): number | null;
  /** The same, but the column must be there: throws BadInput that names file, place in the mapping and the nearest headings. */
  must(names: string | readonly string[], place: string): number;
  heading: readonly string[];
}

export function columnsOf(heading: readonly string[], file: string): Columns {
  const exact = new Map(heading.map((each, at) => [each, at] as const).reverse());
  const loose = new Map(heading.map((each, at) => [each.toLowerCase(), at] as const).reverse());
  const find = (names: string | readonly string[]) => {
    const wanted = typeof names === "string" ? [names] : names;
    const found = wanted.map((each) => exact.get(each) ?? loose.get(each.toLowerCase())).find((at) => at !== undefined);
    return found ?? null;
  };
  const must = (names: string | readonly string[], place: string) => {
    const found = find(names);
    if (found !== null) return found;
    const wanted = typeof names === "string" ? [names] : names;
    const named = heading.filter((each) => each !== "");
    throw new BadInput(
      `${file} has no column ${wanted.map((each) => `"${each}"`).join(" or ")}, which the mapping wants for ${place}${didYouMean(wanted[0]!, named) || `; its columns are ${named.slice(0, 30).join(", ")}.`} Change the mapping, or move the field under \`if_present\`.`,
    );
  };
  return { find, must, heading };
}
