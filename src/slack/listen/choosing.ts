import { AskAgain } from "#errors.ts";
import { postingState } from "#inbox/inbox.ts";
import { slackUserOf } from "#people/slack-user.ts";
import { type KeptTurn, turnNumbered } from "#threads/talk.ts";
import { openThread } from "#threads/thread.ts";
import { ACTIONS, actionOf } from "../actions.ts";
import type { Asker, Job } from "../job.ts";
import type { Message } from "../message.ts";
import { nameIn } from "../views/index.ts";
import { answerQuestion } from "./answering.ts";
import { forTheirEyes } from "./lookup.ts";
import { type DrawnBlock, type Press, presser, sayToPresser } from "./press.ts";

const ANSWER = "answer"; // the part that carries the answer

interface Choice {
  id: number;
  label: string;
  hint: string;
}

/** One of several accounts was meant: the question that waited goes on with it, and the card says who chose what. */
export async function chooseAccount(press: Press): Promise<void> {
  const { job, value } = press;
  const asker = await presser(press);
  const turn = value?.turn === undefined ? null : await turnFor(job, asker, value.turn);
  if (!turn) throw new AskAgain(TOO_LONG_AGO);
  if (turn.personId !== asker.actor.personId) return sayWhoseItIs(press, asker, turn);
  if ((await postingState(job.house.database, job.claimed, ANSWER)).state === "sent") return; // an attempt before this one
  const choices = await waitingChoices(job, asker, turn);
  const chosen = choices.find(({ id }) => id === value?.account);
  if (!chosen) throw new AskAgain("That has been answered already. Ask again if you meant another one.");
  await redraw(press, chosen);
  await goOn(press, { asker, turn, choices, chosen });
}

export const TOO_LONG_AGO = "That is too long ago; ask again.";

/** The turn of a button, as long as it is remembered. */
export const turnFor = ({ house }: Job, { actor }: Asker, turn: number): Promise<KeptTurn | null> =>
  house.database.read(actor, (rows) => turnNumbered(rows, turn));

async function sayWhoseItIs(press: Press, { actor }: Asker, { personId }: KeptTurn): Promise<void> {
  const { database } = press.job.house;
  const owner = personId === null ? null : await database.read(actor, (rows) => slackUserOf(rows, personId));
  await sayToPresser(press, `Only ${owner ? `<@${owner}>` : "whoever asked"} can choose here; ask me yourself.`);
}

/** The accounts between which a choice is open. What an attempt of this same job has settled before it was cut short is open again. */
async function waitingChoices({ house, claimed }: Job, { actor }: Asker, turn: KeptTurn): Promise<Choice[]> {
  const thread = await openThread(house.database, actor, turn.threadKey, `${claimed.inboxId}:${ANSWER}`);
  return thread.focus.pending?.choices ?? [];
}

async function goOn(
  { job, where, thread, responseUrl }: Press,
  given: { asker: Asker; turn: KeptTurn; choices: readonly Choice[]; chosen: Choice },
): Promise<void> {
  const { asker, turn, choices, chosen } = given;
  const sameName = choices.filter(({ label }) => label.toLowerCase() === chosen.label.toLowerCase()).length > 1;
  const asked = {
    question: sameName ? `#${chosen.id}` : chosen.label,
    shown: chosen.label,
    memory: turn.threadKey,
    where,
  };
  if (thread) return answerQuestion(job, { ...asked, asker, to: thread, how: where.kind === "im" ? "stream" : "post" });
  const to = { channel: where.channel };
  const alone = { ...asked, asker: forTheirEyes(asker), to };
  await answerQuestion(job, responseUrl ? { ...alone, how: "respond", responseUrl } : { ...alone, how: "private" });
}

/** The card without its buttons, and with who chose what. */
async function redraw({ job, message, where, responseUrl, userId }: Press, chosen: Choice): Promise<void> {
  const line = `<@${userId}> chose *${nameIn(chosen.label)}*.`;
  if (message) {
    const at = { channel: where.channel, ts: message.ts };
    await job.post.update(at, drawnWith(message, line));
  } else if (responseUrl)
    await job.post.respond(
      "chosen",
      responseUrl,
      { text: line, blocks: drawnWith(NOTHING, line).blocks },
      { replace: true },
    );
}

const NOTHING = { text: "", blocks: [] };

function drawnWith({ text, blocks }: { text: string; blocks: DrawnBlock[] }, line: string): Message {
  const kept = blocks.filter((block) => !offersChoice(block));
  const note = { type: "context", elements: [{ type: "mrkdwn", text: line }] };
  return { text: `${text}\n${line}`.trim(), blocks: [...kept, note] as Message["blocks"] }; // ours, as Slack gives them back
}

const offersChoice = ({ accessory }: DrawnBlock): boolean =>
  typeof accessory === "object" &&
  accessory !== null &&
  "action_id" in accessory &&
  actionOf(String(accessory.action_id)) === ACTIONS.chooseAccount;
