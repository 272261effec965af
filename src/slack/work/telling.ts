import { AskAgain, errorRef, Unavailable } from "#errors.ts";
import type { Log } from "#log.ts";
import { JobEnded, SlackFault } from "../faults.ts";
import type { Message } from "../message.ts";
import type { SlackPoster } from "../post/slack-poster.ts";
import type { Origin } from "../receive/body.ts";
import { SlackRefusal } from "../refusal.ts";
import { escaped } from "../views/outside-text.ts";

/** What becomes of a job that failed. */
export interface Failure {
  /** What the person is told; null: nothing. */
  sentence: string | null;
  /** It may go well in a moment. */
  retry: boolean;
  /** Nothing can be said where it was asked. */
  personal: boolean;
  /** The person knows by now all that there is to know: the row counts as done. */
  settled: boolean;
  /** What stands in the inbox row; never words of a person. */
  note: string;
}

/** What an error means for the person and for the job. Unknown ones get a reference that stands in the log. */
export function failureOf(error: unknown, log: Log): Failure {
  const told = { retry: false, personal: false, settled: true, note: "" };
  if (error instanceof SlackRefusal) return { ...told, sentence: error.quiet ? null : error.message, note: "refused" };
  if (error instanceof AskAgain) return { ...told, sentence: error.message, note: "asked back" };
  if (error instanceof JobEnded && error.why === "stopped") return { ...told, sentence: "Stopped.", note: "stopped" };
  const failed = { ...told, settled: false };
  if (error instanceof Unavailable) {
    log.error({ err: error }, "a job failed: something outside does not answer");
    return { ...failed, sentence: error.message, retry: true, note: "unavailable" };
  }
  if (error instanceof SlackFault) {
    const sentence = error.endsTeam ? null : error.message;
    log[error.retry ? "warn" : "error"](
      { err: error, code: error.code, details: error.details },
      "a job failed in Slack",
    );
    return { ...failed, sentence, retry: error.retry, personal: error.personal, note: error.code };
  }
  const ref = errorRef();
  log.error({ err: error, ref }, "a job failed");
  return { ...failed, sentence: `That failed on my side (ref ${ref}).`, note: `ref ${ref}` };
}

/** One sentence as a message. */
export const sentenceMessage = (sentence: string): Message => ({ text: escaped(sentence), blocks: [] });

const PART = "failure";

/**
 * Says a sentence to the person where they asked: at the end of a message that was growing or was left half, in the thread of a direct
 * message, else so that only they see it; in a direct message where nothing can be said there. Never throws.
 */
export async function tellPerson(
  post: SlackPoster,
  origin: Origin,
  { sentence, personal }: Pick<Failure, "sentence" | "personal">,
  log: Log,
): Promise<void> {
  if (sentence === null) return;
  const message = sentenceMessage(sentence);
  for (const way of personal ? [inPerson] : [there, inPerson]) {
    try {
      if (await way(post, origin, message)) return;
    } catch (error) {
      log.warn({ err: error }, "a sentence could not be said to the person");
      if (!(error instanceof SlackFault) || error.endsTeam) return;
    }
  }
}

type Way = (post: SlackPoster, origin: Origin, message: Message) => Promise<boolean>;

const there: Way = async (post, { responseUrl, channel, thread, user, isDirect }, message) => {
  if (await post.endGrowing(message)) return true;
  if (isDirect && (await post.endHalf(message))) return true;
  if (responseUrl) {
    await post.respond(PART, responseUrl, message);
    return true;
  }
  if (!channel) return false;
  const place = { channel, ...(thread ? { thread } : {}) };
  if (isDirect) await post.message(PART, place, message);
  else if (user) await post.privately(PART, { ...place, user }, message);
  return isDirect || user !== null;
};

const inPerson: Way = async (post, { user }, message) => {
  if (!user) return false;
  await post.message(`${PART}-in-person`, { channel: await post.directMessage(user) }, message);
  return true;
};
