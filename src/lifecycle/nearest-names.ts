const CLOSE_ENOUGH = 0.2; // below this, a guess confuses more than it helps

/** The names most like a mistyped one, best first; empty when none is near. */
export function nearestNames(wrong: string, names: readonly string[], most = 3): string[] {
  const wanted = pieces(wrong);
  return names
    .map((name) => ({ name, likeness: likeness(wanted, pieces(name)) }))
    .filter((each) => each.likeness >= CLOSE_ENOUGH)
    .sort((a, b) => b.likeness - a.likeness || a.name.localeCompare(b.name))
    .slice(0, most)
    .map((each) => each.name);
}

/** "; did you mean a, b?" or nothing. */
export function didYouMean(wrong: string, names: readonly string[]): string {
  const near = nearestNames(wrong, names);
  return near.length > 0 ? `; did you mean ${near.join(", ")}?` : "";
}

function pieces(name: string): Set<string> {
  const plain = `_${name.toLowerCase().replace(/[^a-z0-9]+/g, "_")}_`;
  return new Set(Array.from({ length: plain.length - 1 }, (_, at) => plain.slice(at, at + 2)));
}

function likeness(a: Set<string>, b: Set<string>): number {
  const shared = [...a].filter((piece) => b.has(piece)).length;
  return (2 * shared) / (a.size + b.size);
}
