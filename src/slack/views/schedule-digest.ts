import { formatMoney } from "#money.ts";
import type { MyTask } from "#people/my-tasks.ts";
import type { NeedsMe } from "#people/needs-me.ts";
import { counted } from "#tools/words.ts";
import { ACTIONS } from "../actions.ts";
import type { Look, Message } from "../message.ts";
import { dayFrom, dayIn } from "./days.ts";
import { button, context, header, lineSections, section } from "./elements.ts";
import { becauseOf } from "./home.ts";
import { fitMessage } from "./limits.ts";
import { lineIn, nameIn, plainLine } from "./outside-text.ts";

export interface DigestLine {
  needs: NeedsMe;
  /** null: the reader. */
  owner: string | null;
}

export interface DigestParts {
  lines: readonly DigestLine[];
  tasks: readonly MyTask[];
  isOwn: boolean;
  team: string | null;
}

const SHOWN = 12; // with a button each; the rest stands in lines

/** What needs somebody today, most urgent first, and the tasks that are open. */
export function digestMessage({ lines, tasks, isOwn, team }: DigestParts, { today }: Look): Message {
  const title = isOwn
    ? `What needs you, ${dayIn(today)}`
    : `What needs attention${team ? ` in team ${team}` : ""}, ${dayIn(today)}`;
  const told = lines.map((line) => lineWords(line, today));
  const tasksTold = tasks.map((task) => taskWords(task, today));
  const nothing = told.length === 0 && tasksTold.length === 0;
  return fitMessage({
    text: [title, ...(nothing ? [NOTHING] : [counted(told.length, "account")]), ...told, ...tasksTold].join("\n"),
    blocks: [
      header(plainLine(title, 140)),
      ...(nothing ? [section(NOTHING)] : []),
      ...lines.slice(0, SHOWN).map(({ needs }, at) =>
        section(
          told[at] ?? "",
          button({
            text: "Open",
            action: ACTIONS.overview,
            value: { account: needs.accountId },
            label: `Overview of ${plainLine(needs.name, 60)}`,
          }),
        ),
      ),
      ...lineSections(told.slice(SHOWN)),
      ...(tasksTold.length > 0 ? [section(["*My open tasks*", ...tasksTold].join("\n"))] : []),
      context("`/perennial schedule list` changes when this comes."),
    ],
  });
}

const NOTHING = "Nothing today: no renewal within 30 days, no step back, no silence, nothing overdue.";

function lineWords({ needs, owner }: DigestLine, today: string): string {
  const { name, because, mrrMinor, currency } = needs;
  const whose = owner === null ? "" : `  ·  ${nameIn(owner)}`;
  return `*${nameIn(name)}*  ·  MRR ${formatMoney(mrrMinor, currency)}${whose}\n${becauseOf(because, today)}`;
}

const taskWords = ({ title, dueOn, isLate, account }: MyTask, today: string): string =>
  `• ${lineIn(title, 150)}${account ? ` — ${nameIn(account.name)}` : ""}, ${dueOn ? `${isLate ? "*late:* " : ""}due ${dayFrom(dueOn, today)}` : "without a day"}`;
