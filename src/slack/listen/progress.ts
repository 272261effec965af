import type { AskEvent } from "#agent/answer.ts";
import type { Job } from "../job.ts";
import type { Message } from "../message.ts";
import type { AnswerStream, Place } from "../post/poster.ts";
import type { SlackQuestion } from "./answering.ts";
import { plain, titleOf } from "./notes.ts";

const STOPPED = plain("Stopped.");

/** What a person sees while a question is being answered: a status, and in a direct message the answer as it grows. */
export class Progress {
  readonly #job: Job;
  readonly #asked: SlackQuestion & { part: string };
  readonly #place: Required<Place> | null;
  #stream: Promise<AnswerStream> | null = null;
  /** Courtesies in their order; they never fail, and nothing waits for them but the end. */
  #shown: Promise<void> = Promise.resolve();
  #running: { tool: string; id: string }[] = [];
  #tasks = 0;

  constructor(job: Job, asked: SlackQuestion & { part: string }) {
    this.#job = job;
    this.#asked = asked;
    const { channel, thread } = asked.to;
    const here = asked.how === "stream" || asked.how === "post";
    this.#place = here && thread !== undefined ? { channel, thread } : null;
  }

  begin(): void {
    const title = titleOf(this.#asked.shown ?? this.#asked.question);
    this.#show((place) => this.#job.post.session(place, "processing", title));
    this.#status("is looking it up…");
  }

  hear(event: AskEvent): void {
    const streams = this.#asked.how === "stream";
    if (event.type === "status") this.#status(`is ${event.words.toLowerCase()}…`);
    else if (event.type === "tool_started") this.#started(event.tool, event.title);
    else if (event.type === "tool_finished") this.#finished(event);
    else if (event.type === "text" && streams) this.#grow((stream) => stream.append(event.text));
    else if (event.type === "restart" && streams) this.#grow((stream) => stream.restart());
  }

  /** The whole answer, in the message that grew or in a new one. */
  async finish(message: Message): Promise<void> {
    const { part, to } = this.#asked;
    if (this.#stream) await (await this.#stream).finish(message);
    else await this.#job.post.message(part, to, message);
  }

  /** The asker pressed stop: that is said, and nothing else. */
  async stopped(): Promise<void> {
    const { how, part, to, asker, responseUrl } = this.#asked;
    if (how === "stream" || how === "post") await this.finish(STOPPED);
    else if (how === "respond" && responseUrl) await this.#job.post.respond(part, responseUrl, STOPPED);
    else await this.#job.post.privately(part, { ...to, user: asker.userId }, STOPPED);
  }

  /** Takes the status and the stop button away. */
  async end(): Promise<void> {
    this.#status(null);
    this.#show((place) => this.#job.post.session(place, "active"));
    await this.#shown;
  }

  #started(tool: string, title: string): void {
    if (this.#asked.how !== "stream") {
      this.#status(`is looking up: ${title}…`);
      return;
    }
    const id = `task-${++this.#tasks}`;
    this.#running.push({ tool, id });
    this.#grow((stream) => stream.task(id, title, "in_progress"));
  }

  #finished({ tool, title, isError }: { tool: string; title: string; isError: boolean }): void {
    const at = this.#running.findIndex((each) => each.tool === tool);
    if (at === -1) return;
    const [{ id } = { id: "" }] = this.#running.splice(at, 1);
    this.#grow((stream) => stream.task(id, title, isError ? "error" : "complete"));
  }

  /** The stream is begun with the first thing to show, so that a question that fails before leaves nothing behind. */
  #grow(change: (stream: AnswerStream) => void): void {
    if (!this.#place) return;
    const { part, asker } = this.#asked;
    this.#stream ??= this.#job.post.stream(part, this.#place, { userId: asker.userId, teamId: this.#job.teamId });
    this.#stream.then(change, () => undefined); // who finishes it hears of the failure
  }

  #status(words: string | null): void {
    if (words !== null && this.#stream) return; // the growing answer shows what is being done
    this.#show((place) => this.#job.post.status(place, words));
  }

  #show(courtesy: (place: Required<Place>) => Promise<void>): void {
    const place = this.#place;
    if (place) this.#shown = this.#shown.then(() => courtesy(place));
  }
}
