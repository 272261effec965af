/** A question (or a part of one) that is read piece by piece: what is understood is taken out, the rest may be a name. */
export class Words {
  /** Lower case, same length as `original`. */
  #text: string;
  readonly original: string;

  constructor(original: string) {
    this.original = original;
    this.#text = lower(original);
  }

  /** What has not been taken yet; taken pieces are blanks. */
  get text(): string {
    return this.#text;
  }

  has(pattern: RegExp): boolean {
    return pattern.test(this.#text);
  }

  /** Takes the first match out, or returns null. */
  take(pattern: RegExp): RegExpExecArray | null {
    const match = new RegExp(pattern.source, pattern.flags.replace("g", "")).exec(this.#text);
    if (match) this.cut(match.index, match.index + match[0].length);
    return match;
  }

  /** The same words, from which can be taken without these losing any. */
  copy(): Words {
    const same = new Words(this.original);
    same.#text = this.#text;
    return same;
  }

  /** Takes a stretch out. */
  cut(start: number, end: number): void {
    this.#text = this.#text.slice(0, start) + " ".repeat(end - start) + this.#text.slice(end);
  }

  /** What is left, as it was written, with its place. */
  rest(): { text: string; start: number }[] {
    return [...this.#text.matchAll(/\S+/g)].map((match) => ({
      text: this.original.slice(match.index, match.index + match[0].length),
      start: match.index,
    }));
  }
}

const lower = (text: string): string =>
  [...text].map((each) => (each.toLowerCase().length === each.length ? each.toLowerCase() : each)).join("");

/** One spelling of quotes, dashes and blanks; "what's" as "what is". */
export function tidyQuestion(question: string): string {
  return question
    .normalize("NFC")
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, "")
    .replace(/[‘’´`]/g, "'")
    .replace(/[„‟″]/g, '"')
    .replace(/[\u2010-\u2014\u2212]/g, "-")
    .replace(/\b(what|who|where|when|how|that|it|there)'s\b/gi, "$1 is")
    .replace(/\b(what|who|where|when|how)s\b/gi, "$1 is")
    .replace(/\bwich\b/gi, "which")
    .replace(/\b(?:beacuse|becuase|becouse|becasue)\b/gi, "because")
    .replace(/\b(?:costumer|cutomer|custmer|cusotmer)(s?)\b/gi, "customer$1")
    .replace(/\bwat\b/gi, "what")
    .replace(/\b(what|who)'re\b/gi, "$1 are")
    .replace(/\b(they|we|you)'re\b/gi, "$1 are")
    .replace(/\b(have|has|had|do|does|did|is|are|was|were|could|would|should)n't\b/gi, "$1 not")
    .replace(/\b(we|i|they|you)'ve\b/gi, "$1 have")
    .replace(/\s+/g, " ")
    .trim();
}

const ASKING =
  "(?:(?:what|how|when|who|whose|which|why|where|show|list|tell|give|find|should|compare|anything)\\b|(?:is|are|do|does|did|has|have|can|could|may|will) (?:they|it|we|i|you|he|she|there|any|the|this|that)\\b|(?:their|its) )";
const SENTENCE_END = "[?!;]+\\s*|(?<!\\b(?:inc|ltd|corp|co|dr|mr|mrs|ms|st|no|e\\.g|i\\.e))\\.\\s+(?=[A-Z])";
const BREAK = new RegExp(
  `${SENTENCE_END}|,?\\s+(?:and|then|and then|also|and also|plus|as well as)\\s+(?=${ASKING})|,\\s+(?=${ASKING})`,
  "gi",
);

/** Parts of which a later one asks what to say or do in the situation that an earlier one tells are one. */
export function joinSituations(
  parts: string[],
  asksHow: (part: string) => boolean,
  asksElse: (part: string) => boolean,
): string[] {
  const joined: string[] = [];
  for (const part of parts) {
    const before = joined.at(-1);
    const tells = before !== undefined && asksHow(part) && !asksHow(before) && !asksElse(before);
    if (tells) joined[joined.length - 1] = `${before}, ${part}`;
    else joined.push(part);
  }
  return joined;
}

/** "Churn last week and renewals next month": two subjects, each with its own time. */
const OWN_TIME =
  /(?<=\b(?:last|next|this|today|yesterday|20\d\d|january|february|march|april|june|july|august|september|october|november|december)\b.*) and (?=(?:the )?(?:churn|renewals|new customers|tickets|mrr|nrr|grr|nps|expansion|losses)\b.*\b(?:last|next|this|today|in|since)\b)/i;

/** The parts of a question that ask different things: "what stage is Acme in" · "what should I do next". */
export const cutIntoParts = (question: string): string[] =>
  question
    .split(BREAK)
    .flatMap((part) => part.split(OWN_TIME))
    .map((part) =>
      part
        .trim()
        .replace(/^(?:(?:and|then|also|but|ok(?:ay)?|so)\b,?\s*)+/i, "")
        .replace(/[.,:\s]+$/, ""),
    )
    .filter((part) => part !== "");
