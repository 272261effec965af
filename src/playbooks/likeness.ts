import type { Playbook } from "./playbook.ts";
import { wordsOf } from "./words.ts";

/** Two playbooks that say the same, and how. */
export interface Alike {
  one: Playbook;
  other: Playbook;
  says: string;
}

const RUN = 5; // words in a row: shorter runs are shared by chance
const SAME_TEXT = 0.25; // of the shorter one's runs; our own 78 playbooks share at most 0.02
const COMMON_RUN = 20; // playbooks; what so many share is a form of words, and says nothing of two of them

/** Pairs with the same trigger, or with long stretches of the same wording. */
export function alikePairs(playbooks: Playbook[]): Alike[] {
  return [...sameTriggers(playbooks), ...sameWording(playbooks)];
}

function sameTriggers(playbooks: Playbook[]): Alike[] {
  const first = new Map<string, Playbook>();
  return playbooks.flatMap((playbook) =>
    [...new Set(playbook.triggers.map((trigger) => wordsOf(trigger).join(" ")))].flatMap((said) => {
      const other = first.get(said);
      first.set(said, other ?? playbook);
      if (said === "" || !other || other === playbook) return [];
      return [{ one: playbook, other, says: `has the trigger “${said}” in common with` }];
    }),
  );
}

function sameWording(playbooks: Playbook[]): Alike[] {
  const runs = playbooks.map(runsOf);
  return [...sharedRuns(runs)].flatMap(([key, shared]) => {
    const [a = 0, b = 0] = key.split(" ").map(Number);
    const share = shared / Math.min(runs[a]!.size, runs[b]!.size); // both have the shared ones
    if (share < SAME_TEXT) return [];
    return [
      { one: playbooks[b]!, other: playbooks[a]!, says: `says ${Math.round(share * 100)} % in the same words as` },
    ];
  });
}

/** How many runs each pair of playbooks shares, by "3 17". */
function sharedRuns(runs: Set<string>[]): Map<string, number> {
  const holders = new Map<string, number[]>();
  for (const [at, own] of runs.entries()) {
    for (const run of own) holders.set(run, [...(holders.get(run) ?? []), at]);
  }
  const shared = new Map<string, number>();
  for (const have of holders.values()) {
    if (have.length > COMMON_RUN) continue;
    for (const [place, a] of have.entries()) {
      for (const b of have.slice(place + 1)) shared.set(`${a} ${b}`, (shared.get(`${a} ${b}`) ?? 0) + 1);
    }
  }
  return shared;
}

function runsOf({ passages }: Playbook): Set<string> {
  const words = passages.flatMap(({ text }) => wordsOf(text));
  return new Set(words.slice(RUN - 1).map((_, at) => words.slice(at, at + RUN).join(" ")));
}
