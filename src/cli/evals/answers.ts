import { join } from "node:path";
import { factsOf, refreshFacts } from "#accounts/facts.ts";
import type { Answer, AskEvent } from "#agent/answer.ts";
import { type AgentHouse, createAgentHouse } from "#agent/ask.ts";
import type { ModelConfig } from "#config.ts";
import { openDatabase } from "#database/connect.ts";
import { BadInput } from "#errors.ts";
import { ACCOUNT_BEHAVIOURS, HOSTILE_PLAYBOOK } from "#evals/account-behaviours.ts";
import { BEHAVIOURS, type Behaviour } from "#evals/answer-behaviours.ts";
import { answersInWords, summaryOf } from "#evals/answer-tables.ts";
import { type AnswerQuestion, evaluateAnswers, type SeenAnswer, spread } from "#evals/answers.ts";
import { indexSet } from "#evals/index-set.ts";
import { type ModelServer, modelServer } from "#evals/model-server.ts";
import { type QuestionSet, readQuestionSet } from "#evals/question-set.ts";
import { loadSample } from "#intake/load-sample.ts";
import { createLog } from "#log.ts";
import { chooseEmbedder } from "#playbooks/embedders/embedder.ts";
import { stemmerOf } from "#playbooks/languages.ts";
import { judgeAccounts } from "#stages/judge-accounts.ts";
import { modelNamed, readLifecycle } from "#stages/knowledge.ts";
import type { ToolContext } from "#tools/define-tool.ts";
import { tools, vocabulary } from "#tools/index.ts";
import { actorIn } from "#workspaces/workspace.ts";
import { EXIT } from "../failure.ts";
import type { Terminal, Told } from "../terminal.ts";

export interface AnswersOptions {
  questions: number;
  model?: boolean;
}

const UNANSWERABLE_SHARE = 0.4;
const SAMPLE_SEED = 2026; // any number
const SECONDS = 20; // a scripted model answers at once

/** `eval answers`: golden questions through the whole agent. The exit code is 1 where a reader saw what nobody may see. */
export async function evaluateWholeAnswers(
  terminal: Terminal,
  { questions: count, model }: AnswersOptions,
): Promise<Told> {
  if (!Number.isInteger(count) || count < 2) throw new BadInput("--questions wants a whole number from 2 on.");
  const config = await terminal.settings();
  if (model && !config.model) throw new BadInput("No model is configured. Leave --model out, or set PERENNIAL_MODEL.");
  const golden = join(config.knowledgeFolder, "golden", "playbooks");
  const set = await readQuestionSet(golden, join(config.knowledgeFolder, "playbooks"));
  const log = createLog("silent");
  terminal.screen.status("Opening a database in memory");
  const [{ database, close }, server] = await Promise.all([
    openDatabase({ url: null, folder: "memory", log }),
    modelServer(),
  ]);
  try {
    const day = config.today ?? new Date().toISOString().slice(0, 10);
    terminal.screen.status("Making up the sample company");
    const workspace = await loadSample({ database, seed: SAMPLE_SEED, day });
    const [actor, embedder] = [actorIn(workspace), chooseEmbedder(config.embedding)];
    await indexSet({ database, actor, embedder }, model ? set.playbooks : [...set.playbooks, HOSTILE_PLAYBOOK]);
    const lifecycle = readLifecycle(config.knowledgeFolder);
    await refreshFacts(database, actor, day);
    await judgeAccounts({ database, actor, model: modelNamed(lifecycle, workspace.lifecycleModel), day, factsOf });
    const context: ToolContext = {
      database,
      actor,
      today: day,
      zone: workspace.zone,
      baseCurrency: workspace.baseCurrency,
      knowledge: {
        ...lifecycle,
        model: modelNamed(lifecycle, workspace.lifecycleModel),
        embedder,
        stemmer: stemmerOf(config.language),
      },
    };
    const used = (model ? config.model : null) ?? scriptedModel(server);
    const agent = createAgentHouse({ model: used, tools, vocabulary, promptsFolder: config.promptsFolder, log });
    const runs = await evaluateAnswers({
      questions: questionsOf(set, count),
      ...behaving(server, model === true),
      ask: (question) => seen(agent, context, question),
      onProgress: (words) => terminal.screen.status(words),
    });
    const breached = runs.some(({ answers }) => answers.some(({ breaches }) => breaches.length > 0));
    return {
      json: { set: set.name, runs: runs.map((run) => ({ ...summaryOf(run), answers: run.answers })) },
      words: answersInWords(runs),
      code: breached ? EXIT.failed : EXIT.ok,
    };
  } finally {
    await Promise.all([close(), server.close()]);
  }
}

/** Some questions that can be answered, and some that cannot. */
export function questionsOf(
  { questions, unanswerable }: Pick<QuestionSet, "questions" | "unanswerable">,
  count: number,
): AnswerQuestion[] {
  const none = Math.max(1, Math.round(count * UNANSWERABLE_SHARE));
  return [
    ...spread(questions, count - none).map(({ id, text, grades }) => ({ id, text, fitting: [...grades.keys()] })),
    ...spread(unanswerable, none).map(({ id, text }) => ({ id, text, fitting: [] })),
  ];
}

/** Every way to behave, scripted at the wire; or the configured model as it is. */
function behaving(server: ModelServer, asItIs: boolean) {
  if (asItIs) {
    const real: Behaviour = { name: "the configured one", reply: () => ({ say: "" }), never: () => [] };
    return { behaviours: [real], behave: () => () => [] };
  }
  return {
    behaviours: [...BEHAVIOURS, ...ACCOUNT_BEHAVIOURS],
    behave: (behaviour: Behaviour) => behave(server, behaviour),
  };
}

/** Has the scripted model behave that way; what it was asked since is what comes back. */
export function behave(server: ModelServer, behaviour: Behaviour) {
  server.script((asked) => behaviour.reply(asked));
  return () => server.asked;
}

/** The settings of a model that is scripted on a server of our own. */
export const scriptedModel = ({ url }: ModelServer): ModelConfig => ({
  name: "scripted",
  fallback: null,
  baseUrl: url,
  apiKey: "none",
  timeoutSeconds: SECONDS,
  maxCalls: 6,
  maxTokens: 100_000,
});

/** Asks the agent, and tells what a reader saw, while it was written and in the end. */
export async function seen(agent: AgentHouse, context: ToolContext, question: string): Promise<SeenAnswer> {
  let streamed = "";
  const onEvent = (event: AskEvent) => {
    if (event.type === "text") streamed += event.text;
  };
  const answer = await agent.ask({ question, thread: null, context, onEvent });
  return {
    text: answer.text,
    streamed,
    offline: answer.offline,
    sources: answer.sources,
    verdict: verdictOf(answer),
    findings: answer.findings.map(({ words }) => words),
    dropped: answer.dropped.length,
  };
}

/** "found" where any search of the playbooks found something. */
function verdictOf({ findings }: Answer): SeenAnswer["verdict"] {
  const verdicts = findings.flatMap(({ tool, output }) =>
    tool === "search_playbooks" && typeof output === "object" && output !== null && "verdict" in output
      ? [output.verdict]
      : [],
  );
  return (["found", "close", "none"] as const).find((verdict) => verdicts.includes(verdict)) ?? null;
}
