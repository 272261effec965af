import { plainText } from "./plain-text.ts";

/** Words that any sentence may have, whatever it rests on: small words, and those that only say that something is advice. */
const SMALL = new Set(
  `about above after again against all also although always among and another any anybody anyone anything are aren around as at away
  back be because been before being below best better between both but by can cannot could did didn do does doesn doing don done down
  during each either else enough especially ever every everybody everyone everything few for forget from further get gets give given gives
  go goes going good got had has hasn have haven having he help helps her here hers him his how however i if in indeed instead into is
  isn it its itself just keep keeps know known later least less let like likely lot made make makes many may me mean means might mine
  more most much must my myself near need needs neither never next no nobody non none nor not nothing now of off often on once one
  only onto or other others our ours out over own part per perhaps please put quite rather re really said same say says see seem seems
  seen shall she should show shows side since so some somebody someone something soon still such sure take takes than that the their
  theirs them themselves then there therefore these they thing things this those though through thus till to together too toward
  towards try under unless until up upon us use used very via want wants was wasn way ways we well were weren what whatever when
  whenever where whether which while who whole whom whose why will with within without won would yes yet you your yours yourself
  according advice advise advised consider describe describes passage passages playbook playbooks propose recommend recommended recommends
  section sections step steps suggest suggested suggests`.split(/\s+/),
);
const SHORTEST = 3;
const STEM = 6; // characters; "apologise" and "apology" are one word then

/** What a text speaks of: its words without small ones and figures, each by its stem and once. */
export function contentWords(text: string): Set<string> {
  const words =
    plainText(text)
      .toLowerCase()
      .match(/\p{L}+(?:['’]\p{L}+)?/gu) ?? [];
  return new Set(
    words
      .map((word) => word.replace(/['’].*$/, ""))
      .filter((word) => word.length >= SHORTEST && !SMALL.has(word))
      .map(stem),
  );
}

/** Crude, and the same for both sides: "called", "calling" and "calls" are "call". */
function stem(word: string): string {
  const bare = word.length > 4 ? word.replace(/(?:ing|edly|ed|es|s|ly)$/, "") : word;
  const single = bare.replace(/([bdfgklmnprt])\1$/, "$1").replace(/[ey]$/, "");
  return (single.length >= SHORTEST ? single : bare).slice(0, STEM);
}
