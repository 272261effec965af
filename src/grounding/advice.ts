import { plainText } from "./plain-text.ts";

/** Verbs that a sentence begins with only where it tells somebody to do something. */
const CLEAR =
  "acknowledge|admit|agree|apologi[sz]e|arrange|ask|assign|assure|avoid|be|begin|book|bring|celebrate|choose|clarify|collect|compensate|confirm|consider|create|decide|define|deliver|don['’]?t|do not|do|draft|educate|emphasi[sz]e|empathi[sz]e|engage|ensure|escalate|explain|find|focus|follow|gather|get|give|go|grant|hand|identify|inform|introduce|invite|involve|keep|learn|leave|let|listen|make|meet|mention|monitor|negotiate|never|notify|offer|organi[sz]e|pay|phone|pick|point|prepare|present|prioriti[sz]e|promise|propose|prove|provide|publish|put|reach|reassure|recover|refund|remember|remind|remove|repeat|rescue|resolve|respond|restore|reward|ring|save|say|schedule|sell|send|set|share|speak|stop|suggest|summari[sz]e|switch|take|talk|teach|tell|thank|treat|try|turn|understand|validate|verify|visit|wait|waive|warn|write";
/** Those that may be a label as well ("Open tickets: 3"), and are meant to be done where an object follows. */
const DOUBLE =
  "add|address|align|alert|answer|approach|calm|call|cancel|change|check|close|compare|connect|contact|credit|cut|demo|discount|document|email|extend|fix|handle|hold|include|log|look|lower|mail|map|measure|move|name|open|own|pause|plan|post|quote|raise|record|reduce|renew|reply|report|request|review|show|sign|solve|start|state|test|track|train|update|upgrade|use|watch|win|work";
const OBJECT =
  "(?:them|him|her|it|this|these|those|the|a|an|their|your|our|my|its|every|each|all|any|both|no|one|what|who|whom|why|how|whether|where|if|to|with|for|up|out|back|through|together|today|tomorrow|now|first|\\p{Lu}\\p{Ll}+)";
const OPENING =
  "^(?:(?:then|first|firstly|second|secondly|third|thirdly|next|finally|after that|afterwards|lastly|instead|also|and|so|otherwise|please|always|kindly|just|meanwhile|day \\d+|within [\\w ]{2,20}|today|tomorrow|on the call|in (?:the|your) \\w+|before [\\w ]{2,30}|if [^,]{2,60}|when [^,]{2,60}|for [^,]{2,40})[,:.]?\\s+)*";
const CLEARLY = new RegExp(`${OPENING}(?:${CLEAR})(?![\\p{L}:’']|\\s+(?:is|are|was|were|of|you|we|they)\\b)`, "iu");
const DOUBLY = new RegExp(`${OPENING}(?:${DOUBLE})\\s+`, "iu");
// In two parts, because a name begins with a capital: `(?i:…)` was seen not to ignore case late in a long run.
const AN_OBJECT = new RegExp(`^${OBJECT}(?![\\p{L}:])`, "u");
const RECOMMENDING =
  /\b(?:you|we|somebody|someone|the (?:owner|team|account manager|csm|rep|support lead))(?:['’]d| would)? (?:should|must|ought to|(?:had )?better|need to|needs to|could|might want to|may want to|do well to)\b|\bI(?:['’]d| would| do)? (?:strongly )?(?:recommend|suggest|advise|propose|urge)\b|\b(?:is|are|be) (?:strongly )?(?:recommended|advised|advisable|best practice)\b|\b(?:it is|it['’]s|it would be|would be) (?:best|better|wise|worth|advisable|a good idea|important to|essential)\b|\bbest (?:thing|move|way|option|approach|practice|next step|step|course)\b|\bnext (?:best )?(?:steps?|moves?|actions?) (?:is|are|would|should|could)\b|\bmake sure\b|\bbe sure to\b|\blet['’]?s\b|\bhave you (?:considered|tried|thought)\b|\bhow about \w+ing\b|\bwhy not \w+|\bit helps? to\b|\b(?:a|the|one) (?:good|common|usual|typical|proven|sensible) (?:way|approach|practice|step|move|tactic) (?:is|would|here)\b/i;
/** The same in German, French and Spanish, as far as it can be told without a dictionary. */
const ELSEWHERE =
  /\b(?:Sie|du|ihr|wir) (?:sollten|solltest|solltet|müssen|musst|könnten|könntest)\b|\b(?:sollten|solltest|könnten|könntest) (?:Sie|du|wir)\b|\b(?:ich|wir) (?:empfehle|empfehlen|würde|würden|rate|raten)\b|\bam besten\b|^\p{Lu}\p{Ll}+en Sie\b|\bvous (?:devriez|devez|pourriez)\b|\bje (?:recommande|conseille|suggère|propose)\b|\bil (?:faut|faudrait|vaut mieux)\b|^\p{L}+ez (?:le|la|les|un|une|leur|votre|à|au|aux)\b|\b(?:deber[ií]as?|debe|debes|conviene|hay que|recomiendo|sugiero|aconsejo)\b/iu;
/** What is said of Perennial itself, or asked of the reader, is no advice on a customer. */
const ABOUT_US =
  /^(?:please )?(?:ask|tell|let) (?:me|perennial)\b|^(?:you (?:can|could|may)|try|please) (?:also )?(?:ask|asking|name|look(?:ing)? up|search|open)\b|\bI(?: can|['’]ll| will| could) (?:also |then |only |gladly )?(?:look|show|list|search|check|find|answer)\b|^(?:hello|hi|good \w+)?[,.! ]*I(?: am|['’]m) perennial\b|\b(?:shall i|should i|do you want me|would you like me|want me) (?:also )?(?:to )?\b/i;

/** Whether a sentence speaks of what Perennial can do, or asks the reader. */
export const isAboutUs = (sentence: string): boolean => ABOUT_US.test(plainText(sentence).trim());

/** Whether a sentence tells the reader what to do about a customer. */
export function isAdvice(sentence: string): boolean {
  const text = plainText(sentence)
    .replace(/^[\s>*•–—-]+/, "")
    .trim();
  if (text === "" || isAboutUs(text)) return false;
  return RECOMMENDING.test(text) || ELSEWHERE.test(text) || isImperative(text);
}

function isImperative(text: string): boolean {
  if (CLEARLY.test(text)) return true;
  const doubly = DOUBLY.exec(text);
  return doubly !== null && AN_OBJECT.test(text.slice(doubly[0].length));
}
