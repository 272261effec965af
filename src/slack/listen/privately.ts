import { AskAgain } from "#errors.ts";
import { TOO_LONG_AGO, turnFor } from "./choosing.ts";
import { forTheirEyes, lookUpAndShow } from "./lookup.ts";
import { type Press, presser, sayToPresser } from "./press.ts";

/** Looks up again what a channel was told in part, for the presser's eyes: in their direct messages. */
export async function showPrivately(press: Press): Promise<void> {
  const { job, value, where } = press;
  const asker = await presser(press);
  const turn = value?.turn === undefined ? null : await turnFor(job, asker, value.turn);
  if (!turn || turn.calls.length === 0) throw new AskAgain(TOO_LONG_AGO);
  const asked = { asker: forTheirEyes(asker), calls: turn.calls, shown: turn.question };
  const note =
    where.kind === "im" || where.channel === ""
      ? undefined
      : `The whole answer to what was asked in <#${where.channel}>.`;
  await lookUpAndShow(job, asked, { how: "private" }, note);
  if (where.kind !== "im") await sayToPresser(press, "I sent you the whole answer in a direct message.", "sent");
}
