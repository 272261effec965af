import { logRank } from "./compare-survival.ts";
import { fitCox, type TraitEffect } from "./cox.ts";
import { type Figure, figure, type Scope } from "./figure.ts";
import { type Duration, dayWhenEnded, howMany, kaplanMeier, type SurvivalStep, survivalAt } from "./time-in-stage.ts";

/** How long customers of a group have paid, in weeks from the first paid one to the one in which they first churned. */
export interface PayingLife {
  group: string;
  /** What else sets them apart; only customers of one kind are compared when the other traits are to be equal. */
  kind: string;
  weeks: number;
  left: boolean;
  times: number;
}

export interface GroupPace {
  group: string;
  customers: number;
  left: number;
  /** The share that pays longer than so many months, by Kaplan–Meier; no value where nobody has been there so long. */
  staying: { months: number; figure: Figure }[];
  /** Weeks after which half have left. */
  median: Figure;
  curve: SurvivalStep[];
  /** The rate of leaving against the largest group's, among customers of one kind; null where too few left. */
  against: (TraitEffect & { low: number; high: number }) | null;
}

export interface LeavingPace extends Scope {
  groups: GroupPace[];
  /** The group that the others are held against: the one with the most customers. */
  largest: string;
  /** Whether the groups leave at one pace (log-rank); null where nobody left or there is one group. */
  test: { chiSquare: number; degrees: number; p: number } | null;
  customers: number;
  left: number;
}

export const PACE_MONTHS = [3, 6, 12, 24] as const;
const WEEKS_PER_MONTH = 365 / 7 / 12;
const ENOUGH_LEFT = 5; // fewer say nothing about a pace

/**
 * How fast groups of customers leave: Kaplan–Meier curves, the log-rank test, and Cox's rate of leaving against the largest
 * group within customers that are alike otherwise. Who came back counts as left at the first churn.
 */
export function leavingPace(lives: readonly PayingLife[], scope: Scope): LeavingPace {
  const durations = new Map(
    [...Map.groupBy(lives, ({ group }) => group)].map(([group, members]) => [group, members.map(durationOf)]),
  );
  const bySize = [...durations].sort(([a, ones], [b, others]) => howMany(others) - howMany(ones) || (a < b ? -1 : 1));
  const largest = bySize[0]?.[0] ?? "";
  const effects = againstLargest(lives, bySize, largest);
  return {
    ...scope,
    groups: bySize.map(([group, members]) => paceOf(group, members, { scope, against: effects.get(group) ?? null })),
    largest,
    test: logRank(durations),
    customers: howMany([...durations.values()].flat()),
    left: howMany([...durations.values()].flat().filter(({ ended }) => ended)),
  };
}

const durationOf = ({ weeks, left, times }: PayingLife): Duration => ({ days: weeks, ended: left, times });
const leftOf = (durations: readonly Duration[]): number => howMany(durations.filter(({ ended }) => ended));

interface Beside {
  scope: Scope;
  against: GroupPace["against"];
}

function paceOf(group: string, durations: Duration[], { scope, against }: Beside): GroupPace {
  const curve = kaplanMeier(durations);
  const n = howMany(durations);
  const longest = Math.max(...durations.map(({ days }) => days));
  const told = { n, rows: n, definition: { method: "Kaplan–Meier over weeks" } };
  return {
    group,
    customers: n,
    left: leftOf(durations),
    staying: PACE_MONTHS.map((months) => {
      const weeks = Math.round(months * WEEKS_PER_MONTH);
      const { survival, standardError } = survivalAt(curve, weeks);
      const metric = `share that pays longer than ${months} months`;
      const known = longest >= weeks;
      if (!known)
        return { months, figure: figure(scope, { ...told, metric, because: "nobody has been there so long" }) };
      return { months, figure: figure(scope, { ...told, metric, value: survival, standardError }) };
    }),
    median: figure(scope, {
      ...told,
      metric: "weeks until half have left",
      unit: "count",
      value: dayWhenEnded(curve, 0.5),
      because: "less than half have left",
    }),
    curve,
    against,
  };
}

/** Effects of the groups of which enough have left; the others are compared with nobody. */
function againstLargest(
  lives: readonly PayingLife[],
  groups: [string, Duration[]][],
  largest: string,
): Map<string, NonNullable<GroupPace["against"]>> {
  const enough = groups.filter(([, durations]) => leftOf(durations) >= ENOUGH_LEFT).map(([group]) => group);
  const others = enough.filter((group) => group !== largest);
  if (!enough.includes(largest) || others.length === 0) return new Map();
  const customers = lives
    .filter(({ group }) => enough.includes(group))
    .map((life) => ({
      ...durationOf(life),
      stratum: life.kind,
      traits: others.map((group) => Number(life.group === group)),
    }));
  const fit = fitCox(customers, others);
  if (!fit.settled) return new Map(); // no kind has customers of several groups, so there is nobody to compare with
  return new Map(
    fit.effects
      .filter(({ standardError }) => Number.isFinite(standardError) && standardError < 2)
      .map((effect) => {
        const spread = 1.959964 * effect.standardError;
        const [low, high] = [Math.exp(effect.coefficient - spread), Math.exp(effect.coefficient + spread)];
        return [effect.trait, { ...effect, low, high }];
      }),
  );
}
