import { randomUUID } from "node:crypto";
import type { Answer, AskEvent } from "#agent/answer.ts";
import type { AgentHouse } from "#agent/ask.ts";
import { BadInput } from "#errors.ts";
import { openThread, rememberTurn, type Thread } from "#threads/thread.ts";
import { actorIn } from "#workspaces/workspace.ts";
import type { OpenHouse } from "../open-house.ts";
import type { Place } from "../terminal.ts";
import { ownerNamed } from "./owner.ts";

/** Loads the agent's code, which brings LangChain along: a second's work, so it is kept apart from everything else. */
export const loadAgent = () => Promise.all([import("#agent/ask.ts"), import("#tools/index.ts")]);

/** The agent over a house. */
export async function openAgent({ config, log }: OpenHouse): Promise<AgentHouse> {
  const [{ createAgentHouse }, { tools, vocabulary }] = await loadAgent();
  return createAgentHouse({ model: config.model, tools, vocabulary, promptsFolder: config.promptsFolder, log });
}

const LONGEST_ID = 100;

/** The id of a thread as a person gives it. Throws BadInput when it cannot be one. */
export function threadId(given: string): string {
  const id = given.trim();
  if (!/^[\w.:-]+$/.test(id) || id.length > LONGEST_ID) {
    throw new BadInput(
      `A thread id has letters, digits, dots and dashes, at most ${LONGEST_ID}: “${id.slice(0, 60)}” does not.`,
    );
  }
  return id;
}

export const newThreadId = (): string => randomUUID().slice(0, 8);

/** Questions to the agent, with the memory of a thread where it has an id. */
export class Conversation {
  /** null: every question stands alone. */
  thread: string | null;
  readonly #place: Place;
  readonly #agent: () => Promise<AgentHouse>;
  readonly #me: string | null;
  #asker: string | null = null;

  /** `me`: who asks, as an account owner, where `--as` says so; else it goes by the setting. */
  constructor(place: Place, agent: () => Promise<AgentHouse>, thread: string | null, me?: string) {
    this.#place = place;
    this.#agent = agent;
    this.thread = thread;
    this.#me = me ?? place.house.config.me;
  }

  /** Asks, and keeps the turn. Rejects when the signal is aborted, or with Unavailable when the database is away. */
  async ask(
    question: string,
    { signal, onEvent }: { signal: AbortSignal; onEvent: (event: AskEvent) => void },
  ): Promise<Answer> {
    const { house, workspace } = this.#place;
    const agent = await this.#agent();
    signal.throwIfAborted();
    const thread = await this.#open();
    const context = house.context(workspace);
    if (this.#me !== null) this.#asker ??= await ownerNamed(this.#place, this.#me); // once the data is there
    const answer = await agent.ask({ question, thread, context, asker: this.#asker, signal, onEvent });
    if (thread) {
      const { text, findings, dropped, offline, focus } = answer;
      const turn = { question, askedOn: context.today, answer: { text, findings, dropped, offline, focus } };
      await rememberTurn(house.database, actorIn(workspace), thread, turn);
    }
    return answer;
  }

  /** How many turns the thread has that the agent still sees. */
  async turns(): Promise<number> {
    return (await this.#open())?.turns.length ?? 0;
  }

  async #open(): Promise<Thread | null> {
    if (this.thread === null) return null;
    const { house, workspace } = this.#place;
    return openThread(house.database, actorIn(workspace), `terminal:${this.thread}`);
  }
}
