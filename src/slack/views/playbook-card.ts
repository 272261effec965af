import { matchWords, sayFacts } from "#tools/playbook-words.ts";
import type { searchPlaybooksTool } from "#tools/search-playbooks.ts";
import { ACTIONS } from "../actions.ts";
import type { Block, Look } from "../message.ts";
import { accountButtons } from "./account-buttons.ts";
import { context, type More, section } from "./elements.ts";
import { lineIn, nameIn } from "./outside-text.ts";
import { openButton, passageGlimpse, passageNote, passageQuote } from "./passages.ts";

export type PlaybookFinding = Awaited<ReturnType<typeof searchPlaybooksTool.run>>;
type Passage = PlaybookFinding["passages"][number];

/**
 * What the playbooks say to a situation, with its place, or honestly that none covers it. The first passage is quoted, the
 * others with a line each: somebody who is on the phone reads one.
 */
export function playbookCard(found: PlaybookFinding, _: Look, more: More = {}): Block[] {
  const { verdict, passages, account, stage, note } = found;
  const about = account
    ? ` for ${nameIn(account.name)}${stage ? ` (${lineIn(stage)})` : ""}`
    : stage
      ? ` (${lineIn(stage)})`
      : "";
  const now = sayFacts(found.facts);
  const buttons = account ? accountButtons(account, { without: [ACTIONS.playbook, ...(more.without ?? [])] }) : [];
  if (verdict !== "found") {
    const nearest = verdict === "close" ? passages : [];
    return [
      section(`*No playbook covers this${about}.*${nearest.length > 0 ? "\nThe closest:" : ""}`),
      ...nearest.map((each) => section(`${titleOf(each)}\n${lineIn(each.source)}`, openButton(each))),
      ...buttons,
    ];
  }
  return [
    section(`*From the playbooks${about}*`),
    ...(now ? [context(lineIn(now))] : []),
    ...passages.flatMap((each, at) => [
      section(`${titleOf(each)}\n${at === 0 ? passageQuote(each.text) : passageGlimpse(each.text)}`, openButton(each)),
      passageNote({ ...each, matched: matchWords(each), overdueSince: each.reviewOverdue ? each.reviewBy : null }),
    ]),
    ...(note ? [context(lineIn(note))] : []),
    ...buttons,
  ];
}

const titleOf = ({ title, section: heading }: Passage): string => `*${lineIn(title)}* — ${lineIn(heading)}`;
