import { cancelPosting, finishPosting, type Posting, startPosting } from "#inbox/inbox.ts";
import { SlackFault } from "../faults.ts";
import type { PostDesk } from "./desk.ts";

const TRIES = 3;
const BLIND_TRIES = 2; // what cannot be found again is said twice at most
/** The inbox holds a marked part for 30 s; a call that goes out later than this after its mark asks for more. */
const HELD_MS = 10_000;

export interface Place {
  channel: string;
  thread: string | null;
}

/** How a part is said, and how it is found where an earlier attempt may have got through. */
export interface Saying {
  /** `hold` must run right before the call; `repeated`: an earlier attempt may have been seen. Returns the ts, where there is one. */
  send(hold: () => Promise<void>, repeated: boolean): Promise<string | null>;
  /** The ts of an earlier attempt; null where there is none. Left out: it cannot be found. */
  find?(since: string): Promise<string | null>;
  /** Finishes what an earlier attempt began and did not end; null where there is nothing of the kind. */
  takeUp?(begun: { ts: string | null; since: string }): Promise<string | null>;
}

/**
 * Says a part once: marks it, looks for an earlier attempt where one is unsure, says it, and notes that it stands.
 * Throws LeaseLost where another has the job, and SlackFault where Slack refuses.
 */
export async function sayOnce(desk: PostDesk, part: string, place: Place, saying: Saying): Promise<string | null> {
  const begun = await startPosting(desk.database, desk.claimed, part, place);
  if (begun.state === "sent") return begun.ts;
  return begun.state === "unsure" ? sayUnsure(desk, part, place, saying, begun) : sayFresh(desk, part, place, saying);
}

async function sayUnsure(
  desk: PostDesk,
  part: string,
  place: Place,
  saying: Saying,
  begun: Extract<Posting, { state: "unsure" }>,
): Promise<string | null> {
  const earlier = (begun.ts === null && (await saying.find?.(begun.since))) || (await saying.takeUp?.(begun));
  if (earlier) return stands(desk, part, earlier);
  await startPosting(desk.database, desk.claimed, part, place); // the look-up may have taken its time
  return sayFresh(desk, part, place, saying, saying.find === undefined);
}

/** Says a part that is marked, and of which nothing stands in Slack. */
export async function sayFresh(
  desk: PostDesk,
  part: string,
  place: Place,
  saying: Saying,
  repeated = false,
): Promise<string | null> {
  const since = new Date().toISOString();
  const tries = saying.find ? TRIES : BLIND_TRIES;
  let heldAt = Date.now();
  const hold = async () => {
    if (Date.now() - heldAt < HELD_MS) return;
    await startPosting(desk.database, desk.claimed, part, place);
    heldAt = Date.now();
  };
  for (let time = 1; ; time++) {
    try {
      return await stands(desk, part, await saying.send(hold, repeated || time > 1));
    } catch (error) {
      if (!(error instanceof SlackFault)) throw error;
      if (!error.unsure) await cancelPosting(desk.database, desk.claimed, part);
      if (!error.unsure || time === tries) throw error;
    }
    await desk.calls.pause(desk.timing.settle);
    const earlier = await saying.find?.(since);
    if (earlier) return stands(desk, part, earlier);
  }
}

async function stands(desk: PostDesk, part: string, ts: string | null): Promise<string | null> {
  await finishPosting(desk.database, desk.claimed, part, ts);
  return ts;
}
