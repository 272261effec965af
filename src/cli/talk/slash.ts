import { BadInput } from "#errors.ts";
import { didYouMean } from "#lifecycle/nearest-names.ts";
import { type Conversation, newThreadId, threadId } from "./conversation.ts";

export const COMMANDS = ["/help", "/new", "/thread", "/quit"];

const HELP = `Ask in your own words, about one account or many: stage and why, what to do next, what changed, who owns it, renewals, lists and counts, and what the playbooks say. “They”, “the second one” and “and their renewal?” are understood from the talk so far.

- /new starts a new thread, without the memory of this one
- /thread shows this thread's id; /thread ID goes on with another one
- /quit leaves, as does Ctrl-D
- Ctrl-C stops an answer; twice leaves`;

/** What a line means when it is a command and no question; null when it is a question. */
export async function slash(
  line: string,
  conversation: Conversation,
): Promise<{ words: string; leave: boolean } | null> {
  const said = (words: string) => ({ words, leave: false });
  if (/^(exit|quit|bye)$/i.test(line)) return { words: "", leave: true };
  if (!/^\/[a-z]*(\s|$)/i.test(line)) return null;
  const [command = "", argument] = line.split(/\s+/);
  if (command === "/quit" || command === "/exit") return { words: "", leave: true };
  if (command === "/help") return said(HELP);
  if (command === "/new") {
    conversation.thread = newThreadId();
    return said(`A new thread: ${conversation.thread}.`);
  }
  if (command === "/thread") return said(await changeThread(conversation, argument));
  return said(
    `There is no command ${command}${didYouMean(command, COMMANDS) || "."} There are ${COMMANDS.join(", ")}.`,
  );
}

async function changeThread(conversation: Conversation, id: string | undefined): Promise<string> {
  if (!id)
    return `This is thread ${conversation.thread}. \`perennial chat --thread ${conversation.thread}\` goes on with it later.`;
  try {
    conversation.thread = threadId(id);
  } catch (error) {
    if (error instanceof BadInput) return error.message;
    throw error;
  }
  const turns = await conversation.turns();
  return turns === 0 ? `A new thread: ${id}.` : `Thread ${id}, with ${turns} earlier questions.`;
}
