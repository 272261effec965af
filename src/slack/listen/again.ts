import { AskAgain } from "#errors.ts";
import { quoteIn } from "../views/index.ts";
import { answerQuestion } from "./answering.ts";
import { TOO_LONG_AGO, turnFor } from "./choosing.ts";
import { forTheirEyes } from "./lookup.ts";
import { type Press, presser } from "./press.ts";

/** Asks the question of a turn anew, with the presser's rights, where the button stands. */
export async function askAgain(press: Press): Promise<void> {
  const { job, where, thread, responseUrl } = press;
  const { asker, question } = await questionAgain(press);
  if (thread)
    return answerQuestion(job, { asker, question, where, to: thread, how: where.kind === "im" ? "stream" : "post" });
  const alone = { asker: forTheirEyes(asker), question, where, to: { channel: where.channel } };
  await answerQuestion(job, responseUrl ? { ...alone, how: "respond", responseUrl } : { ...alone, how: "private" });
}

/** Asks one's own question of Home anew; the answer begins a new thread of the direct messages. */
export async function askFromHome(press: Press): Promise<void> {
  const { job, userId, where } = press;
  const { asker, question } = await questionAgain(press, { onlyOwn: true });
  const to = { channel: await job.post.directMessage(userId) };
  await answerQuestion(job, {
    asker,
    question,
    where,
    to,
    how: "private",
    note: `You asked again: ${quoteIn(question, 300)}`,
  });
}

async function questionAgain(press: Press, { onlyOwn = false } = {}) {
  const asker = await presser(press);
  const turn = press.value?.turn === undefined ? null : await turnFor(press.job, asker, press.value.turn);
  if (!turn || (onlyOwn && turn.personId !== asker.actor.personId)) throw new AskAgain(TOO_LONG_AGO);
  return { asker, question: turn.question };
}
