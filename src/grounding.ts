import { type AdviceGrounds, adviceObjection, withCitationsInside, withoutCitations } from "./grounding/citations.ts";
import { withoutDays } from "./grounding/days.ts";
import { type Figure, readFigures } from "./grounding/figures.ts";
import { withoutIdentifiers } from "./grounding/identifiers.ts";
import type { Ledger } from "./grounding/ledger.ts";
import { forbiddenMarkup, readAddresses } from "./grounding/links.ts";
import { strangeName } from "./grounding/names.ts";
import { folded, holds, plainText } from "./grounding/plain-text.ts";
import { supportsDay, supportsFigure } from "./grounding/supports.ts";
import { cutIntoUnits, type Unit } from "./grounding/units.ts";

export {
  type AdviceGrounds,
  citedNumbers,
  endsInCitation,
  SAYS_NO,
  withCitationsInside,
} from "./grounding/citations.ts";
export { type Grounds, type Ledger, ledgerOf } from "./grounding/ledger.ts";
export { nameCandidates } from "./grounding/names.ts";
export { ordersTheMachine } from "./grounding/orders.ts";
export { cutIntoUnits, type Unit } from "./grounding/units.ts";

/** A sentence that is not shown, with the token that no finding holds. */
export interface Dropped {
  sentence: string;
  because: string;
}

/** What else a check may know. */
export interface CheckOptions {
  question: string;
  /** Names of accounts in the workspace that the text may have used (see `nameCandidates`). */
  knownAccountNames: readonly string[];
  /** ISO day, so that "in 40 days" can be held against a date. */
  today?: string | null;
  /** What advice may rest on; null where a text is no answer of a model, and so is not read for advice. */
  advice?: AdviceGrounds | null;
}

/** What may be shown of a text. `kept` and `of` count sentences and table rows. */
export interface Checked {
  text: string;
  dropped: Dropped[];
  kept: number;
  of: number;
}

/**
 * Drops each sentence, list item or table row that has a figure, day, address or account name which no finding holds.
 * A rounded figure stays when it is said to be rounded and truly is. What the asker wrote proves nothing: it may only be
 * quoted back ("You asked for “50,000”; I found no such figure."), in a sentence without any other figure. Where
 * `advice` says what it may rest on, advice stays only where it cites a passage that says so.
 */
export function checkProse(written: string, ledger: Ledger, options: CheckOptions): Checked {
  const text = options.advice ? withCitationsInside(written) : written;
  const units = cutIntoUnits(text);
  const dropped: Dropped[] = [];
  const kept = units.filter((unit) => {
    const because = objectionTo(unit, ledger, options);
    if (because) dropped.push({ sentence: unit.text.trim(), because });
    return because === null;
  });
  const counted = units.filter((unit) => unit.kind === "sentence" || unit.kind === "row").length;
  return {
    text: dropped.length === 0 ? text : rejoin(withoutOrphans(units, kept)),
    dropped,
    kept: counted - dropped.length,
    of: counted,
  };
}

/** Why a unit of an answer may not be shown, or null. */
export function objectionTo(unit: Unit, ledger: Ledger, options: CheckOptions): string | null {
  if (unit.kind === "blank" || unit.kind === "frame") return null;
  const { advice } = options;
  const unfounded = advice ? adviceObjection(unit, ledger, advice) : null;
  return unfounded ?? factObjection(advice ? { ...unit, text: withoutCitations(unit.text) } : unit, ledger, options);
}

/** Why a unit may not be shown for the figures, days, addresses or names in it, or null. */
function factObjection(unit: Unit, ledger: Ledger, options: CheckOptions): string | null {
  if (isSpoken(folded(unit.text), ledger)) return null;
  const markup = forbiddenMarkup(unit.text);
  if (markup) return `“${markup}” may not stand in an answer`;
  const address = readAddresses(unit.text).find(
    (each) => !ledger.addresses.has(each.toLowerCase()) && !holds(ledger.text, folded(each)),
  );
  if (address) return `the address ${address} is in no finding`;
  const quoted = withoutQuotes(plainText(unit.text), options.question);
  const strange = strangeName(quoted.text, ledger, options.knownAccountNames);
  if (strange) return `the name ${strange} is in no finding`;
  return figureObjection(quoted, ledger, options.today ?? null);
}

/** A tool's own words, word for word. */
function isSpoken(text: string, { spoken }: Ledger): boolean {
  for (let at = text === "" ? -1 : spoken.indexOf(text); at >= 0; at = spoken.indexOf(text, at + 1)) {
    if (/\s/.test(spoken[at - 1]!) && /\s/.test(spoken[at + text.length]!)) return true;
  }
  return false;
}

