import type { ToolCall } from "#threads/focus.ts";
import { churnQuestion } from "./churn-question.ts";
import { takeSince } from "./dates.ts";
import { figureQuestion } from "./figure-questions.ts";
import { takeFilters } from "./filters.ts";
import { followUp } from "./follow-up.ts";
import { CANNOT, HOW_TO, MAY_WE, MOVE_WORDS, PLAYBOOK, SITUATION, STAGE_GUIDE } from "./intents.ts";
import { isKnownWord } from "./lexicon.ts";
import { byId, takeLikelyName, takePronoun, takeSureNames } from "./mentions.ts";
import { aboutAccount, intentsOf, type PartState, placed } from "./one-account.ts";
import { escaped } from "./places.ts";
import { isAboutMany, portfolioCall } from "./portfolio-question.ts";
import { Words } from "./question.ts";
import { riskQuestion } from "./risk-question.ts";
import { WHAT_I_CAN } from "./small-talk.ts";
import { takeNamedFilters } from "./vocabulary.ts";

const WHICH_ACCOUNT = "Which account do you mean? Tell me its name.";

/** Reads one part of a question and adds what it asks for. Throws Unclear for a day that does not exist. */
export function readPart(part: string, state: PartState): void {
  const figures = figureQuestion(part, state);
  if (figures) {
    state.planned.push(...figures);
    if (figures.length > 0) state.calls = figures;
    return;
  }
  const risk = riskQuestion(part, state, (name) => isVocabulary(name, state));
  if (risk) {
    state.planned.push(...risk);
    if (risk.length > 0) state.calls = risk;
    return;
  }
  const churn = churnQuestion(part, state, (name) => isVocabulary(name, state));
  if (churn) {
    state.planned.push(...churn);
    if (churn.length > 0) state.calls = churn;
    return;
  }
  const cannot = CANNOT.find(([pattern]) => pattern.test(part.toLowerCase()));
  if (cannot) {
    state.say.push(`${cannot[1]} ${WHAT_I_CAN}`);
    return;
  }
  const words = new Words(part);
  const names = takeSureNames(words, (name) => isVocabulary(name, state));
  const plan =
    followUp(part, names, state) ??
    mayWe(words, names, state) ??
    guide(words, names, state) ??
    playbooks(part, words, names, state) ??
    many(part, names, state) ??
    about(words, names, state);
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

/** The stage that a text names. */
function stageIn(text: string, { vocabulary }: PartState): string | undefined {
  const only = { ...vocabulary, teams: [], owners: [], segments: [], industries: [], countries: [], plans: [] };
  return takeNamedFilters(new Words(text), only).stage?.[0];
}

/** Whether a move suits an account; without an account it is a question about the stage. */
function mayWe(words: Words, names: string[], state: PartState): ToolCall[] | null {
  const asked = MAY_WE.exec(words.original.toLowerCase());
  if (!asked || words.has(/\bplaybooks?\b|\bhow\b|\bwhen\b/)) return null;
  const said = asked[1]!;
  const account = names[0] ?? placed(words, state) ?? (takePronoun(words) ? inHand(state) : lowerCaseName(words, said));
  if (!account) return null;
  state.account = account;
  return [{ tool: "check_move", input: { account, move: MOVE_WORDS[said] ?? said } }];
}

/** "may i give acme a discount": the name between the verb and the move. */
function lowerCaseName(words: Words, move: string): string | null {
  const between = new RegExp(
    `\\b(?:give|offer|ask|send|pitch|make|grant|invite|to)\\s+(.{2,60}?)\\s+(?:a|an|the|some|our|for|any|with|about|to)\\b.*${escaped(move)}`,
    "i",
  );
  const name = between.exec(words.original)?.[1];
  return name && !/^(?:a|an|the|them|somebody|someone|customers?|people|prospects?|leads?)\b/i.test(name) ? name : null;
}

function guide(words: Words, names: string[], state: PartState): ToolCall[] | null {
  if (names.length > 0 || !words.has(STAGE_GUIDE) || words.has(/\bplaybooks?\b/)) return null;
  const stage = stageIn(words.original, state);
  if (!stage && !words.has(/\b(?:stages|phases|lifecycle model)\b/)) return null;
  return [{ tool: "stage_guide", input: stage ? { stage } : {} }];
}

/** Told, not asked: a question that counts or names things is none. */
const tellsSituation = (part: string): boolean =>
  SITUATION.test(part.toLowerCase()) &&
  !/^(?:which|what|who|how|when|where|why|list|show|count|is|are|do|does|did|has|have|any)\b/i.test(part);

function playbooks(part: string, words: Words, names: string[], state: PartState): ToolCall[] | null {
  const howTo = HOW_TO.test(part.toLowerCase()) && !words.has(PLAYBOOK);
  if (!howTo && !words.has(PLAYBOOK) && !tellsSituation(part)) return null;
  // "how do I file VAT in Norway?": the capitals belong to the matter, unless they are who it is done for.
  if (howTo)
    names = names.filter((name) =>
      new RegExp(`\\b(?:with|at|for|of|from|to|by|about) ["“]?${escaped(name)}`, "i").test(part),
    );
  const stage = stageIn(part, state);
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
    state.say.push("I do not know whose accounts are yours here. Ask with the owner's name.");
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
  if (unread.length > 0)
    state.say.push(`I did not understand “${unread.join(" ").slice(0, 80)}”, so the answer does not regard it.`);
  return [call];
}

/** One account, or several by name: everything that the part wants to know of each. */
function about(words: Words, names: string[], state: PartState): ToolCall[] {
  const since = takeSince(words, state.today);
  const intents = intentsOf(words);
  const place = placed(words, state);
  const pronoun = takePronoun(words);
  const guessed = names.length === 0 && place === null ? takeLikelyName(words) : null;
  // "what's the weather?" names a thing; an account goes without an article.
  const likely =
    guessed && intents.length === 0 && new RegExp(`\\bthe ${escaped(guessed)}`, "i").test(words.original)
      ? null
      : guessed;
  const compared =
    names.length > 0 && pronoun && /\bcompare\b|\b(?:versus|vs)\b/i.test(words.original)
      ? [inHand(state)].filter((name) => name !== null)
      : [];
  const resolved =
    names.length > 0
      ? [...compared, ...names]
      : [
          place ?? (intents.length > 0 || /^\S+(?: \S+){0,3}$/.test(words.original) ? likely : null) ?? inHand(state),
        ].filter((name) => name !== null);
  if (resolved.length === 0) {
    // "and their owners?" after a list: its lines tell owner, stage, MRR, health and renewal of each.
    const list = state.calls.findLast((call) => call.tool === "portfolio" || call.tool === "renewals");
    if (list && /\b(?:they|their|them)\b/i.test(words.original)) return [list];
    if (intents.length > 0 || pronoun) state.say.push(WHICH_ACCOUNT);
    return [];
  }
  if (intents.length === 0 && names.length === 0 && place === null && !pronoun && likely === null) return [];
  const strange = words.rest().filter(({ text }) => !isKnownWord(text));
  if (intents.length === 0 && !since && strange.length > 1) return [];
  state.account = resolved.at(-1)!;
  return resolved.flatMap((name) => aboutAccount(name, intents, { since }));
}

/** The account that is being talked about. */
function inHand(state: PartState): string | null {
  return state.account ?? (state.focus.account ? byId(state.focus.account) : null);
}
