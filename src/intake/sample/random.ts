import { seeded } from "#seeded.ts";

/** Chance that can be told again: the same seed and name give the same draws. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** A number from `low` up to `high`. */
  between(low: number, high: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** `count` different ones, or all where there are fewer. */
  some<T>(from: readonly T[], count: number): T[];
}

/** Each account draws from a stream of its own, so that a change to one story leaves the others as they were. */
export function randomOf(seed: number, name: string): Random {
  const next = seeded(hashOf(`${seed}/${name}`));
  const whole = (low: number, high: number) => low + Math.floor(next() * (Math.max(high, low) - low + 1));
  function pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(next() * from.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }
  return {
    next,
    whole,
    pick,
    between: (low, high) => low + next() * (high - low),
    chance: (share) => next() < share,
    some: (from, count) => {
      const rest = [...from];
      return Array.from({ length: Math.min(count, rest.length) }, () =>
        rest.splice(whole(0, rest.length - 1), 1),
      ).flat();
    },
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
