import { messageAt } from "./places.ts";
import type { Block, Message, Metadata, User } from "./shapes.ts";
import { SlackError } from "./slack-error.ts";
import type { World } from "./world.ts";

const STREAM_LIVES_MS = 5 * 60_000;

/** A piece of a growing message. */
export type Chunk =
  | { type: "markdown_text"; text: string }
  | {
      type: "task_update";
      id: string;
      title: string;
      status: string;
      details?: string;
      output?: string;
      sources?: unknown[];
    }
  | { type: "plan_update"; title: string }
  | { type: "blocks"; blocks: Block[] };

type Task = Extract<Chunk, { type: "task_update" }>;

interface Stream {
  channel: string;
  ts: string;
  startedAt: number;
  /** "plan": all tasks stand in one plan at the top; "timeline": each stands where it began. */
  mode: "plan" | "timeline";
  pieces: (
    | { type: "markdown_text"; text: string }
    | { type: "task"; id: string }
    | { type: "blocks"; blocks: Block[] }
  )[];
  tasks: Map<string, Task>;
  planTitle: string | null;
}

/** Messages that grow. A stream dies 5 minutes after its start, whatever was appended. */
export class Streams {
  readonly #world: World;
  readonly #open = new Map<string, Stream>();
  constructor(world: World) {
    this.#world = world;
  }

  start(
    by: User,
    to: { channel: string; thread_ts?: string | undefined },
    how: { mode: "plan" | "timeline"; chunks: Chunk[] },
  ): Message {
    const message = this.#world.messages.post(to.channel, {
      by,
      text: "",
      thread_ts: to.thread_ts,
      streaming_state: "in_progress",
    });
    const stream: Stream = {
      channel: to.channel,
      ts: message.ts,
      startedAt: this.#world.now(),
      mode: how.mode,
      pieces: [],
      tasks: new Map(),
      planTitle: null,
    };
    this.#open.set(message.ts, stream);
    if (how.chunks.length > 0) this.#grow(stream, how.chunks);
    return message;
  }

  /** Throws SlackError message_not_found, message_not_in_streaming_state. */
  append(by: User, channel: string, ts: string, chunks: Chunk[]): void {
    this.#grow(this.#streaming(by, channel, ts), chunks);
  }

  /** Throws SlackError message_not_found, message_not_in_streaming_state. */
  stop(
    by: User,
    channel: string,
    ts: string,
    last: { chunks: Chunk[]; blocks: Block[]; metadata?: Metadata | undefined },
  ): Message {
    const stream = this.#streaming(by, channel, ts);
    for (const chunk of last.chunks) add(stream, chunk);
    if (last.blocks.length > 0) stream.pieces.push({ type: "blocks", blocks: last.blocks });
    this.#open.delete(ts);
    const { metadata } = last;
    const content = { ...drawn(stream), streaming_state: "completed" as const, ...(metadata && { metadata }) };
    return this.#world.messages.change(channel, ts, content, null);
  }

  /** Streams of a thread that are still open; for the stop button, which ends them. */
  stopThread(channel: string, threadTs: string): string[] {
    const stopped: string[] = [];
    for (const stream of [...this.#open.values()]) {
      if (stream.channel !== channel || !this.isOpen(channel, stream.ts)) continue;
      if (messageAt(this.#world.channel(channel), stream.ts).thread_ts !== threadTs) continue;
      this.#open.delete(stream.ts);
      this.#world.messages.change(channel, stream.ts, { ...drawn(stream), streaming_state: "completed" }, null);
      stopped.push(stream.ts);
    }
    return stopped;
  }

  /** Ends it first where its 5 minutes are over. */
  isOpen(channel: string, ts: string): boolean {
    const stream = this.#open.get(ts);
    if (stream === undefined) return false;
    if (this.#world.now() - stream.startedAt <= STREAM_LIVES_MS) return true;
    this.#open.delete(ts);
    this.#world.messages.change(channel, ts, { streaming_state: "errored" }, null);
    return false;
  }

  #streaming(by: User, channel: string, ts: string): Stream {
    const message = messageAt(this.#world.channel(channel), ts);
    if (message.user !== by.id) throw new SlackError("message_not_found");
    if (!this.isOpen(channel, ts)) throw new SlackError("message_not_in_streaming_state");
    return this.#open.get(ts) as Stream; // isOpen has just seen it
  }

  #grow(stream: Stream, chunks: Chunk[]): void {
    for (const chunk of chunks) add(stream, chunk);
    const message = messageAt(this.#world.channel(stream.channel), stream.ts);
    Object.assign(message, drawn(stream));
    this.#world.page({ type: "stream", channel: stream.channel, message });
  }
}

function add(stream: Stream, chunk: Chunk): void {
  const last = stream.pieces.at(-1);
  if (chunk.type === "plan_update") stream.planTitle = chunk.title;
  else if (chunk.type === "blocks") stream.pieces.push(chunk);
  else if (chunk.type === "task_update") {
    if (stream.mode === "timeline" && !stream.tasks.has(chunk.id)) stream.pieces.push({ type: "task", id: chunk.id });
    stream.tasks.set(chunk.id, { ...stream.tasks.get(chunk.id), ...chunk });
  } else if (last?.type === "markdown_text") last.text += chunk.text;
  else stream.pieces.push({ type: "markdown_text", text: chunk.text });
}

function drawn(stream: Stream): { text: string; blocks: Block[] } {
  const cards = [...stream.tasks.values()].map(taskCard);
  const plan: Block[] =
    stream.mode === "plan" && cards.length > 0
      ? [{ type: "plan", title: stream.planTitle ?? String(cards[0]?.title), tasks: cards }]
      : [];
  const text = stream.pieces.map((piece) => (piece.type === "markdown_text" ? piece.text : "")).join("");
  const rest = stream.pieces.flatMap((piece): Block[] => {
    if (piece.type === "blocks") return piece.blocks;
    if (piece.type === "markdown_text") return [{ type: "markdown", text: piece.text }];
    const task = stream.tasks.get(piece.id);
    return task === undefined ? [] : [taskCard(task)];
  });
  return { text, blocks: [...plan, ...rest] };
}

function taskCard({ id, title, status, details, output, sources }: Task): Block {
  const card: Block = { type: "task_card", task_id: id, title, status };
  if (details) card.details = richText(details);
  if (output) card.output = richText(output);
  if (sources) card.sources = sources;
  return card;
}

const richText = (text: string): Block => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
});
