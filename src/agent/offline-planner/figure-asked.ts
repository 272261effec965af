import type { PortfolioFilters } from "#tools/portfolio-input.ts";
import { takeEarlier } from "./earlier-window.ts";
import { takeGroup, takeMost, takePieces, takeWindows } from "./figure-pieces.ts";
import { isKnownWord } from "./lexicon.ts";
import { takeSureNames } from "./mentions.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";
import { takeNamedFilters } from "./vocabulary.ts";

/** What a question for a figure says besides the figure. */
export interface Asked {
  /** The question in lower case. */
  text: string;
  /** Windows in the question, in its order. */
  windows: string[];
  group: string | null;
  /** Which end of the groups is asked for: "which team lost the most?" */
  order: "highest" | "lowest" | null;
  /** A figure for each of these in the window. */
  each: "week" | "month" | "quarter" | null;
  filters: FigureFilters;
  stages: string[];
}

export type FigureFilters = Pick<PortfolioFilters, "owner" | "team" | "segment" | "industry" | "country" | "plan">;

/** Grammar of questions for figures, and what their patterns look for; a stage is read from the whole question. */
const FIGURE_WORDS =
  /^(?:fall\w*|fell|drop\w*|decreas\w*|shr[aiu]nk\w*|declin\w*|rise\w*|rose|grow\w*|grew|increas\w*|jump\w*|lower|higher|drove|drives?|explains?|caused?|behind|recurring|conver\w*|funnels?|stuck|bottlenecks?|stay|spend|remain|sit|cohorts?|retain\w*|retention|move[ds]?|moving|progress\w*|advanced?|promoter|satisfaction|price|prices|pricing|raised?|left|leave|lose|lost|cancel\w*|maps?|journeys?|touch-?points?|pains?|points?|hurts?|meet|rates?|per|vs|against|work|quarter|month|week|calculate|split|grouped|order|strict|comments?|surveys?|figures?|metrics?|our|develop\w*|evolv\w*|trend|history|past|weeks|repeat|buyers?|purchases?|buy|order|again|worth|sooner|earlier|faster|quicker|longer|longest|soonest|fastest|leaves|stays?|goes|survival|curves?|speed|than|ones|quarterly|weekly|monthly|mrr|arr|logo|net|gross|end|time|percentage|percent|share)$/;

/** What was not understood is said, not left out in silence. */
export function sayUnread(words: Words, { vocabulary, say }: PartState): void {
  const stages = vocabulary.stages.map((stage) => stage.toLowerCase());
  const unread = words
    .rest()
    .map(({ text }) => text.replace(/[^\p{L}\p{N}'-]+$/u, "").replace(/'s$/, ""))
    .filter((text) => /[\p{L}\p{N}]/u.test(text) && !isKnownWord(text))
    .filter((text) => !FIGURE_WORDS.test(text.toLowerCase()) && !stages.includes(text.toLowerCase()));
  if (unread.length > 0)
    say.push(`I did not understand “${unread.join(" ").slice(0, 80)}”, so the answer does not regard it.`);
}

/** Windows, group, stages and filters of a question, taken out of the words. */
export function pieces(words: Words, state: PartState): Omit<Asked, "text"> {
  const windows = takeWindows(words);
  const earlier = takeEarlier(words, windows[0], state.today);
  if (earlier) windows.push(earlier);
  const each = takePieces(words);
  const most = takeMost(words);
  const group = takeGroup(words) ?? most?.group ?? null;
  const stages = stagesIn(words.original, state);
  const { stage: _, ...filters } = takeNamedFilters(words, { ...state.vocabulary, stages: [] });
  if (words.take(/\bmy\b/) && state.asker) filters.owner = [state.asker];
  return { windows, group, order: most?.order ?? null, each, filters, stages };
}

/** The stages that a question names, in its order. */
function stagesIn(text: string, { vocabulary }: PartState): string[] {
  return vocabulary.stages
    .map((stage) => ({
      stage,
      at: text
        .toLowerCase()
        .search(
          new RegExp(`(?:from|to|into|in|at|of|and|→|->) (?:the )?${stage.toLowerCase()}(?! (?:team|tickets?))\\b`),
        ),
    }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ stage }) => stage);
}

/** Whether a question names an account for sure; then it is about that account. */
export function namesOneAccount(part: string, { vocabulary }: PartState): boolean {
  return takeSureNames(new Words(part), (name) => isOurs(name, vocabulary)).length > 0;
}

const OUR_WORDS =
  /^(?:MRR|ARR|NRR|GRR|NPS|CSAT|CLV|CLTV|LTV|ARPA|ARPU|ARPC|Q[1-4]|H[12]|YTD|Net|Gross|Logo|Kaplan|Meier|I|EMEA|APAC|LATAM|DACH|Americas|Europe|Nordics|Benelux|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)(?:'s)?(?: \d{1,4})*$/i;

/** A name that is a word of the workspace or of the figures, not an account's. */
function isOurs(name: string, vocabulary: PartState["vocabulary"]): boolean {
  const words = new Words(name);
  takeNamedFilters(words, vocabulary);
  return words
    .rest()
    .every(
      ({ text }) =>
        OUR_WORDS.test(text) ||
        /^(?:and|or|of|for|in|the|&|,|to|vs|versus|\d{1,4})$/i.test(text) ||
        vocabulary.stages.some((stage) => stage.toLowerCase() === text.toLowerCase()),
    );
}

/** Filters only where there are some. */
export const given = <Rest extends { filters: FigureFilters }>({ filters, ...rest }: Rest) => ({
  ...rest,
  ...(Object.keys(filters).length > 0 ? { filters } : {}),
});
/** The same with the first window. */
export const one = <Rest extends { filters: FigureFilters }>([window]: string[], rest: Rest) => ({
  ...(window ? { window } : {}),
  ...given(rest),
});