function figureObjection(
  quoted: { text: string; fromQuestion: boolean },
  ledger: Ledger,
  today: string | null,
): string | null {
  const { text, days } = withoutDays(quoted.text);
  const day = days.find((each) => !supportsDay(ledger, each, today));
  if (day) return `the date ${day.text} is in no finding`;
  const named = withoutIdentifiers(text);
  const unknown = named.identifiers.find((each) => !isKnown(each, ledger));
  if (unknown) return `“${unknown}” is in no finding`;
  const figures = readFigures(named.text);
  const figure = figures.find((each) => !supportsFigure(ledger, each, today) && !isPosition(each, named.text, ledger));
  if (figure) return `the figure ${figure.text} is in no finding`;
  const vague = VAGUE.exec(named.text);
  if (vague && !holds(ledger.text, vague[0].toLowerCase())) return `“${vague[0]}” is in no finding`;
  if (quoted.fromQuestion && figures.length + days.length > 0) return "words of the question stand beside a figure";
  return /(?![0-9])\p{Nd}/u.test(named.text) ? "a figure in a script that is not read here" : null;
}

const VAGUE = /\b(?:dozens|hundreds|thousands|millions|billions)\b/i;
const QUOTE = /[“"«]([^”"»]{1,200})[”"»]/g;
const QUOTING =
  /\b(?:you (?:asked|wrote|said|mentioned|named|meant|typed)|your question|(?:found|find|know|see|have) (?:no|nothing|none)|not found|(?:could not|couldn't|cannot|can't) (?:find|tell|confirm|say)|no (?:account|finding|data|record|customer)|is not|isn't|is no)\b/i;

/** Words of the asker that are quoted back, in a sentence that says so, are not read as facts. */
function withoutQuotes(sentence: string, question: string): { text: string; fromQuestion: boolean } {
  if (!QUOTING.test(sentence)) return { text: sentence, fromQuestion: false };
  const asked = folded(question);
  let fromQuestion = false;
  const text = sentence.replace(QUOTE, (whole, inner: string) => {
    if (!holds(asked, folded(inner))) return whole;
    fromQuestion ||= /\d/.test(inner);
    return " ".repeat(whole.length);
  });
  return { text, fromQuestion };
}

/** A row's number (#12), or a name with digits that stands in a finding as it is. */
const isKnown = (identifier: string, { ids, plain, text }: Ledger): boolean => {
  const number = /^#(\d+)$/.exec(identifier)?.[1];
  return number ? ids.has(Number(number)) || plain.has(Number(number)) : holds(text, folded(identifier));
};

/** "step 2" is a place in a list, not a figure. */
function isPosition(figure: Figure, sentence: string, ledger: Ledger): boolean {
  const value = figure.values[0] ?? 0;
  return (
    figure.kind === "plain" &&
    Number.isInteger(value) &&
    value >= 1 &&
    value <= ledger.longestList &&
    /\b(?:steps?|options?|points?|items?|no\.|number|priority)\s*$/i.test(sentence.slice(0, figure.start))
  );
}

/** A heading or lead-in ("Renewals:") whose sentences are all gone goes too, and so does the head of an empty table. */
function withoutOrphans(all: readonly Unit[], kept: readonly Unit[]): Unit[] {
  const stays = new Set(kept);
  const isFact = (unit: Unit | undefined) =>
    unit !== undefined && unit.kind !== "blank" && !isLeadIn(unit) && unit.kind !== "frame";
  for (let at = all.length - 1; at >= 0; at--) {
    const unit = all[at]!;
    const isTableHead = unit.kind === "row" && all[at + 1]?.kind === "frame";
    if (!stays.has(unit) || !(isLeadIn(unit) || isTableHead)) continue;
    const below: Unit[] = [];
    for (const next of all.slice(at + 1)) {
      if (
        isTableHead
          ? next.kind !== "row" && next.kind !== "frame"
          : isLeadIn(next) && next.kind === unit.kind && below.length > 0
      )
        break;
      below.push(next);
    }
    const facts = below.filter(isFact);
    if (facts.length === 0 || facts.some((each) => stays.has(each))) continue;
    stays.delete(unit);
    if (isTableHead) stays.delete(all[at + 1]!);
  }
  return all.filter((unit) => stays.has(unit));
}

const isLeadIn = (unit: Unit): boolean =>
  unit.kind === "sentence" && (/#/.test(unit.lead) || /:\**\s*$/.test(unit.text));

function rejoin(units: readonly Unit[]): string {
  const lines: string[] = [];
  let line = -1;
  for (const unit of units) {
    if (unit.line === line) lines[lines.length - 1] += unit.text;
    else lines.push(unit.lead + unit.text);
    line = unit.line;
  }
  return lines
    .map((each) => each.trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
