interface Point {
  at: number[];
  value: number;
}

export interface Minimum extends Point {
  /** The points came together within the tolerance before the rounds ran out. */
  settled: boolean;
}

/**
 * The least value of a function near a start, by the simplex method of Nelder and Mead (1965). Good for a handful of
 * parameters; no derivatives needed. `tolerance` is the difference of the values that still counts as one; nothing is looked
 * for further than `farthest` from the start in any direction.
 */
export function minimise(
  of: (at: number[]) => number,
  start: readonly number[],
  { rounds = 2_000, tolerance = 1e-10, step = 0.5, farthest = Number.POSITIVE_INFINITY } = {},
): Minimum {
  const isNear = (at: number[]) => at.every((each, axis) => Math.abs(each - start[axis]!) <= farthest);
  const point = (at: number[]): Point => ({ at, value: isNear(at) ? of(at) : Number.NaN });
  const corners = start.map((_, axis) => point(start.map((each, place) => (place === axis ? each + step : each))));
  let simplex = sorted([point([...start]), ...corners]);
  for (let round = 0; round < rounds; round += 1) {
    if (spread(simplex) < tolerance) return { ...simplex[0]!, settled: true };
    simplex = sorted(moved(simplex, point));
  }
  return { ...simplex[0]!, settled: false };
}

/** The worst point through the middle of the others, further out if that is good, closer if not, else all towards the best. */
function moved(simplex: Point[], point: (at: number[]) => Point): Point[] {
  const best = simplex[0]!;
  const worst = simplex.at(-1)!;
  const others = simplex.slice(0, -1);
  const middle = best.at.map((_, axis) => others.reduce((sum, { at }) => sum + at[axis]!, 0) / others.length);
  const along = (share: number) => point(middle.map((each, axis) => each + share * (worst.at[axis]! - each)));
  const mirrored = along(-1);
  if (mirrored.value < best.value) return [...others, lower(along(-2), mirrored)];
  if (mirrored.value < others.at(-1)!.value) return [...others, mirrored];
  const nearer = mirrored.value < worst.value ? along(-0.5) : along(0.5);
  if (nearer.value < Math.min(mirrored.value, worst.value)) return [...others, nearer];
  return simplex.map(({ at }) => point(at.map((each, axis) => (each + best.at[axis]!) / 2)));
}

const lower = (one: Point, other: Point): Point => (one.value < other.value ? one : other);
const spread = (simplex: Point[]): number => Math.abs(simplex.at(-1)!.value - simplex[0]!.value);

/** A value that is not a number is worse than any. */
const sorted = (points: Point[]): Point[] =>
  points
    .map((each) => ({ ...each, value: Number.isNaN(each.value) ? Number.POSITIVE_INFINITY : each.value }))
    .sort((a, b) => (a.value === b.value ? 0 : a.value - b.value));
