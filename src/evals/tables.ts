import type { Change } from "./accepted-run.ts";
import type { Ablation } from "./evaluate.ts";
import type { QuestionSet } from "./question-set.ts";
import { type Summary, summaries } from "./summary.ts";

const figure = (value: number): string => value.toFixed(3);
const percent = (value: number): string => `${Math.round(value * 100)} %`;
const HEAD = ["nDCG@10", "Recall@5", "Hit@5", "MRR", "Answered", "False answers", "AUROC"];
const figures = ({ ndcg10, recall5, hit5, mrr, answered, gate }: Summary): string[] => [
  ...[ndcg10, recall5, hit5, mrr].map(figure),
  percent(answered),
  gate ? `${percent(gate.falseAnswers)} of ${gate.unanswerable}` : "",
  gate?.auroc ? figure(gate.auroc) : "",
];

/** A run as Markdown: a line for each half, precision by stage, and the gate. */
export function runInWords({ name, playbooks, unjudged, missing }: QuestionSet, halves: Summary[]): string {
  const rows = halves.map((each) => [each.half ?? "all", String(each.questions), ...figures(each)]);
  return [
    `**${name}**: ${playbooks.length} playbooks or documents.`,
    unjudged > 0 && `${unjudged} questions are neither judged nor marked as unanswerable; they were left out.`,
    missing > 0 && `${missing} judgements name documents that are not there; no search can find them, and they count.`,
    table(["Questions", "", ...HEAD], rows),
    byStage(halves),
  ]
    .filter((part) => typeof part === "string" && part !== "")
    .join("\n\n");
}

function byStage(halves: Summary[]): string {
  const stages = [...new Set(halves.flatMap(({ precision3 }) => Object.keys(precision3)))].sort();
  if (stages.length === 0) return "";
  const rows = stages.map((stage) => [
    stage,
    ...halves.map(({ precision3 }) => (precision3[stage] === undefined ? "" : figure(precision3[stage]))),
  ]);
  return table(["Precision@3 by stage", ...halves.map(({ half }) => half ?? "all")], rows);
}

/** What changed since the accepted run, and what of it is a drop. */
export function changesInWords(changes: Change[]): string {
  const rows = changes.map(({ what, questions, difference, dropped }) => [
    what,
    String(questions),
    signed(difference.mean),
    `${signed(difference.low)} to ${signed(difference.high)}`,
    dropped ? "dropped" : "",
  ]);
  return table(["Against the accepted run", "Questions", "Change", "95 % interval", ""], rows);
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;

/** One row for each part that was left out, halves below each other. */
export function ablationInWords(ablation: Ablation[]): string {
  const rows = ablation.flatMap(({ name, run }) =>
    summaries(run).map((each) => [name, each.half ?? "all", ...figures(each)]),
  );
  return table(["Ablation", "Half", ...HEAD], rows);
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map((_, at) => (at === 0 ? "---|" : "---:|")).join("")}`, ...rows.map(line)].join("\n");
}
