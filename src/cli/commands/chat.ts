import { Command } from "commander";
import type { ChatOptions } from "../talk/chat.ts";
import type { Terminal } from "../terminal.ts";

const HELP = `
Examples:
  perennial NAME
  perennial NAME --thread monday                          goes on with a thread
  printf 'who owns Acme GmbH?\\nand their renewal?\\n' | perennial NAME    each line a question

In the talk: /help, /new, /thread [ID], /quit; Ctrl-C stops an answer, twice leaves; Ctrl-D leaves.
With --json each answer is one JSON object on a line of its own.
`;

const talking = (terminal: Terminal, name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option("--thread <id>", "go on with the thread of that id, or begin it")
    .option("--as <name>", "who you are, as an account owner, for “my accounts” (else PERENNIAL_ME)")
    .option("--workspace <handle>", "another workspace than the usual one")
    .addHelpText("after", HELP.replaceAll("NAME", name))
    .action(async (options: ChatOptions) => {
      const { chat } = await import("../talk/chat.ts");
      await chat(terminal, options);
    });

export const chatCommand = (terminal: Terminal): Command =>
  talking(terminal, "chat", "ask question after question in one thread");
