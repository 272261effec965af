import type { AnyChunk } from "@slack/types";
import { cancelPosting, finishPosting, notePosting, startPosting } from "#inbox/inbox.ts";
import { SlackFault } from "../faults.ts";
import type { Message } from "../message.ts";
import { cut } from "../views/limits.ts";
import { cleanMarkdown } from "../views/mrkdwn.ts";
import { tsOf } from "./calls.ts";
import type { PostDesk } from "./desk.ts";
import { findMarked, findUnmarked } from "./look-up.ts";
import { markOf } from "./mark.ts";
import { sayFresh } from "./once.ts";
import type { AnswerStream } from "./poster.ts";
import { endStream, redraw } from "./redraw.ts";
import { messageSaying } from "./saying.ts";

const CHUNK_CHARACTERS = 12_000;
const TITLE_CHARACTERS = 150;

export interface Growth {
  part: string;
  to: { channel: string; thread: string };
  reader: { userId: string; teamId: string };
}

/**
 * waiting: nothing stands in Slack yet. growing: a stream is open. over: a message stands, and only an update can finish it.
 * lost: it may stand, but its reply was lost. plain: Slack allows no stream here. done: the whole answer stands.
 */
type State = "waiting" | "growing" | "over" | "lost" | "plain" | "done";

/** A message that grows by Slack's streams, and is finished whole whatever becomes of the stream. */
export class GrowingMessage implements AnswerStream {
  readonly #desk: PostDesk;
  readonly #growth: Growth;
  #state: State = "waiting";
  #ts: string | null = null;
  #startedAt = 0;
  readonly #since = new Date().toISOString();
  /** The words that readers see already. */
  #streamed = "";
  #restarted = false;
  #closed = false;
  #pending: AnyChunk[] = [];
  #timer: NodeJS.Timeout | null = null;
  #lastFlush = 0;
  #flushing: Promise<void> = Promise.resolve();

  private constructor(desk: PostDesk, growth: Growth) {
    this.#desk = desk;
    this.#growth = growth;
  }

  /** Marks the part, and finds what an earlier attempt left in Slack. Throws LeaseLost. */
  static async open(desk: PostDesk, growth: Growth): Promise<GrowingMessage> {
    const growing = new GrowingMessage(desk, growth);
    const begun = await startPosting(desk.database, desk.claimed, growth.part, growth.to);
    if (begun.state === "sent") growing.#stands("done", begun.ts ?? "");
    else if (begun.state === "unsure" && begun.ts) growing.#stands("over", begun.ts);
    else if (begun.state === "unsure") await growing.#find(begun.since);
    return growing;
  }

  /** Something of it is in front of the reader, and it is not whole yet. */
  get isOpen(): boolean {
    return !this.#closed && (this.#state === "growing" || this.#state === "over" || this.#state === "lost");
  }

