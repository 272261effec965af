import { heartOf } from "./heart.ts";
import { type PlaybookAnswer, type PlaybookSearch, type SearchPlace, searchPlaybooks } from "./search.ts";
import { asksForWords } from "./section-kinds.ts";
import { wordsOf } from "./words.ts";

type Where = Omit<PlaybookSearch, "question"> & SearchPlace;

const NOW = "; "; // the situation stands before it, what is asked of it now behind it

/**
 * Looks for a situation as people tell it. What is asked of it later (“…; what do I write?”) is answered from the playbook
 * that the situation has, so that a talk stays with one.
 */
export async function searchTold(question: string, where: Where): Promise<PlaybookAnswer> {
  const [situation = "", now] = question.split(NOW);
  if (now === undefined || !ASKS.test(now)) return searchWhole(question, where);
  const found = await searchWhole(situation, where);
  const first = found.verdict === "found" ? found.passages[0] : undefined;
  if (!first) return searchWhole(question, where);
  const inside = await searchPlaybooks({ ...where, question, playbookIds: [first.playbookId] });
  if (inside.passages.length === 0) return found;
  return { ...found, passages: inside.passages, note: together(found.note, silence(now, inside)) };
}

const ASKS =
  /^(?:(?:and|but|so|ok|then)\b,? )*(?:what|who|how|which|can|could|may|shall|should|do|does|is|are|when|where|why|afterwards|after that|later|tomorrow|next)\b/i;

/** The whole question; where nothing answers that, what the tale comes to: “customer is furious, they want to cancel”. */
async function searchWhole(question: string, where: Where): Promise<PlaybookAnswer> {
  const whole = onItsTerms(question, await searchPlaybooks({ ...where, question }), where);
  const heart = whole.verdict === "found" ? null : heartOf(question);
  if (heart === null) return whole;
  const wanted = question.split(/[;.,?!]\s/).find(asksForWords);
  const told = await searchPlaybooks({ ...where, question: wanted ? `${heart}; ${wanted}` : heart });
  if (told.verdict !== "found") return whole;
  return { ...told, note: together(`Looked up as “${heart}”.`, told.note) };
}

const TERM = /(?<![\p{L}\p{N}])\p{Lu}{3,5}(?![\p{L}\p{N}])/gu;
const KNOWN_TERMS = /^(?:C[A-Z]O|CSM|MRR|ARR|NRR|GRR|NPS|CSAT|CRM|QBR|ASAP|FYI|ALL|NOT|NOW|AND|THE|VERY)$/; // roles, figures, emphasis

/** A term in capitals that no passage has ("GDPR deletion") is what is asked for: what shares the other words is close at most. */
function onItsTerms(question: string, found: PlaybookAnswer, { apartFrom = "" }: Where): PlaybookAnswer {
  if (found.verdict !== "found" || question === question.toUpperCase()) return found;
  const texts = found.passages.map(({ text, title }) => `${title} ${text}`.toUpperCase()).join(" ");
  const strange = (question.match(TERM) ?? []).filter(
    (term) => !KNOWN_TERMS.test(term) && !texts.includes(term) && !apartFrom.toUpperCase().includes(term),
  );
  const words = found.passages.flatMap(({ why }) => why.words);
  if (strange.every((term) => words.includes(term.toLowerCase()))) return found;
  return { ...found, verdict: "close", note: together(`No playbook speaks of “${strange[0]}”.`, found.note) };
}

/** That the playbook has no word on what is asked now, where that is so. */
function silence(now: string, { passages }: PlaybookAnswer): string | null {
  const asked = wordsOf(now);
  const met = new Set(passages.flatMap(({ why }) => why.words));
  return asksForWords(now) || asked.some((word) => met.has(word)) || !NAMES_A_THING.test(now)
    ? null
    : `The playbook has no word on “${now}”.`;
}

/** What may be given to a customer is a question of its own; “and afterwards?” is not. */
const NAMES_A_THING = /\b(?:refund|money back|credits?|compensat\w+|discount|goodwill|waive)\b/i;

const together = (...notes: (string | null)[]): string | null => notes.filter(Boolean).join(" ") || null;
