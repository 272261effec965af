import { setTimeout as wait } from "node:timers/promises";
import type { Answer } from "#agent/answer.ts";
import type { AgentHouse } from "#agent/ask.ts";
import type { Database } from "#database/door.ts";
import type { Log } from "#log.ts";
import type { SlackHouse } from "#slack/house.ts";
import { NO_FOCUS } from "#threads/focus.ts";
import type { Knowledge } from "#tools/knowledge.ts";
import { ensureWorkspace } from "#workspaces/workspace.ts";

const TODAY = "2026-11-22";

/** What is asked with a number, so that its answer can be told from every other. */
export const questionOf = (number: number): string => `What about question ${number}?`;

/** The answer to a question, whole: with a beginning and an end, so that a torn one is seen. */
export const proseOf = (number: number): string =>
  [
    `Answer ${number} begins here.`,
    "It says a little about a customer,",
    "in pieces that come one after the other,",
    `and answer ${number} ends here.`,
  ].join(" ");

/** The number of the answer that a text begins with or holds; null where there is none. */
export const answerIn = (text: string): number | null => {
  const [, number] = /Answer (\d+) begins/.exec(text) ?? [];
  return number === undefined ? null : Number(number);
};

/** A house whose agent answers by the number of the question, after thinking for up to `thinks` milliseconds. */
export async function numberedHouse(given: { database: Database; log: Log; thinks: number }): Promise<SlackHouse> {
  const { database, log, thinks } = given;
  const workspace = await ensureWorkspace(database, {
    ...{ handle: "chaos", name: "chaos", zone: "UTC", baseCurrency: "USD" },
  });
  const agent = numberedAgent(thinks);
  return {
    log,
    database,
    models: new Map(),
    workspaceForTeam: async () => workspace,
    ready: async () => undefined,
    today: () => TODAY,
    modelOf: () => {
      throw new Error("no question of these needs a lifecycle model");
    },
    context: (_, actor) => ({
      ...{ database, actor, today: TODAY, zone: "UTC", baseCurrency: "USD" },
      knowledge: {} as Knowledge, // this agent has no tools that could look into it
    }),
    agent: async () => agent,
  };
}

function numberedAgent(thinks: number): AgentHouse {
  const think = (share: number, signal: AbortSignal | undefined) =>
    wait(Math.random() * thinks * share, undefined, signal ? { signal } : {});
  return {
    async ask({ question, onEvent, signal }) {
      const [, number] = /question (\d+)/.exec(question) ?? [];
      const text = number === undefined ? "Which question?" : proseOf(Number(number));
      onEvent?.({ type: "status", words: "Counting" });
      await think(0.6, signal);
      const half = text.indexOf("in pieces");
      onEvent?.({ type: "text", text: text.slice(0, half) });
      await think(0.4, signal);
      onEvent?.({ type: "text", text: text.slice(half) });
      return answerOf(text);
    },
  };
}

const answerOf = (text: string): Answer => ({
  ...{ text, offline: false, offlineBecause: null },
  ...{ findings: [], sources: [], dropped: [], keptOut: [] },
  usage: { modelCalls: 0, tokens: 0, ms: 0 },
  focus: NO_FOCUS,
});
