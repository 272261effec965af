import type { checkMoveTool } from "#tools/check-move.ts";
import type { Block, Look } from "../message.ts";
import { accountButtons, spellingWords } from "./account-buttons.ts";
import { dayFrom, dayIn, daysIn } from "./days.ts";
import { context, type More, section } from "./elements.ts";
import { escaped, lineIn, nameIn } from "./outside-text.ts";

export type MoveFinding = Awaited<ReturnType<typeof checkMoveTool.run>>;

const VERDICTS = { yes: "✅ *Yes*", no: "⛔ *No*", "not now": "⏳ *Not now*" };

/** Whether a move suits an account now, and why. */
export function moveCard(found: MoveFinding, { today }: Look, more: More = {}): Block[] {
  const { account, stage, since, objective, saidAs, verdicts } = found;
  const counts = saidAs ? [`A ${lineIn(saidAs)} counts as “${lineIn(verdicts[0]!.move)}”.`] : [];
  const lines = verdicts.map(({ move, verdict, because, until }) => {
    const held = until ? `, until ${dayFrom(until, today)}` : "";
    return `${VERDICTS[verdict]} — ${lineIn(move)}: ${lineIn(daysIn(because.replace(/\.$/, "")))}${held}.`;
  });
  return [
    section(
      [
        `*${nameIn(account.name)}* is in *${lineIn(stage)}*${since ? ` since ${dayIn(since)}` : ""}.`,
        ...counts,
        ...lines,
      ].join("\n"),
    ),
    context([...spellingWords(account).map(escaped), `Objective of the stage: ${lineIn(objective)}`].join(" ")),
    ...accountButtons(account, more),
  ];
}
