import type { KeptOut } from "./in-channel.ts";

/** One line of an answer. `quote` is outside text; `plain` is what a channel reads instead of both, `what` what it then misses. */
export interface DetailLine {
  says: string;
  quote: string | null;
  plain: string;
  what: string | null;
}

/** A line of ours. */
export const line = (says: string): DetailLine => ({ says, quote: null, plain: says, what: null });
/** A line with what somebody wrote, or who somebody is. */
export const told = (says: string, quote: string | null, plain: string, what: string): DetailLine => ({
  says,
  quote,
  plain,
  what,
});

/** The lines, or that there are none. */
export const orNone = (lines: DetailLine[], what: string): DetailLine[] =>
  lines.length > 0 ? lines : [line(`${what}: none on record`)];

/** The line as a channel may read it. */
export function plainLine(line: DetailLine, kept: KeptOut): DetailLine {
  const { says, quote, plain, what } = line;
  if (what === null) return line;
  return { ...line, says: kept.of(says, plain, what), quote: kept.of(quote, null, what) };
}
