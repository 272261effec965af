import { Command, Option } from "commander";
import type { Run } from "#evals/ask-set.ts";
import type { Half, QuestionSet } from "#evals/question-set.ts";
import type { AnswersOptions } from "../evals/answers.ts";
import { EXIT } from "../failure.ts";
import type { Terminal, Told } from "../terminal.ts";

interface RetrievalOptions {
  set?: string;
  half?: Half;
  ablation?: boolean;
  accept?: boolean;
  accepted?: string;
}

const HELP = `
Examples:
  perennial eval retrieval                        the golden questions over your playbooks, halves apart
  perennial eval retrieval --ablation             what each part of the search is worth
  perennial eval retrieval --set ./questions      another set: queries.jsonl, qrels.tsv, corpus.jsonl
  perennial eval retrieval --accept               from now on, later runs are held against this one

It indexes into a database of its own in memory and leaves nothing behind. A drop beyond the 95 % interval against the
accepted run ends with exit code 1. docs/evaluation.md tells what the figures mean.
`;

export const evalCommand = (terminal: Terminal): Command => {
  const retrieval = new Command("retrieval")
    .description("find out how good the playbook search is on questions with known answers")
    .option("--set <folder>", "another set of questions than the golden ones")
    .addOption(new Option("--half <half>", "only this half of the questions").choices(["tuned", "unseen"]))
    .option("--ablation", "leave out one part of the search at a time")
    .option("--accept", "keep this run as the one that later runs are held against")
    .option("--accepted <file>", "where the accepted run is kept (default: accepted-run.json beside the set)")
    .option("--json", "print one JSON object on standard output, and nothing else there")
    .addHelpText("after", HELP)
    .action(async (options: RetrievalOptions) => terminal.tell(await evaluateRetrieval(terminal, options)));
  return new Command("eval").description("measure the answers").addCommand(retrieval).addCommand(answers(terminal));
};

const ANSWERS_HELP = `
Examples:
  perennial eval answers                          a scripted model in every way that models go wrong
  perennial eval answers --model                  the configured model instead (it costs tokens)

Golden questions over your playbooks, in a database in memory. The exit code is 1 where a reader saw a citation of
something that was not retrieved, advice without a passage, a planted falsehood, or no honest no.
`;

const answers = (terminal: Terminal): Command =>
  new Command("answers")
    .description(
      "find out whether whole answers keep to what was retrieved, with a scripted model or the configured one",
    )
    .option("--questions <count>", "how many golden questions", Number, 20)
    .option("--model", "ask the configured model")
    .option("--json", "print one JSON object on standard output, and nothing else there")
    .addHelpText("after", ANSWERS_HELP)
    .action(async (options: AnswersOptions) => {
      const { evaluateWholeAnswers } = await import("../evals/answers.ts");
      terminal.tell(await evaluateWholeAnswers(terminal, options));
    });

async function evaluateRetrieval(terminal: Terminal, options: RetrievalOptions): Promise<Told> {
  const [{ join }, { openDatabase }, { createLog }, { chooseEmbedder }, { readQuestionSet }, { stemmerOf }] =
    await Promise.all([
      import("node:path"),
      import("#database/connect.ts"),
      import("#log.ts"),
      import("#playbooks/embedders/embedder.ts"),
      import("#evals/question-set.ts"),
      import("#playbooks/languages.ts"),
    ]);
  const { knowledgeFolder, embedding, language } = await terminal.settings();
  const golden = join(knowledgeFolder, "golden", "playbooks");
  const set = await readQuestionSet(options.set ?? golden, join(knowledgeFolder, "playbooks"));
  const accepted = options.accepted ?? join(options.set ? set.folder : join(golden, ".."), "accepted-run.json");
  const embedder = chooseEmbedder(embedding);
  terminal.screen.status("Opening a database in memory");
  const { database, close } = await openDatabase({ url: null, folder: "memory", log: createLog("error") });
  const given = {
    database,
    embedder,
    set,
    stemmer: stemmerOf(language),
    ...(options.half ? { half: options.half } : {}),
    onProgress: (words: string) => terminal.screen.status(words),
  };
  try {
    if (options.ablation) return await toldAblation(given);
    const { evaluate } = await import("#evals/evaluate.ts");
    return await toldRun(set, await evaluate(given), {
      accepted,
      accept: options.accept === true,
      embedder: embedder.name,
    });
  } finally {
    await close();
  }
}

async function toldAblation(given: Parameters<typeof import("#evals/evaluate.ts")["ablate"]>[0]): Promise<Told> {
  const [{ ablate }, { gateOf, summaries }, { ablationInWords }] = await Promise.all([
    import("#evals/evaluate.ts"),
    import("#evals/summary.ts"),
    import("#evals/tables.ts"),
  ]);
  const ablation = await ablate(given);
  return {
    json: {
      set: given.set.name,
      ablation: ablation.map(({ name, run }) => ({ name, halves: summaries(run), gate: gateOf(run) })),
    },
    words: ablationInWords(ablation),
  };
}

async function toldRun(
  set: QuestionSet,
  run: Run,
  { accepted, accept, embedder }: { accepted: string; accept: boolean; embedder: string },
): Promise<Told> {
  const [{ changesSince, readAccepted, writeAccepted }, { gateOf, summaries }, { changesInWords, runInWords }] =
    await Promise.all([import("#evals/accepted-run.ts"), import("#evals/summary.ts"), import("#evals/tables.ts")]);
  const before = accept ? null : readAccepted(accepted);
  const comparable = before?.embedder === embedder;
  const changes = before && comparable ? changesSince(before, run) : [];
  if (accept) writeAccepted(accepted, run, embedder);
  const [halves, gate] = [summaries(run), gateOf(run)];
  const after = accept
    ? `Accepted: ${accepted}`
    : !before
      ? "No run has been accepted yet; --accept keeps this one."
      : comparable
        ? changesInWords(changes)
        : `The accepted run was made with the embedder ${before.embedder}, this one with ${embedder}: not compared.`;
  return {
    json: { set: set.name, embedder, halves, gate, changes, questions: run.questions, unanswerable: run.unanswerable },
    words: [runInWords(set, halves), `Embedder: ${embedder}.`, after].join("\n\n"),
    code: changes.some(({ dropped }) => dropped) ? EXIT.failed : EXIT.ok,
  };
}
