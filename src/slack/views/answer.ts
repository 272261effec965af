import { type Answer, choiceOf, type Finding } from "#agent/answer.ts";
import { listed } from "#tools/words.ts";
import { ACTIONS } from "../actions.ts";
import type { Block, Look, Message } from "../message.ts";
import { cardOf } from "./cards.ts";
import { button, context, lineSections, section } from "./elements.ts";
import { feedbackButtons } from "./feedback.ts";
import { cutMrkdwn, fitMessage, pack } from "./limits.ts";
import { cleanMarkdown, toMrkdwn } from "./mrkdwn.ts";
import { lineIn } from "./outside-text.ts";
import { citedBlocks } from "./passages.ts";

/** What an answer is shown with. */
export interface AnswerMore {
  /** The turn of the thread that the answer is; null: nobody keeps it, so nothing can come back to it. */
  turn: number | null;
}

const MOST_CARDS = 6; // whoever asks for more is better served by a table
const LONGEST_PROSE = 10_000; // leaves room for what stands under it
const LONGEST_OPENING = 150; // of what a second message says to those who see no blocks
/** What these found is told whole by the model's prose, with its sources at the end. */
const TOLD_BY_PROSE = ["search_playbooks", "stage_guide"];
/** What a card shows need not be asked again by a button. */
const SHOWS: Record<string, readonly string[]> = {
  account_overview: [ACTIONS.overview],
  why_this_stage: [ACTIONS.whyThisStage],
  next_steps: [ACTIONS.nextSteps, ACTIONS.playbook],
  account_timeline: [ACTIONS.timeline],
  search_playbooks: [ACTIONS.playbook],
};

/**
 * An answer as it is posted: normally one message, more where one cannot hold it. The model's prose comes first, then the
 * cards of what was found; offline the cards speak alone. The `text` of the first message is the whole answer.
 */
export function answerMessages(answer: Answer, look: Look, { turn }: AnswerMore): Message[] {
  const prose = ownWords(answer);
  const told = !answer.offline && prose !== "";
  const shown = worthShowing(answer, prose, told);
  const cards = shown.map((finding) =>
    cardOf(finding, look, { turn: turn ?? undefined, compact: told, without: alreadyShown(finding, shown) }),
  );
  const body = [proseBlocks(prose, told), ...cards];
  const nothing = body.every((blocks) => blocks.length === 0) ? [section("Nothing was found.")] : [];
  const groups = [noticeOf(answer), ...body, nothing, endOf({ answer, look, turn, told })];
  const whole = [toMrkdwn(answer.text), citedWords(answer), keptOutWords(answer, look)]
    .filter((each) => each !== "")
    .join("\n");
  return pack(groups).map((blocks, at) => fitMessage({ text: at === 0 ? whole : continued(whole), blocks }));
}

/** What an answer says beside its findings: the prose of a model, a greeting, what was not understood. */
function ownWords({ text, findings, offline }: Answer): string {
  const lines = new Set(findings.flatMap(({ words }) => words.split("\n")));
  const paragraphs = text.split(/\n{2,}/).slice(offline ? 1 : 0);
  return paragraphs
    .filter((each) => !lines.has(each.split("\n")[0] ?? ""))
    .join("\n\n")
    .trim();
}

/** Each finding once; under prose only what the prose does not tell. */
function worthShowing({ findings, text }: Answer, prose: string, told: boolean): Finding[] {
  const seen = new Set<string>();
  const once = findings.filter((finding) => {
    const key = `${choiceOf(finding) ? "choice" : finding.tool}\n${finding.words}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  const inProse = (finding: Finding): boolean =>
    TOLD_BY_PROSE.includes(finding.tool) && (!text.includes(finding.words) || prose.includes(finding.words));
  return once.filter((finding) => !told || (!finding.isError && !inProse(finding))).slice(0, MOST_CARDS);
}

/** The buttons of an account stand once, under its last card, without what its cards show. */
function alreadyShown(finding: Finding, shown: readonly Finding[]): readonly string[] {
  const account = accountIn(finding);
  const own = shown.filter((each) => accountIn(each) === account);
  return own.at(-1) === finding ? own.flatMap(({ tool }) => SHOWS[tool] ?? []) : Object.values(ACTIONS);
}

function accountIn({ output }: Finding): number | null {
  if (typeof output !== "object" || output === null || !("account" in output)) return null;
  const { account } = output;
  return typeof account === "object" && account !== null && "id" in account && typeof account.id === "number"
    ? account.id
    : null;
}

/** That no model took part. Where one should have, the first paragraph says what was wrong with it. */
function noticeOf({ offline, text }: Answer): Block[] {
  return offline ? [context(toMrkdwn(text.split(/\n{2,}/)[0] ?? ""))] : [];
}

function proseBlocks(prose: string, told: boolean): Block[] {
  if (prose === "") return [];
  return told
    ? [{ type: "markdown", text: cleanMarkdown(prose, LONGEST_PROSE) }]
    : lineSections(toMrkdwn(prose).split("\n"));
}

interface End {
  answer: Answer;
  look: Look;
  turn: number | null;
  told: boolean;
}

/** The passages that the prose cites, what was kept out, and whether it helped. */
function endOf({ answer, look, turn, told }: End): Block[] {
  const { findings, sources } = answer;
  const isAnswer =
    (findings.length === 0 && !answer.offline) || findings.some((each) => !each.isError && choiceOf(each) === null);
  return [
    ...(told ? citedBlocks(sources) : []),
    ...keptOutBlocks(answer, look, turn),
    ...(turn !== null && isAnswer ? [feedbackButtons(turn)] : []),
  ];
}

/** The cited passages for those who see no blocks. */
const citedWords = ({ sources }: Answer): string =>
  sources
    .filter(({ cited }) => cited)
    .map(
      ({ number, playbook, section, path }) =>
        `[${number}] ${lineIn(playbook, 120)}, ${lineIn(section, 120)} (${lineIn(path)})`,
    )
    .join("\n");

const keptOutWords = ({ keptOut }: Answer, { audience }: Look): string =>
  audience === "channel" && keptOut.length > 0 ? `Kept out of this channel: ${lineIn(listed(keptOut), 600)}.` : "";

function keptOutBlocks(answer: Answer, look: Look, turn: number | null): Block[] {
  const words = keptOutWords(answer, look);
  if (words === "") return [];
  if (turn === null) return [context(words)];
  return [
    section(
      words,
      button({
        text: "Show me privately",
        action: ACTIONS.showPrivately,
        value: { turn },
        label: "Show me the whole answer in a direct message",
      }),
    ),
  ];
}

const continued = (whole: string): string => `${cutMrkdwn(whole.split("\n")[0] ?? "", LONGEST_OPENING)} (continued)`;
