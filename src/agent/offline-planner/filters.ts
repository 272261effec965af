import { Temporal } from "temporal-polyfill";
import type { PortfolioFilters } from "#tools/portfolio-input.ts";
import { daysIn, takeWindow, Unclear } from "./dates.ts";
import type { Words } from "./question.ts";
import { DURATION, takeRanges, takeTickets } from "./thresholds.ts";
import { takeNamedFilters, type Vocabulary } from "./vocabulary.ts";

const SILENT_DAYS = 30; // "without contact" without a number: a month

type Filters = PortfolioFilters;

const NAMED = ["stage", "owner", "team", "segment", "industry", "country", "plan"] as const;
const NEGATION = /\b(?:not|except|excluding|outside|other than|but no)\b/;

/** Every filter that a question names, taken out of the words. Throws Unclear for what no filter can say. */
export function takeFilters(
  words: Words,
  vocabulary: Vocabulary,
  given: { today: string; asker: string | null },
): Filters {
  const byMe = words.has(/\bnot i (?:spoken|talked|heard|been)\b/);
  const filters: Filters = {
    ...takeTickets(words, given.today),
    ...takeRanges(words),
    ...takeContact(words, given.today),
    ...takeStates(words),
    ...takeRenewal(words, given.today),
    ...takeNamed(words),
    ...takeNamedFilters(words, vocabulary),
  };
  if ((words.take(/\b(?:my|mine|i own|of mine)\b/) || byMe) && given.asker) filters.owner = [given.asker];
  if (NAMED.some((key) => filters[key]) && words.has(NEGATION)) {
    throw new Unclear(
      "I can list the accounts that fit a filter, not those that do not. Ask for the ones that you want.",
    );
  }
  return filters;
}

/** Silence, contact and use. */
function takeContact(words: Words, todayIso: string): Filters {
  const today = Temporal.PlainDate.from(todayIso);
  const filters: Filters = {};
  const span = (match: RegExpExecArray): number =>
    match[1] && match[2] ? daysIn(match[1], match[2], today, -1) : SILENT_DAYS;
  const since = `(?: (?:for|in|since|within|over)(?: (?:more than|over|at least))?(?: the)?(?: last| past)? ${DURATION}| (?:in|for) (?:a (?:while|long time)|ages))?`;
  const silent =
    words.take(
      new RegExp(
        `\\b(?:with(?:out| no)|no|not had(?: any)?|have not had(?: any)?) (?:recent )?(?:contact|touch|conversation|activity|reply|interaction)s?${since}`,
      ),
    ) ??
    words.take(
      new RegExp(
        `\\b(?:silent|quiet|gone dark|gone silent|gone quiet|untouched|not (?:been )?contacted|(?:have |has )?(?:we )?(?:have )?not (?:i |we )?(?:spoken|talked|heard|been in touch)(?: (?:to|with|from))?|have not (?:spoken|talked|heard)(?: (?:to|with|from))?)${since}`,
      ),
    );
  if (silent) filters.no_contact_days = span(silent);
  const contacted = words.take(
    new RegExp(
      `\\b(?:(?:we )?(?:were |been )?(?:contact(?:ed)?|talk(?:ed)? to|spoke to|spoken to|talked to|in touch with)|with contact|last contact) (?:in|within|during)(?: the)?(?: last| past)? ${DURATION}`,
    ),
  );
  if (contacted) filters.contacted_within_days = span(contacted);
  const unused = words.take(
    new RegExp(
      `\\b(?:not (?:been )?(?:used|logged in|active|using)(?: (?:the |our )?(?:product|app|platform|it))?|inactive|without (?:any )?(?:use|usage|log-?ins?)|no (?:use|usage|log-?ins?)|dormant)${since}`,
    ),
  );
  if (unused) filters.not_used_days = span(unused);
  return filters;
}

