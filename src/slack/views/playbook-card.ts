import type { searchPlaybooksTool } from "#tools/search-playbooks.ts";
import { listed } from "#tools/words.ts";
import { ACTIONS } from "../actions.ts";
import type { Block, Look } from "../message.ts";
import { accountButtons } from "./account-buttons.ts";
import { dayIn } from "./days.ts";
import { button, context, type More, section } from "./elements.ts";
import { lineIn, nameIn, plainLine } from "./outside-text.ts";
import { passageKey, passageQuote } from "./passages.ts";

export type PlaybookFinding = Awaited<ReturnType<typeof searchPlaybooksTool.run>>;
type Passage = PlaybookFinding["passages"][number];

const MOST_WORDS = 6;

/** What the playbooks say to a situation, quoted and with its place, or honestly that none covers it. */
export function playbookCard(found: PlaybookFinding, _: Look, more: More = {}): Block[] {
  const { verdict, passages, account, stage, note } = found;
  const about = account
    ? ` for ${nameIn(account.name)}${stage ? ` (${lineIn(stage)})` : ""}`
    : stage
      ? ` (${lineIn(stage)})`
      : "";
  const buttons = account ? accountButtons(account, { without: [ACTIONS.playbook, ...(more.without ?? [])] }) : [];
  if (verdict !== "found") {
    const titles = passages.map((each) => `• ${lineIn(each.title)} — ${lineIn(each.section)} (${lineIn(each.source)})`);
    const nearest = verdict === "close" && titles.length > 0 ? ["The closest:", ...titles] : [];
    return [section([`*No playbook covers this${about}.*`, ...nearest].join("\n")), ...buttons];
  }
  return [
    section(`*From the playbooks${about}*`),
    ...passages.flatMap((each) => passageBlocks(each)),
    ...(note ? [context(lineIn(note))] : []),
    ...buttons,
  ];
}

function passageBlocks(passage: Passage): Block[] {
  const key = passageKey(passage);
  const open = key
    ? button({
        text: "Open",
        action: ACTIONS.playbook,
        value: { passage: key },
        label: `Open the playbook ${plainLine(passage.title, 50)}`,
      })
    : undefined;
  const overdue = passage.reviewOverdue
    ? ` It was to be reviewed by ${dayIn(passage.reviewBy)}: check that it still holds.`
    : "";
  return [
    section(`*${lineIn(passage.title)}* — ${lineIn(passage.section)}\n${passageQuote(passage.text)}`, open),
    context(`${lineIn(passage.source)}  ·  Matched: ${matchWords(passage)}.${overdue}`),
  ];
}

function matchWords({ why, stages, facts }: Passage): string {
  const words = [
    why.trigger && `like “${lineIn(why.trigger, 120)}”`,
    why.words.length > 0 && `words ${lineIn(why.words.slice(0, MOST_WORDS).join(", "), 120)}`,
    why.stage && `for ${lineIn(stages.join(", "), 120)}`,
    facts.length > 0 && `because ${lineIn(listed(facts))}`,
  ].filter((each) => typeof each === "string");
  return words.length > 0 ? words.join("; ") : "its meaning";
}
