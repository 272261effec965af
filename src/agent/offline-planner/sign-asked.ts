import type { Words } from "./question.ts";

/** It is about many accounts, not told of one. */
const MANY =
  /^(?:(?:which|who|how many|list|show|any|all|our|my|the|me)\b ?)*(?:\w+ )?(?:accounts|customers|clients|companies)\b|^(?:who|whose)\b|\b(?:which|what) (?:accounts|customers|clients)\b/;
const USE = "(?:product )?(?:usage|use|activity|logins?)";
/** Signs of a churn that accounts are asked for by. */
const SIGNS_SAID: [RegExp, string][] = [
  [
    new RegExp(
      `\\b(?:with |have |has |had )?(?:a )?(?:falling|dropping|declining|decreasing|shrinking|reduced) ${USE}\\b|\\b${USE} (?:is |are |has |have |that )?(?:been )?(?:fall\\w*|fell|drop\\w*|declin\\w*|decreas\\w*|(?:going |went |gone )?down)\\b|\\b(?:use|uses|using|used) (?:it |us |the product |our product |the app )?less\\b`,
    ),
    "falling_usage",
  ],
  [
    /\b(?:with |have |has )?(?:many |few |most )?(?:unused|empty|idle|inactive) (?:seats|licen[cs]es)\b|\b(?:with |have |has )?(?:low|poor|thin) (?:seat )?(?:usage|use|adoption)\b/,
    "thin_usage",
  ],
  [
    /\b(?:whose|where(?: the)?|that lost (?:their|the|a)|who lost (?:their|the|a)|with a) champions?(?: (?:has |have )?(?:left|gone|quit))?\b/,
    "champion_left",
  ],
];

/** "Customers with falling usage": the sign of a churn that accounts are asked for by, or null. Taken out of the words. */
export const takeSign = (words: Words): string | null =>
  MANY.test(words.text) ? (SIGNS_SAID.find(([said]) => words.take(said))?.[1] ?? null) : null;
