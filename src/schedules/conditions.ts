/** What an alert may tell of. */
export const CONDITIONS = [
  "stage_regression",
  "health_band",
  "renewal_untouched",
  "ticket_storm",
  "champion_silent",
  "detractor",
  "cancellation",
] as const;
export type Condition = (typeof CONDITIONS)[number];

export const CONDITION_NAMES: Record<Condition, string> = {
  stage_regression: "Went back a stage",
  health_band: "Health fell into a lower band",
  renewal_untouched: "Renewal near, and no contact",
  ticket_storm: "Many tickets at once",
  champion_silent: "Champion has gone silent or left",
  detractor: "Detractor",
  cancellation: "Cancellation scheduled",
};

/** How people name a condition, in words. */
export const CONDITION_WORDS: Record<Condition, RegExp> = {
  stage_regression: /\b(?:(?:stage )?regressions?|steps? backs?|stage (?:drops?|falls?))\b/i,
  health_band: /\bhealth(?: bands?| drops?| changes?)?\b/i,
  renewal_untouched: /\brenewals? without contact\b/i,
  ticket_storm: /\bticket (?:storms?|spikes?)\b/i,
  champion_silent: /\b(?:silent |lost )?champions?(?: gone silent| silent| left)?\b/i,
  detractor: /\bdetractors?\b/i,
  cancellation: /\bcancell?ations?(?: scheduled)?\b/i,
};
