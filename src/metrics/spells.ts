/** A stay of an account in a stage, as days; `to` null: it is still there. Entering again is a new spell. */
export interface Spell {
  accountId: number;
  stage: string;
  from: string;
  to: string | null;
}

/** The spells of each account, oldest first, as they were known before the day `until`: what ended later is open. */
export function journeys(spells: readonly Spell[], until: string): Map<number, Spell[]> {
  const known = spells
    .filter(({ from }) => from < until)
    .map((spell) => ({ ...spell, to: spell.to !== null && spell.to < until ? spell.to : null }))
    .sort((a, b) => compare(a.from, b.from) || compare(a.to ?? "9", b.to ?? "9") || compare(a.stage, b.stage));
  return Map.groupBy(known, ({ accountId }) => accountId);
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
