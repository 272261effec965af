import { escaped } from "./places.ts";

/** Words of every day's work that are no account's name in small letters: of time, of trade, of talk. */
const EVERYDAY = new Set(
  "uptime downtime page pages response responses sla slas true right wrong correct false sure serious certain real normal possible day days week weeks weekly month months monthly quarter quarters year years yesterday tomorrow morning time times date dates anniversary lose loses lost loss losses win wins won close closes closed buy buys bought sell sells sold grow grows grew growth upsell upsells upgrade upgrades upgraded downgrade downgrades downgraded cancel cancels cancelled expansion contraction meet call calls phone email emails mail mails write send offer offers start started stop stopped help work works fix answer answers reply replies wait raise discount discounts rebate credit credits refund refunds goodwill compensation price prices money budget cost costs demo demos trial trials training feature features bug bugs outage problem problems issue issues trouble complaint complaints feedback survey referral referrals review reviews case study report reports chart charts graph forecast prediction trend trends target targets goal quota pipeline lead leads prospect prospects person people guy boss colleague colleagues weather data row rows number numbers figure figures way idea ideas good bad big small fine funny important old older late later early earlier soon slow fast cheap cheaper expensive free quiet silent angry furious upset unhappy attention competitor competitors priority topic topics word words side stuff half rest bit lot share shares shared percent percentage ratio paragraph paragraphs sentence sentences summary nutshell euro euros dollar dollars pounds currency currencies paid unpaid cycle cycles length duration coverage velocity average median mean value values size sizes regressed moved stuck slipped behind ahead back away first second third last forward up-to-date team's competitor's january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday".split(
    " ",
  ),
);
const FIGURE = /^[$€£]?\d[\d.,]*(?:k|m|%)?$/i;
const ING = /^\p{L}{3,}ing$/u;

const isEveryday = (word: string): boolean =>
  EVERYDAY.has(word.toLowerCase()) || ING.test(word.toLowerCase()) || FIGURE.test(word);

/**
 * Whether a word in small letters that is left over may be an account's name. Words of every day are none, and a thing
 * goes with an article ("the weather"). In a talk about an account another one is named with a word before it ("at globex").
 */
export function couldBeName(
  guess: string,
  { original, asks, talkedOf }: { original: string; asks: boolean; talkedOf: boolean },
): boolean {
  if (guess.split(" ").every(isEveryday)) return false;
  const after = (before: string) => new RegExp(`\\b(?:${before}) ["“]?${escaped(guess)}`, "i").test(original);
  if ((!asks && after("the")) || after("our(?: \\w+)?")) return false;
  return !talkedOf || after("at|with|for|of|about|account|customer|client|company|named|called");
}