const STATES: [RegExp, Filters][] = [
  [
    /\b(?:with |have |has )?(?:an? )?(?:overdue|unpaid|past[- ]due|late)(?: (?:invoices?|payments?|bills?))?\b|\bowes? us(?: money)?\b|\bin dunning\b|\bbehind on payments?\b|\b(?:has|have|had|did|do|does) not (?:yet )?(?:paid|pay)(?: us| (?:their|the|an?) (?:bill|invoice)s?| on time)*(?: yet)?(?! (?:less|more))\b/,
    { overdue: true },
  ],
  [
    /\b(?:cancell?ing|about to (?:leave|cancel)|(?:have |has )?cancell?ed but(?: are| is)? (?:still|not)[\w ]*|scheduled to (?:end|cancel)|leaving soon|(?:have|has) cancell?ed|(?:pending|announced|scheduled|upcoming) cancellations?|cancellations? (?:pending|ahead|to come))\b/,
    { cancelling: true },
  ],
  [
    /\b(?:lapsed|churned|former|ex-|lost (?=accounts?|customers?|clients?)|left us|gone for good)(?:\b|(?=\s))/,
    { lapsed: true },
  ],
  [
    /\b(?:where )?(?:the )?crm(?:'s)?(?: own)?(?: stages?)? (?:says? otherwise|differs?|disagrees?|is different|puts? elsewhere|sees? differently|does not match)\b|\bdisagree(?:s)? with (?:the )?crm\b|\bdiffers? (?:from|in) (?:the )?crm\b/,
    { crm_differs: true },
  ],
  [
    /\b(?:with(?:out| no)|have no|has no|lack(?:s|ing)?|missing) (?:an? |any )?(?:account )?(?:owner|csm|rep)s?\b|\b(?:unowned|unassigned|nobody owns|not owned(?: by anyone)?|no owner)\b/,
    { owned: false },
  ],
  [/\bwith(?:out| no) (?:an? |any )?open (?:opportunit(?:y|ies)|deals?)\b/, { open_opportunity: false }],
  [
    /\b(?:with |have |has )?(?:an? )?open (?:opportunit(?:y|ies)|deals?)\b|\bin (?:the |our )?pipeline\b/,
    { open_opportunity: true },
  ],
  [/\b(?:not paying|non-?paying|unpaying|free accounts?|(?:with|have) no mrr|without mrr)\b/, { paying: false }],
  [
    /\bpaying(?= (?:accounts?|customers?|clients?|companies))|\b(?:are|is|who|that) paying\b|\bactive (?=customers?|accounts?)/,
    { paying: true },
  ],
];

const takeStates = (words: Words): Filters =>
  Object.assign({}, ...STATES.filter(([pattern]) => words.take(pattern)).map(([, filter]) => filter));

export const RENEWING =
  /\b(?:up for renewal|(?:are |is )?(?:due )?(?:for )?renew(?:s|al|als|ing|ed)?(?: dates?)?|(?:contracts? |subscriptions? )?(?:that )?(?:expir(?:e|es|ing)|run(?:ning)? out|end(?:s|ing)?)(?: contracts?)?)\b/;

/** A renewal window; without one, "renewals" is left for the renewals tool's own window. */
function takeRenewal(words: Words, today: string): Filters {
  if (!words.has(RENEWING)) return {};
  const window = takeWindow(words, today);
  if (!window) return {};
  words.take(RENEWING);
  return { renews_from: window.from, renews_to: window.to };
}

function takeNamed(words: Words): Filters {
  const found = words.take(
    /\b(?:named|called|names? (?:contains?|containing|includ(?:es?|ing)|with|like|starts? with|starting with)(?= )|whose name (?:contains|includes)|with (?=["“]))\s*["“]?([\p{L}\p{N}_&.-]{2,40})["”]?/u,
  );
  return found
    ? {
        name_contains: words.original
          .slice(found.index, found.index + found[0].length)
          .replace(/^.*?["“ ]([^"“” ]+)["”]?$/, "$1"),
      }
    : {};
}
