import { text } from "node:stream/consumers";
import { Command } from "commander";
import type { PlaceOptions, Terminal } from "../terminal.ts";

interface AskOptions extends PlaceOptions {
  thread?: string;
  as?: string;
}

const HELP = `
Examples:
  perennial ask "what stage is Acme GmbH in, and what should I do next?"
  perennial ask --thread monday "which accounts renew this month?"
  perennial ask --thread monday "and who owns the second one?"
  perennial ask --json "top 10 accounts by MRR" | jq .findings
  echo "how many accounts are lapsed?" | perennial ask -

--json prints { text, offline, offlineBecause, findings: [{ tool, input, output }], sources: [{ number,
cited, playbook, section, path, playbookId, matched, overdueSince }], dropped: [{ sentence, because }] }, and the thread's id where one was given.
`;

export const askCommand = (terminal: Terminal): Command =>
  new Command("ask")
    .description("ask one question")
    .argument("[question...]", 'the question; "-" reads it from standard input')
    .option("--thread <id>", "remember the question under an id, and understand it from the ones before")
    .option("--as <name>", "who you are, as an account owner, for “my accounts” (else PERENNIAL_ME)")
    .option("--workspace <handle>", "another workspace than the usual one")
    .addHelpText("after", HELP)
    .action(async (words: string[], options: AskOptions) => ask(terminal, await questionOf(terminal, words), options));

async function ask(terminal: Terminal, question: string, options: AskOptions): Promise<void> {
  const [{ Conversation, loadAgent, openAgent, threadId }, { answerAloud }] = await Promise.all([
    import("../talk/conversation.ts"),
    import("../talk/answering.ts"),
  ]);
  void loadAgent(); // while the database opens in its own thread
  const thread = options.thread === undefined ? null : threadId(options.thread);
  const place = await terminal.place(options);
  const conversation = new Conversation(place, () => openAgent(place.house), thread, options.as);
  const { focus } = await answerAloud(terminal.screen, conversation, question, terminal.stopped);
  if (focus.pending && thread === null) {
    terminal.screen.note("Ask again with the full name; or use --thread ID, and answer with the next question.");
  }
}

/** Throws BadInput when there is no question. */
async function questionOf({ input }: Terminal, words: string[]): Promise<string> {
  const piped = words.join(" ") === "-" || (words.length === 0 && input.isTTY !== true);
  const question = (piped ? await text(input) : words.join(" ")).trim();
  if (question !== "") return question;
  const { BadInput } = await import("#errors.ts");
  throw new BadInput('The question is empty. Ask something like: perennial ask "what stage is Acme in?"');
}
