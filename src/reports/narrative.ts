import { knownAccountNames } from "#accounts/known-names.ts";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { checkProse, cutIntoUnits, type Dropped, ledgerOf, nameCandidates } from "#grounding.ts";
import { formatMoney } from "#money.ts";
import type { ChurnReport } from "./churn-report.ts";
import { materialOf } from "./narrative-material.ts";

/** Has a model write a text, without any tool. `fault` finishes the sentence "the model did not answer (…)". */
export type Writer = (task: WritingTask) => Promise<{ text: string } | { fault: string }>;

export interface WritingTask {
  instructions: string;
  material: string;
  signal?: AbortSignal | undefined;
}

/** At most three paragraphs about a report, or the sentence why there are none. */
export type Narrative = ({ text: string; because: null } | { text: null; because: string }) & { dropped: Dropped[] };

export interface Narrating {
  /** null: no model is configured. */
  write: Writer | null;
  /** The prompt `churn-narrative`. */
  instructions: string;
  database: Database;
  actor: Actor;
  signal?: AbortSignal;
}

const MOST_PARAGRAPHS = 3;
const ATTEMPTS = 2; // whoever miscopied a figure is told which, and mostly mends it

/**
 * What a week's figures say, told by the model. It is given the report as its readers may see it, in which every figure
 * stands as it may be written. A text with a figure, day or account that is not in the report is sent back once with what
 * is wrong, and is not shown when it still has one.
 */
export async function narrateChurn(report: ChurnReport, narrating: Narrating): Promise<Narrative> {
  const { write, instructions, signal } = narrating;
  if (!write) return without("No narrative: no model is configured.");
  if (isQuiet(report)) return without("No narrative: nothing happened that would need one.");
  const { told, proof } = materialOf(report);
  let dropped: Dropped[] = [];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const written = await write({ instructions, material: fenced(told) + sentBack(dropped), signal });
    if ("fault" in written) return without(`No narrative: the model did not answer (${written.fault}).`, dropped);
    const text = paragraphsOf(written.text);
    if (text === "") continue;
    dropped = await notInReport(text, { report, proof, narrating });
    if (dropped.length === 0) return { text, because: null, dropped };
  }
  return without(
    dropped.length === 0
      ? "No narrative: the model wrote nothing."
      : "No narrative: what the model wrote did not match the figures of the report.",
    dropped,
  );
}

/** The sentences that say what the report does not. */
async function notInReport(
  text: string,
  {
    report,
    proof,
    narrating: { database, actor },
  }: { report: ChurnReport; proof: Record<string, unknown>; narrating: Narrating },
): Promise<Dropped[]> {
  const ledger = ledgerOf([{ output: proof, words: "" }]);
  const knownNames = await knownAccountNames(database, actor, nameCandidates(text, ledger));
  const options = { question: "", today: report.asOf, knownAccountNames: knownNames };
  return [...checkProse(text, ledger, options).dropped, ...turnedAround(text, report)];
}

/** What was wrong with the text before, for another attempt. */
const sentBack = (dropped: readonly Dropped[]): string =>
  dropped.length === 0
    ? ""
    : `\n\nYour last text was not shown. What was wrong:\n${dropped.map(({ sentence, because }) => `- ${sentence} (${because})`).join("\n")}\nWrite it anew without that.`;

const RISING = /\b(?:grew|grow(?:s|n|th)?|rose|risen|rise|increased?|gained?|climbed|added|up)\b/i;
const FALLING =
  /\b(?:fell|fall(?:s|en)?|dropped?|declined?|decreased?|shr[aiu]nk|reduced|lost|loss|down|lower|minus)\b/i;

/** Sentences that give the net change the wrong way round: an amount alone does not say which way it went. */
function turnedAround(text: string, { headline: { netMinor }, currency }: ChurnReport): Dropped[] {
  const amount = formatMoney(Math.abs(netMinor), currency);
  const [right, wrong] = netMinor < 0 ? [FALLING, RISING] : [RISING, FALLING];
  const sentences = cutIntoUnits(text).filter(({ kind }) => kind === "sentence");
  return sentences
    .filter((unit) => netMinor !== 0 && unit.text.includes(amount) && wrong.test(unit.text) && !right.test(unit.text))
    .map((unit) => ({ sentence: unit.text.trim(), because: `net MRR ${netMinor < 0 ? "fell" : "rose"}` }));
}

const without = (because: string, dropped: Dropped[] = []): Narrative => ({ text: null, because, dropped });

/** Nothing moved, and nothing is about to. */
function isQuiet({ rollForward, lost, atRisk, cancelled, regressions, saves }: ChurnReport): boolean {
  const listed = [lost, atRisk, cancelled, regressions, saves];
  return listed.every((each) => each.length === 0) && rollForward.lines.every(({ amountMinor }) => amountMinor === 0);
}

/** Names in it were written by others, so it is fenced and named. */
const fenced = (material: object): string =>
  `<report>\n${JSON.stringify(material, null, 1).replace(/<(\/?)report/gi, "<$1 report")}\n</report>`;

/** The first paragraphs, without headings and lists' marks: this is prose. */
function paragraphsOf(text: string): string {
  const paragraphs = text
    .split(/\n\s*\n/)
    .map((each) => each.replace(/^\s{0,3}#{1,6}\s+.*$/gm, "").trim())
    .filter((each) => each !== "");
  return paragraphs.slice(0, MOST_PARAGRAPHS).join("\n\n");
}
