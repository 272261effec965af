import { type Figure, ratio, type Scope, type Window } from "./figure.ts";
import { journeys, type Spell } from "./spells.ts";

export interface FunnelInput {
  spells: readonly Spell[];
  /** The stages of the model in their order; anything else is outside of it. */
  order: readonly string[];
  /** Who entered a stage in this window. */
  window: Window;
  /** The first day that is not known any more: how far the accounts are followed. */
  until: string;
  /** `any-order` (default): a later stage counts, however it was reached. `strict`: every stage in order. */
  mode?: "any-order" | "strict";
}

/** One stage of a funnel. `entered` = forward + backward + out + still. */
export interface FunnelStage {
  stage: string;
  entered: number;
  forward: number;
  backward: number;
  out: number;
  still: number;
  /** Of the entered, how many came into the stage more than once. */
  again: number;
  /** To a later stage, of those for whom it is decided; null for the last stage. */
  next: Figure | null;
  /** From the first stage to this one, of those for whom it is decided; null for the first stage. */
  cumulative: Figure | null;
}

/** An account that entered a stage in the window; `at` is the place of that spell in its journey. */
interface Entry {
  journey: Spell[];
  at: number;
}

/**
 * How accounts go through the stages (as HubSpot's funnel reports, with "all stages in order" as `strict`).
 * Accounts that are still on their way are censored: they count neither as converted nor as failed.
 */
export function stageFunnel(input: FunnelInput, scope: Scope): FunnelStage[] {
  const { order, spells, until, mode = "any-order" } = input;
  const paths = [...journeys(spells, until).values()];
  const entries =
    mode === "strict" ? inOrder(paths, input) : order.map((stage) => entering(paths, stage, input.window));
  return order.map((stage, place) => {
    const mine = entries[place] ?? [];
    const reached = (entry: Entry) =>
      mode === "strict" ? holds(entries[place + 1], entry) : goesTo(entry, order, place + 1);
    const [first = []] = entries;
    const came = (entry: Entry) => (mode === "strict" ? holds(mine, entry) : goesTo(entry, order, place));
    const rate = (metric: string, who: Entry[], done: (entry: Entry) => boolean, open: (entry: Entry) => boolean) =>
      conversion(scope, { metric, mode, who, done, open, rows: spells.length });
    return {
      stage,
      ...outcomes(mine, order, stage),
      next: place === order.length - 1 ? null : rate("next-step conversion", mine, reached, isIn(stage)),
      cumulative: place === 0 ? null : rate("cumulative conversion", first, came, onTheWay(order, place)),
    };
  });
}

function entering(paths: Spell[][], stage: string, { start, end }: Window): Entry[] {
  const inside = (spell: Spell) => spell.stage === stage && spell.from >= start && spell.from < end;
  return paths.map((journey) => ({ journey, at: journey.findIndex(inside) })).filter(({ at }) => at >= 0);
}

/** Who entered the first stage in the window, and of each stage's entries those that entered the next one afterwards. */
function inOrder(paths: Spell[][], { order, window }: FunnelInput): Entry[][] {
  const all: Entry[][] = [];
  for (const stage of order) {
    const before = all.at(-1);
    const next = before
      ?.map(({ journey, at }) => ({
        journey,
        at: journey.findIndex((spell, place) => place > at && spell.stage === stage),
      }))
      .filter(({ at }) => at >= 0);
    all.push(next ?? entering(paths, stage, window));
  }
  return all;
}

const holds = (entries: Entry[] | undefined, { journey }: Entry): boolean =>
  entries?.some((each) => each.journey === journey) ?? false;

const goesTo = ({ journey, at }: Entry, order: readonly string[], place: number): boolean =>
  journey.slice(at + 1).some(({ stage }) => order.indexOf(stage) >= place);

const now = ({ journey }: Entry): Spell | null => journey.at(-1) ?? null;

const isIn = (stage: string) => (entry: Entry) => now(entry)?.to === null && now(entry)?.stage === stage;

const onTheWay = (order: readonly string[], to: number) => (entry: Entry) => {
  const last = now(entry);
  const place = last?.to === null ? order.indexOf(last.stage) : -1;
  return place >= 0 && place < to;
};

/** Where accounts went from the last time that they were in a stage. */
function outcomes(entries: Entry[], order: readonly string[], stage: string) {
  const found = { entered: entries.length, forward: 0, backward: 0, out: 0, still: 0, again: 0 };
  for (const { journey, at } of entries) {
    const last = journey.findLastIndex((spell) => spell.stage === stage);
    const { to } = journey[last]!;
    const next = journey[last + 1];
    const place = next && next.from === to ? order.indexOf(next.stage) : -1;
    if (last > at) found.again += 1;
    if (to === null) found.still += 1;
    else if (place === -1) found.out += 1;
    else if (place > order.indexOf(stage)) found.forward += 1;
    else found.backward += 1;
  }
  return found;
}

interface Conversion {
  metric: string;
  mode: string;
  who: Entry[];
  done: (entry: Entry) => boolean;
  open: (entry: Entry) => boolean;
  rows: number;
}

function conversion(scope: Scope, { metric, mode, who, done, open, rows }: Conversion): Figure {
  const part = who.filter(done).length;
  const waiting = who.filter((entry) => !done(entry) && open(entry)).length;
  const whole = who.length - waiting;
  const nothing = who.length === 0 ? "nobody entered" : `all ${waiting} are still on their way`;
  return ratio(scope, {
    metric,
    part,
    whole,
    nothing,
    n: whole,
    rows,
    definition: { order: mode, stillOpen: waiting },
  });
}
