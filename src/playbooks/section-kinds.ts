import type { Passage } from "./playbook.ts";

/** Headings of the second level by what stands below them, lower case, in the languages that we write playbooks in. */
export const STEPS = ["steps", "schritte", "pasos", "étapes"];
export const WORDS_TO_USE = ["words to use", "worte", "palabras", "mots à dire"];
/** Headings of the third level for words that stay in the house: "Slack, to billing". As a pattern of SQL. */
export const TO_COLLEAGUES = "slack, %";
const NOT_THEN = ["when not", "wann nicht", "cuándo no", "quand ne pas"];
const WHEN = ["when to use", "wann", "cuándo", "quand"];
const BESIDE = [...WHEN, "what to watch", "worauf achten", "qué vigilar", "à surveiller"];

/** aside: speaks of the situations of other playbooks. beside: says nothing to do. */
export function kindOf({ path }: Pick<Passage, "path">): "aside" | "beside" | "advice" {
  const heading = path[0]?.toLowerCase();
  if (heading === undefined) return "beside";
  if (NOT_THEN.some((each) => heading.startsWith(each))) return "aside";
  return BESIDE.some((each) => heading.startsWith(each)) ? "beside" : "advice";
}

/** Whether a passage only says what its playbook is for; who reads another passage of it knows that. */
export const tellsWhenOnly = ({ path }: Pick<Passage, "path">): boolean =>
  path[0] === undefined || WHEN.some((each) => path[0]!.toLowerCase().startsWith(each));

// "What do I write to …", not "they say that …". One pattern for all languages: their words do not collide.
const ASKS_FOR_WORDS = new RegExp(
  [
    String.raw`\b(?:i|we|to)\s+(?:best\s+|even\s+)?(?:say|write|tell|answer|reply|respond|phrase|word|explain|apologi[sz]e)\b`,
    String.raw`\b(?:wording|template|script|draft)\b`,
    String.raw`\b(?:words|text|mail|letter|message|lines?)\s+(?:for|to|that|please)\b`,
    String.raw`\b(?:sag|schreib|antwort|formulier)(?:e|en|st|t)?\s+(?:ich|wir|man)\b|\b(?:zu\s+(?:sagen|schreiben|antworten)|vorlage|wortlaut)\b`,
    String.raw`(?:^|[\s¿])(?:qué|que|cómo|como)\s+(?:les?\s+)?(?:digo|decimos|decir(?:les?)?|escribo|escribimos|respondo|respondemos|contesto|contestamos)\b|\bplantilla\b`,
    String.raw`(?:^|\s)(?:dis|écris|réponds|dit|répond)-(?:je|on)\b|\b(?:quoi|que|comment)\s+(?:leur\s+|lui\s+)?(?:dire|écrire|répondre)\b`,
  ].join("|"),
  "iu",
);

/** Whether somebody wants words to say or to send, rather than steps to take. */
export const asksForWords = (question: string): boolean => ASKS_FOR_WORDS.test(question);
