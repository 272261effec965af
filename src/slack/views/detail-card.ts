import type { accountDetailTool } from "#tools/account-detail.ts";
import type { Block, Look } from "../message.ts";
import { accountButtons, spellingWords } from "./account-buttons.ts";
import { daysIn } from "./days.ts";
import { context, lineSections, type More, section } from "./elements.ts";
import { escaped, lineIn, nameIn, quoteIn } from "./outside-text.ts";
import { doubts } from "./reasons.ts";

export type DetailFinding = Awaited<ReturnType<typeof accountDetailTool.run>>;

const COMPACT_LINES = 6;

/** Just what was asked of an account. Compact: the first few lines. */
export function detailCard({ account, details, doubts: stale }: DetailFinding, _: Look, more: More = {}): Block[] {
  const lines = details.flatMap((each) =>
    each.lines.map(({ says, quote }) => {
      const words = quoteIn(quote);
      return `• ${lineIn(daysIn(says), 300)}${words ? ` ${words}` : ""}`;
    }),
  );
  const notes = [...spellingWords(account).map(escaped), ...doubts(stale)];
  return [
    section(`*${nameIn(account.name)}*`),
    ...lineSections(more.compact ? lines.slice(0, COMPACT_LINES) : lines),
    ...(notes.length > 0 ? [context(notes.join(" "))] : []),
    ...accountButtons(account, more),
  ];
}
