import type { View } from "@slack/types";
import type { Message } from "../message.ts";

/** A place in Slack. `thread`: the ts of its first message. */
export interface Place {
  channel: string;
  thread?: string | undefined;
}

/**
 * Everything that one job says. `part` names a message within its job ("answer", "card-2"): said twice, it is posted once,
 * also when the process was killed in between. Throws SlackFault with a sentence for the person where Slack refuses.
 */
export interface Poster {
  /** Posts a message and returns its ts; the ts of the earlier one where it was posted before. */
  message(part: string, to: Place, message: Message): Promise<string>;
  /** Begins a message that grows, for one reader in a direct message. */
  stream(part: string, to: Required<Place>, reader: { userId: string; teamId: string }): Promise<AnswerStream>;
  /** Only `user` sees it. It cannot be looked up after a crash, so a repeated one says that it may be seen twice. */
  privately(part: string, to: Place & { user: string }, message: Message): Promise<void>;
  /** To the address that came with a command or a press. Refuses addresses that are not Slack's. */
  respond(part: string, responseUrl: string, message: Message, how?: { replace?: boolean }): Promise<void>;
  /** A file with a line of text. `alt`: a picture in words. */
  file(
    part: string,
    to: Place,
    file: { name: string; title: string; content: string | Uint8Array; text: string; alt?: string | undefined },
  ): Promise<void>;
  /** Redraws a message of ours. Safe to repeat. */
  update(at: { channel: string; ts: string }, message: Message): Promise<void>;
  /** Opens a modal; false when the trigger has expired (3 s), after which the person has to press again. */
  open(triggerId: string, view: View): Promise<boolean>;
  updateView(viewId: string, view: View): Promise<void>;
  publishHome(userId: string, view: View): Promise<void>;
  unfurl(at: { channel: string; ts: string }, unfurls: Record<string, Message>): Promise<void>;
  /** What the bot is doing, under the thread; null: nothing. Never throws: a status is a courtesy. */
  status(to: Required<Place>, words: string | null): Promise<void>;
  /** The session's state, with the stop button while it is "processing". Never throws. */
  session(to: Required<Place>, state: "processing" | "active", title?: string): Promise<void>;
  suggest(channel: string, title: string, prompts: { title: string; message: string }[]): Promise<void>;
  /** The direct message channel with a person. */
  directMessage(userId: string): Promise<string>;
}

/** A message that grows while it is being worked out. It outlives Slack's 5 minutes: then it is finished by an update. */
export interface AnswerStream {
  /** Checked words of the answer. */
  append(markdown: string): void;
  /** A step that is being taken, shown as a task of the plan. */
  task(id: string, title: string, status: "in_progress" | "complete" | "error"): void;
  /** Takes back all words so far. */
  restart(): void;
  /** The whole answer; returns the message's ts. */
  finish(message: Message): Promise<string>;
}
