import { type Field, fieldsOf, shapeOf } from "#tools/by-hand.ts";
import type { Tool } from "#tools/define-tool.ts";
import type { HelpEntry } from "../views/index.ts";

/** A tool as it is called behind /perennial. Everything here comes from the tool's own name and schema. */
export interface Subcommand {
  tool: Tool;
  /** "timeline", for account_timeline: the first word of the name that no other tool has. */
  name: string;
  /** All that it answers to, longest first. */
  names: string[];
  fields: Field[];
  /** The field that the words behind the name go to; null where they would be a question. */
  main: Field | null;
}

/** Words that many names or many questions hold; alone they name no tool. */
const COMMON = new Set(["account", "accounts", "this", "what"]);

export function subcommandsOf(tools: readonly Tool[]): Subcommand[] {
  const wordsOf = ({ name }: Tool): string[] => name.split("_");
  return tools.map((tool) => {
    const others = new Set(tools.filter((each) => each !== tool).flatMap(wordsOf));
    const own = wordsOf(tool).filter((word) => !COMMON.has(word) && !others.has(word));
    const whole = wordsOf(tool).join(" ");
    const fields = fieldsOf(shapeOf(tool));
    const names = [...new Set([whole, ...own])].sort((a, b) => b.length - a.length);
    return { tool, name: own[0] ?? wordsOf(tool).join("-"), names, fields, main: mainOf(fields) };
  });
}

/** The first words that it cannot do without; else the only words that it takes. */
function mainOf(fields: readonly Field[]): Field | null {
  const plain = fields.filter(
    ({ path, shape }) => path.length === 1 && shape.type === "string" && !shape.enum && !shape.format,
  );
  return plain.find(({ required }) => required) ?? (plain.length === 1 ? (plain[0] ?? null) : null);
}

/** The list of subcommands for the help, "ask", "schedule", "alerts" and "settings" included. */
export const helpEntries = (subcommands: readonly Subcommand[]): HelpEntry[] => [
  ...subcommands.map((each) => ({
    name: each.name,
    title: each.tool.title,
    description: each.tool.description,
    usage: usageOf(each),
  })),
  { name: "ask", title: "Ask", description: "Answers a question in your own words.", usage: "<question>" },
  {
    name: "schedule",
    title: "Reports that come by themselves",
    description: "Sets one up in your words, lists, pauses and changes them.",
    usage: "every Monday at 9, churn for my team",
  },
  {
    name: "alerts",
    title: "Alerts",
    description: "Sets up alerts in your words, shows what became of them, and from where on something is worth one.",
    usage: "warn me 45 days before a renewal without contact",
  },
  {
    name: "settings",
    title: "Settings",
    description: "Your time zone and digest; typed in a channel, also when I may speak there.",
  },
];

const SHOWN_FLAGS = 2;

/** What stands behind a subcommand: "<account> move:<move>". */
export function usageOf({ main, fields }: Subcommand): string {
  if (!main)
    return `[${fields
      .slice(0, SHOWN_FLAGS)
      .map(({ flag }) => `${flag}:…`)
      .join(" ")}]`;
  const needed = fields.filter((each) => each !== main && each.required).map(({ flag }) => `${flag}:<${flag}>`);
  return [main.required ? `<${main.flag}>` : `[${main.flag}]`, ...needed].join(" ");
}
