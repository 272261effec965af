import type { ToolCall } from "#threads/focus.ts";
import { aboutOne } from "./about-account.ts";
import { agendaQuestion } from "./agenda-question.ts";
import { WHO_ARE_YOU } from "./asker.ts";
import { churnQuestion } from "./churn-question.ts";
import { compareQuestion } from "./compare-question.ts";
import { contactsQuestion } from "./contacts-question.ts";
import { dealQuestion } from "./deal-question.ts";
import { figureQuestion } from "./figure-questions.ts";
import { takeFilters } from "./filters.ts";
import { followUp } from "./follow-up.ts";
import { CANNOT, HOW_TO, PLAYBOOK, SITUATION, STAGE_GUIDE } from "./intents.ts";
import { isKnownWord } from "./lexicon.ts";
import { managerQuestion } from "./manager-question.ts";
import { aboutMove, mayCall, mayWe } from "./may-we.ts";
import { byId, takePronoun, takeSureNames } from "./mentions.ts";
import { ofTheAccount } from "./of-the-account.ts";
import { type PartState, placed } from "./one-account.ts";
import { escaped } from "./places.ts";
import { isAboutMany, portfolioCall } from "./portfolio-question.ts";
import { Words } from "./question.ts";
import { riskQuestion } from "./risk-question.ts";
import { WHAT_I_CAN } from "./small-talk.ts";
import { ticketQuestion } from "./ticket-question.ts";
import { stageIn, takeNamedFilters } from "./vocabulary.ts";

type Reader = (part: string, state: PartState, isOurs: (name: string) => boolean) => ToolCall[] | null;
/** Who is asked first. Each knows its own questions, and leaves the others. */
const READERS: Reader[] = [
  aboutMove,
  agendaQuestion,
  contactsQuestion,
  ticketQuestion,
  compareQuestion,
  ofTheAccount,
  dealQuestion,
  managerQuestion,
  figureQuestion,
  riskQuestion,
  churnQuestion,
];

/** Reads one part of a question and adds what it asks for. Throws Unclear for a day that does not exist. */
export function readPart(part: string, state: PartState): void {
  const isOurs = (name: string) => isVocabulary(name, state);
  for (const read of READERS) {
    const found = read(part, state, isOurs);
    if (!found) continue;
    state.planned.push(...found);
    if (found.length > 0) state.calls = found;
    return;
  }
  const cannot = CANNOT.find(([pattern]) => pattern.test(part.toLowerCase()));
  if (cannot) {
    state.say.push(`${cannot[1]} ${WHAT_I_CAN}`);
    return;
  }
  const words = new Words(part);
  const names = takeSureNames(words, isOurs);
  const plan =
    followUp(part, names, state) ??
    mayCall(part, names, state) ??
    mayWe(words, names, state) ??
    guide(words, names, state) ??
    playbooks(part, words, names, state) ??
    many(part, names, state) ??
    aboutOne(words, names, state);
  if (plan.length === 0) return;
  state.planned.push(...plan);
  state.calls = plan;
}

/** A name that is only a word of the workspace ("Enterprise", "Germany", "Dana Cole") is a filter, not an account. */
export function isVocabulary(name: string, { vocabulary }: PartState): boolean {
  const words = new Words(name);
  takeNamedFilters(words, vocabulary);
  return (
    words.rest().length === 0 || /^(?:and|or|&|,|\s)*$/.test(words.text) || MONTH.test(name) || REPORT_WORDS.test(name)
  );
}

const MONTH =
  /^(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Q[1-4]|H[12])\.?(?: \d{1,4})*$/;
const REPORT_WORDS =
  /^(?:MRR|ARR|NPS|CSAT|CRM|CSM|QBR|NRR|GRR|USD|EUR|GBP|SLA|API|ROI|DACH|EMEA|APAC|LATAM|Americas|Europe|Nordics|Benelux|I)(?:'s)?$/i;

function guide(words: Words, names: string[], state: PartState): ToolCall[] | null {
  if (names.length > 0 || !words.has(STAGE_GUIDE) || words.has(/\bplaybooks?\b/)) return null;
  const stage = stageIn(words.original, state.vocabulary);
  if (!stage && !words.has(/\b(?:stages|phases|lifecycle model)\b/)) return null;
  return [{ tool: "stage_guide", input: stage ? { stage } : {} }];
}

/** Told, not asked: a question that counts or names things is none. */
const tellsSituation = (part: string): boolean =>
  SITUATION.test(part.toLowerCase()) &&
  !/^(?:(?:all |the )?(?:customers|clients|accounts) (?:who|that|with)|which|what|who|how|when|where|why|list|show|count|is|are|do|does|did|has|have|any)\b/i.test(
    part,
  );

function playbooks(part: string, words: Words, names: string[], state: PartState): ToolCall[] | null {
  const howTo = HOW_TO.test(part.toLowerCase()) && !words.has(PLAYBOOK);
  if (!howTo && !words.has(PLAYBOOK) && !tellsSituation(part)) return null;
  // "how do I file VAT in Norway?": the capitals belong to the matter, unless they are who it is done for.
  if (howTo)
    names = names.filter((name) =>
      new RegExp(`\\b(?:with|at|for|of|from|to|by|about) ["“]?${escaped(name)}`, "i").test(part),
    );
  const stage = stageIn(part, state.vocabulary);
  const account =
    names[0] ??
    placed(words, state) ??
    (takePronoun(words) ? (state.account ?? (state.focus.account && byId(state.focus.account))) : null);
  if (account) state.account = account;
  // The account's name would only lead the search astray: its stage is what counts.
  const question = names
    .reduce(
      (text, name) =>
        text.replace(new RegExp(`(?: (?:at|from|with|for|of|to|by))? ["“]?${escaped(name)}["”]?(?:'s)?`, "i"), ""),
      part,
    )
    .trim();
  return [
    {
      tool: "search_playbooks",
      input: {
        question: question.length > 5 ? question : part,
        ...(account ? { account } : stage ? { stage: stage.toLowerCase() } : {}),
      },
    },
  ];
}

function many(part: string, names: string[], state: PartState): ToolCall[] | null {
  const words = new Words(part);
  if (!words.has(/\b(?:named|called|names? (?:contains?|containing|includes|with|like|starts))\b/))
    for (const name of names) words.take(new RegExp(escaped(name.toLowerCase())));
  const filters = takeFilters(words, state.vocabulary, state);
  const mine = /\bmy (?:accounts|customers|clients|renewals|portfolio)\b/i.test(part);
  if (mine && !state.asker) {
    state.say.push(WHO_ARE_YOU);
    return [];
  }
  if (!isAboutMany(words, filters, names.length > 0 && !filters.name_contains)) return null;
  // "when do they renew?" after one account is about that account.
  if (/\b(?:they|it|their|its)\b/.test(words.text) && Object.keys(filters).length === 0 && state.focus.account)
    return null;
  const call = portfolioCall(words, filters, state.today);
  const unread = words
    .rest()
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text) && !isKnownWord(text))
    .map(({ text }) => text.replace(/[^\p{L}\p{N}'-]+$/u, ""));
  if (unread.length === 0) return [call];
  const said = `I did not understand “${unread.join(" ").slice(0, 80)}”`;
  // Everybody is no answer where the words that would have said who are not understood.
  const isEverybody = call.tool === "portfolio" && Object.keys(call.input).length === 0;
  state.say.push(
    isEverybody
      ? `${said}, and without it that would be all accounts. ${WHAT_I_CAN}`
      : `${said}, so the answer does not regard it.`,
  );
  return isEverybody ? [] : [call];
}
