import { messageAt } from "./places.ts";
import type { Prompts, Session, SessionStatus, Status } from "./shapes.ts";
import { SlackError } from "./slack-error.ts";
import type { World } from "./world.ts";

/** Slack takes a status away by itself after two minutes. */
const STATUS_LIVES_MS = 120_000;

const keyOf = (channel: string, threadTs: string): string => `${channel} ${threadTs}`;

/** What belongs to an agent's threads: the status line, the session with its stop button, suggested prompts. */
export class AgentThreads {
  readonly #world: World;
  readonly #statuses = new Map<string, { status: Status; at: number }>();
  readonly #sessions = new Map<string, Session>();
  readonly #prompts = new Map<string, Prompts>();
  constructor(world: World) {
    this.#world = world;
  }

  /** An empty status takes it away. Throws SlackError message_not_found where there is no such thread. */
  setStatus(status: Status): void {
    messageAt(this.#world.channel(status.channel), status.thread_ts);
    if (status.status === "") {
      this.clearStatus(status.channel, status.thread_ts);
      return;
    }
    this.#statuses.set(keyOf(status.channel, status.thread_ts), { status, at: this.#world.now() });
    this.#world.page({ type: "status", status });
  }

  clearStatus(channel: string, threadTs: string): void {
    if (!this.#statuses.delete(keyOf(channel, threadTs))) return;
    this.#world.page({
      type: "status",
      status: { channel, thread_ts: threadTs, status: "", loading_messages: [] },
    });
  }

  statuses(channel: string): Status[] {
    return [...this.#statuses.values()]
      .filter(({ status, at }) => status.channel === channel && this.#world.now() - at < STATUS_LIVES_MS)
      .map(({ status }) => status);
  }

  session(channel: string, threadTs: string): Session | null {
    return this.#sessions.get(keyOf(channel, threadTs)) ?? null;
  }

  sessions(channel: string): Session[] {
    return [...this.#sessions.values()].filter((session) => session.channel === channel);
  }

  /** A title counts only for a new session; later ones are renamed. */
  setSession(channel: string, threadTs: string, status: SessionStatus, title?: string): Session {
    messageAt(this.#world.channel(channel), threadTs);
    const known = this.session(channel, threadTs);
    const session: Session = { channel, thread_ts: threadTs, status, title: known?.title ?? title ?? "" };
    this.#sessions.set(keyOf(channel, threadTs), session);
    this.#world.page({ type: "session", session });
    return session;
  }

  /** Throws SlackError session_not_found. */
  rename(channel: string, threadTs: string, title: string): Session {
    const session = this.session(channel, threadTs);
    if (session === null) throw new SlackError("session_not_found");
    session.title = title;
    this.#world.page({ type: "session", session });
    return session;
  }

  setPrompts(prompts: Prompts): void {
    this.#prompts.set(prompts.channel, prompts);
    this.#world.page({ type: "prompts", prompts });
  }

  prompts(channel: string): Prompts | null {
    return this.#prompts.get(channel) ?? null;
  }
}
