import { capital } from "#tools/words.ts";
import type { Message } from "../message.ts";
import { context, lineSections, section } from "./elements.ts";
import { fitMessage } from "./limits.ts";
import { lineIn } from "./outside-text.ts";

/** What of a tool of the catalogue the help tells. `name` is the subcommand. */
export interface HelpEntry {
  name: string;
  title: string;
  description: string;
  /** What stands behind the subcommand: "<account>". */
  usage?: string;
}

export const EXAMPLES = [
  "What stage is Acme GmbH in, and what should I do next?",
  "Which accounts renew in the next 60 days?",
  "How do we answer a price objection?",
];

/** What can be asked and how, made from the tool catalogue. */
export function helpMessage(
  entries: readonly HelpEntry[],
  { command = "/perennial", botName = "Perennial" } = {},
): Message {
  const lines = entries.map(({ name, title, description, usage }) => {
    const words = lineIn(capital(description.split(/(?<=\.)\s/)[0] ?? title), 220);
    return `• \`${command} ${lineIn(name, 60)}${usage ? ` ${lineIn(usage, 80)}` : ""}\` — ${words}`;
  });
  const how = [
    `*Ask ${lineIn(botName)} about your customers*, in your own words:`,
    ...EXAMPLES.map((each) => `• ${each}`),
  ];
  const where = `In a direct message, by a mention in a channel, or with \`${command} ask\`. Where a channel reads, private fields stay out.`;
  return fitMessage({
    text: [...how, where, ...lines].join("\n"),
    blocks: [
      section(how.join("\n")),
      context(where),
      ...lineSections([
        "*Or look it up by command; only you see the answer:*",
        ...lines,
        `• \`${command} help\` — this list`,
      ]),
    ],
  });
}
