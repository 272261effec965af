import type { SectionBlock } from "@slack/types";
import type { ChoiceFinding } from "#agent/answer.ts";
import { ACTIONS, buttonValue, numbered } from "../actions.ts";
import type { Block } from "../message.ts";
import { button, type More, option, plain, section } from "./elements.ts";
import { LIMITS } from "./limits.ts";
import { lineIn, nameIn, plainLine, plainName } from "./outside-text.ts";

const MOST_BUTTONS = 5; // more are quicker to find in a menu

/** Which of several accounts was meant: a button each, a menu where they are many. Only the sentence where there is none. */
export function choiceCard({ message, choices }: ChoiceFinding, more: More = {}): Block[] {
  if (choices.length === 0) return [section(lineIn(message, 2_500))];
  const asked = /[“"]([^”"]{1,80})[”"]/.exec(message)?.[1];
  const question = `*Which account do you mean${asked ? ` by “${lineIn(asked, 80)}”` : ""}?*`;
  return choices.length <= MOST_BUTTONS
    ? [section(question), ...choices.map((each, at) => choiceSection(each, at, more))]
    : [choiceMenu(question, choices, more)];
}

function choiceSection({ id, label, hint }: ChoiceFinding["choices"][number], at: number, { turn }: More): Block {
  return section(
    `*${nameIn(label)}*${hint ? `\n${lineIn(hint)}` : ""}`,
    button({
      text: "This one",
      action: numbered(ACTIONS.chooseAccount, at + 1),
      value: { account: id, turn },
      label: `Choose ${plainLine(`${label}${hint ? `, ${hint}` : ""}`, 65)}`,
    }),
  );
}

function choiceMenu(question: string, choices: ChoiceFinding["choices"], { turn }: More): SectionBlock {
  const lines = choices.map(({ label, hint }) => `• ${nameIn(label)}${hint ? ` — ${lineIn(hint, 150)}` : ""}`);
  return {
    ...section([question, ...lines].join("\n")),
    accessory: {
      type: "static_select",
      action_id: ACTIONS.chooseAccount,
      placeholder: plain("Choose an account", 150),
      options: choices
        .slice(0, LIMITS.options)
        .map(({ id, label, hint }) =>
          option(plainName(label, LIMITS.option - 2), buttonValue({ account: id, turn }), hint || undefined),
        ),
    },
  };
}
