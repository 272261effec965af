const ANGER =
  /\b(?:furious|angry|livid|mad|upset|fuming|outraged|shout(?:s|ed|ing)?|scream(?:s|ed|ing)?|yell(?:s|ed|ing)?|rude|insult(?:s|ed|ing)?|fed up|pissed|lost (?:his|her|their) temper)\b/i;
const DOES = /^(?:shouts|shouted|scream(?:s|ed)|yell(?:s|ed)|insult(?:s|ed)|lost)/; // the rest says what they are
const LEAVING =
  /\b(?:wants?|wanted|threaten(?:s|ed|ing)?|decided|plans?|planning|going) to (?:cancel|leave|quit|terminate)\b/i;

/**
 * What a long tale of trouble comes to for the playbooks, whichever function is broken and whoever of them says it:
 * "customer is furious, they want to cancel". Null where nothing of that is told.
 */
export function heartOf(question: string): string | null {
  const anger = ANGER.exec(question)?.[0].toLowerCase();
  const leaving = LEAVING.exec(question)?.[0].toLowerCase();
  const told = [
    anger && `customer ${DOES.test(anger) ? anger : `is ${anger}`}`,
    leaving && `they ${leaving.replace(/^wants/, "want")}`,
  ].filter(Boolean);
  return told.length > 0 ? told.join(", ") : null;
}
