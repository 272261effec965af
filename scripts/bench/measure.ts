/** What was measured of one thing, all in the same unit. */
export interface Spread {
  p50: number;
  p99: number;
  n: number;
}

/** The median and the 99th percentile, by nearest rank. */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error("nothing was measured");
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { p50: at(0.5), p99: at(0.99), n: sorted.length };
}

/** One measured thing as a spread of its own, where there is only one value. */
export const single = (value: number): Spread => ({ p50: value, p99: value, n: 1 });

export type Contestant = (round: number) => Promise<unknown>;

export interface Timing {
  wallMs: Spread;
  cpuMs: Spread;
}

/**
 * Runs contestants in turn, round by round, each round beginning with another one, so that what the machine does
 * meanwhile falls on all alike. Rounds of `warmup` are not counted. CPU is that of this process, all threads.
 */
export async function interleaved<K extends string>(
  contestants: Record<K, Contestant>,
  { rounds, warmup }: { rounds: number; warmup: number },
): Promise<Record<K, Timing>> {
  const names = Object.keys(contestants) as K[]; // its own keys
  const wall = new Map(names.map((name) => [name, [] as number[]]));
  const cpu = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -warmup; round < rounds; round++) {
    for (const name of rotated(names, round + warmup)) {
      await idle();
      const cpuBefore = process.cpuUsage();
      const before = performance.now();
      await contestants[name](round + warmup);
      const ms = performance.now() - before;
      const used = process.cpuUsage(cpuBefore);
      if (round < 0) continue;
      wall.get(name)!.push(ms);
      cpu.get(name)!.push((used.user + used.system) / 1000);
    }
  }
  const timing = (name: K): Timing => ({ wallMs: spread(wall.get(name)!), cpuMs: spread(cpu.get(name)!) });
  return Object.fromEntries(names.map((name) => [name, timing(name)])) as Record<K, Timing>; // one for each name
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** Lets what the last contestant left behind (closed sockets, resolved promises) happen on nobody's account. */
const idle = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

/** Milliseconds that a piece of work took, and what it returned. */
export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const before = performance.now();
  const result = await work();
  return { ms: performance.now() - before, result };
}
