import type { PageEvent, PageHistory, PageMessage, PageSession, PageStatus } from "../../page-api/types.ts";

/** A conversation after something happened in it. What belongs elsewhere leaves it as it is. */
export function changedBy(history: PageHistory, event: PageEvent): PageHistory {
  switch (event.type) {
    case "message":
    case "ephemeral":
    case "changed":
    case "stream":
    case "reaction":
      return event.channel === history.channel.id ? withMessage(history, event.message) : history;
    case "deleted":
      return event.channel === history.channel.id ? withoutMessage(history, event.ts) : history;
    case "status":
      return event.status.channel === history.channel.id
        ? {
            ...history,
            statuses: [
              ...except(history.statuses, event.status),
              ...(event.status.status === "" ? [] : [event.status]),
            ],
          }
        : history;
    case "session":
      return event.session.channel === history.channel.id
        ? { ...history, sessions: [...except(history.sessions, event.session), event.session] }
        : history;
    case "prompts":
      return event.prompts.channel === history.channel.id ? { ...history, prompts: event.prompts } : history;
    default:
      return history;
  }
}

const except = <T extends { threadTs: string | null }>(all: T[], one: { threadTs: string | null }): T[] =>
  all.filter((each) => each.threadTs !== one.threadTs);

/** Puts a message in its place, by time; one that is there already is replaced. */
export function withMessage(history: PageHistory, message: PageMessage): PageHistory {
  if (!isReply(message)) return { ...history, messages: placed(history.messages, message) };
  return {
    ...history,
    messages: history.messages.map((parent) => (parent.ts === message.threadTs ? withReply(parent, message) : parent)),
  };
}

export const isReply = (message: PageMessage): boolean => message.threadTs !== null && message.threadTs !== message.ts;

function withReply(parent: PageMessage, reply: PageMessage): PageMessage {
  const isNew = !parent.replies.some(({ ts }) => ts === reply.ts);
  return {
    ...parent,
    replies: placed(parent.replies, reply),
    replyCount: parent.replyCount + (isNew && !reply.isEphemeral ? 1 : 0),
    latestReply: isNew && !reply.isEphemeral ? reply.ts : parent.latestReply,
  };
}

/** Changes of a parent come without its replies: those that are known are kept. */
function placed(messages: PageMessage[], message: PageMessage): PageMessage[] {
  const at = messages.findIndex(({ ts }) => ts === message.ts);
  if (at === -1) return [...messages, message].sort((a, b) => Number(a.ts) - Number(b.ts));
  const before = messages[at]!;
  const replies = message.replies.length === 0 ? before.replies : message.replies;
  return messages.with(at, {
    ...message,
    replies,
    replyCount: Math.max(message.replyCount, replies.filter((each) => !each.isEphemeral).length),
  });
}

function withoutMessage(history: PageHistory, ts: string): PageHistory {
  const messages = history.messages
    .filter((message) => message.ts !== ts)
    .map((message) => {
      const replies = message.replies.filter((reply) => reply.ts !== ts);
      return replies.length === message.replies.length
        ? message
        : { ...message, replies, replyCount: Math.max(0, message.replyCount - 1) };
    });
  return { ...history, messages };
}

export const statusOf = (history: PageHistory, threadTs: string | null): PageStatus | null =>
  history.statuses.find((status) => status.threadTs === threadTs) ?? null;

/** The session that can be stopped in a thread; null where nothing is being worked on. */
export const runningSession = (history: PageHistory, threadTs: string | null): PageSession | null =>
  history.sessions.find(
    ({ threadTs: thread, status }) => thread === threadTs && (status === "processing" || status === "in_progress"),
  ) ?? null;

/** A message of a conversation with the bot, and what only this person was told while it was the last one. */
export interface Turn {
  message: PageMessage;
  whispered: PageMessage[];
}

/**
 * Messages in the order in which they are read where replies stand right below their message. What only one person sees
 * belongs to no thread, and would stay below whatever is said later in the thread that is still open.
 */
export function turnsOf(messages: readonly PageMessage[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (message.isEphemeral && last) last.whispered.push(message);
    else turns.push({ message, whispered: [] });
  }
  return turns;
}

/** What was said to a message, in order of time. */
export const saidTo = ({ message, whispered }: Turn): PageMessage[] =>
  whispered.length === 0
    ? message.replies
    : [...message.replies, ...whispered].sort((a, b) => Number(a.ts) - Number(b.ts));

/** The thread that the next words in a direct message with the bot go on with: the last one there is. */
export const openThread = (history: PageHistory): string | null =>
  history.messages.filter((message) => !message.isEphemeral).at(-1)?.ts ?? null;