  append(markdown: string): void {
    if (this.#restarted) return; // new words behind the old ones would read as one text
    const text = cleanMarkdown(markdown, CHUNK_CHARACTERS);
    const last = this.#pending.at(-1);
    if (last?.type === "markdown_text" && "text" in last) last.text += text;
    else this.#push({ type: "markdown_text", text });
  }

  task(id: string, title: string, status: "in_progress" | "complete" | "error"): void {
    this.#push({ type: "task_update", id, title: cut(title, TITLE_CHARACTERS), status });
  }

  restart(): void {
    this.#restarted = true;
    this.#pending = this.#pending.filter((each) => each.type !== "markdown_text");
  }

  async finish(message: Message): Promise<string> {
    this.#close();
    await this.#flushing;
    const { queues, teamId } = this.#desk;
    return queues.run(`${teamId} ${this.#growth.to.channel}`, () => this.#finish(message));
  }

  /** Lets go of it: where nothing was seen of it, nothing will be. */
  async drop(): Promise<void> {
    this.#close();
    await this.#flushing;
    if (this.#state === "waiting" || this.#state === "plain")
      await cancelPosting(this.#desk.database, this.#desk.claimed, this.#growth.part);
  }

  #push(chunk: AnyChunk): void {
    if (this.#closed || this.#state === "done" || this.#state === "over") return;
    this.#pending.push(chunk);
    if (this.#timer) return;
    const due = Math.max(0, this.#lastFlush + this.#desk.timing.flush - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#flushing = this.#flushing.then(() => this.#flush());
    }, due);
  }

  #close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Never rejects: what cannot be streamed is said by `finish`. */
  async #flush(): Promise<void> {
    const chunks = this.#pending;
    if (chunks.length === 0 || (this.#state !== "waiting" && this.#state !== "growing")) return;
    this.#pending = [];
    this.#lastFlush = Date.now();
    try {
      if (this.#ts === null) await this.#begin(chunks);
      else await this.#grow(this.#ts, chunks);
      this.#streamed += chunks.map((each) => ("text" in each ? each.text : "")).join("");
    } catch (error) {
      this.#desk.log.debug({ err: error }, "a growing message could not grow; its end says all of it");
      const unsure = error instanceof SlackFault && error.unsure;
      this.#state = this.#ts !== null ? "over" : unsure ? "lost" : "plain";
    }
  }

  async #begin(chunks: AnyChunk[]): Promise<void> {
    const { to, reader, part } = this.#growth;
    const started = await this.#desk.calls.now("chat.startStream", {
      channel: to.channel,
      thread_ts: to.thread,
      recipient_user_id: reader.userId,
      recipient_team_id: reader.teamId,
      task_display_mode: "plan",
      chunks,
    });
    this.#startedAt = Date.now();
    this.#stands("growing", tsOf(started));
    await notePosting(this.#desk.database, this.#desk.claimed, part, tsOf(started));
  }

  async #grow(ts: string, chunks: AnyChunk[]): Promise<void> {
    if (Date.now() - this.#startedAt > this.#desk.timing.stream) {
      this.#state = "over";
      return;
    }
    await this.#desk.calls.now("chat.appendStream", { channel: this.#growth.to.channel, ts, chunks });
  }

  async #finish(message: Message): Promise<string> {
    const { part, to } = this.#growth;
    if (this.#state === "done") return this.#ts ?? "";
    const begun = await startPosting(this.#desk.database, this.#desk.claimed, part, to); // still ours?
    if (this.#state === "lost") await this.#find(begun.state === "unsure" ? begun.since : this.#since);
    if (this.#ts === null) return this.#post(message);
    const standing = { part, channel: to.channel, ts: this.#ts };
    const whole =
      (await endStream(this.#desk, standing, this.#last(message))) || (await redraw(this.#desk, standing, message));
    if (!whole) return this.#post(message);
    return this.#stand(this.#ts);
  }

  /** What ends the stream with the whole answer; null where it has to be redrawn. */
  #last(message: Message): object | null {
    const { claimed, timing } = this.#desk;
    if (this.#state !== "growing" || this.#restarted || Date.now() - this.#startedAt > timing.stream) return null;
    const rest = restAfter(this.#streamed, message);
    return rest && { ...rest, metadata: markOf(claimed, this.#growth.part) };
  }

  async #post(message: Message): Promise<string> {
    const { part, to } = this.#growth;
    const ts = (await sayFresh(this.#desk, part, to, messageSaying(this.#desk, part, to, message))) ?? "";
    this.#stands("done", ts);
    return ts;
  }

  async #stand(ts: string): Promise<string> {
    await finishPosting(this.#desk.database, this.#desk.claimed, this.#growth.part, ts);
    this.#stands("done", ts);
    return ts;
  }

  /** What an attempt whose end nobody saw has left: the whole message, a stream without our mark, or nothing. */
  async #find(since: string): Promise<void> {
    const { part, to } = this.#growth;
    const whole = await findMarked(this.#desk, part, to, since);
    if (whole) {
      await this.#stand(whole);
      return;
    }
    const stream = await findUnmarked(this.#desk, to, since);
    if (stream) this.#stands("over", stream);
    else this.#state = "waiting";
  }

  #stands(state: State, ts: string): void {
    this.#state = state;
    this.#ts = ts;
  }
}

/** What has to be added to the words that stand already; null where the answer reads otherwise and has to be redrawn. */
export function restAfter(
  streamed: string,
  { blocks }: Message,
): (Pick<Message, "blocks"> & { chunks?: AnyChunk[] }) | null {
  const [first, ...others] = blocks;
  if (streamed.trim() === "" || first?.type !== "markdown" || !("text" in first)) return null;
  const [said, whole] = [streamed.trimEnd(), String(first.text)];
  if (!whole.startsWith(said)) return null;
  const left = whole.slice(whole.startsWith(streamed) ? streamed.length : said.length);
  return { blocks: others, ...(left.trim() ? { chunks: [{ type: "markdown_text", text: left } as AnyChunk] } : {}) };
}
