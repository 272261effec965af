import type { BandWeek } from "#accounts/health-weeks.ts";
import { healthBand } from "#metrics/health.ts";
import type { StageWeek } from "#stages/weeks.ts";
import type { PastLook } from "./replay.ts";

interface Sum {
  week: string;
  group: string;
  judgedOn: string;
  accounts: number;
  paying: number;
  mrrMinor: number;
  scores: number;
  scored: number;
}

/** Adds up where accounts stood at the ends of weeks, by stage and by health band. */
export class PastSums {
  readonly #stages = new Map<string, Sum>();
  readonly #bands = new Map<string, Sum>();

  add(looks: readonly PastLook[]): void {
    for (const look of looks) {
      addTo(this.#stages, look.stage, look);
      const score = look.health?.score;
      if (look.paying) addTo(this.#bands, typeof score === "number" ? healthBand(score) : "unknown", look);
    }
  }

  /** As `stage_week` has them. */
  stages(): StageWeek[] {
    return inOrder(this.#stages).map(({ group, scores, scored, ...sum }) => ({
      ...sum,
      stage: group,
      health: mean(scores, scored),
    }));
  }

  /** As `health_band_week` has them. */
  bands(): BandWeek[] {
    return inOrder(this.#bands).map(({ group, week, judgedOn, accounts, mrrMinor, scores, scored }) => ({
      week,
      band: group as BandWeek["band"], // groups of bands are bands
      accounts,
      mrrMinor,
      score: mean(scores, scored),
      judgedOn,
    }));
  }
}

function addTo(sums: Map<string, Sum>, group: string, { week, day, paying, baseMrrMinor, health }: PastLook): void {
  const key = `${week} ${group}`;
  const sum = sums.get(key) ?? {
    week,
    group,
    judgedOn: day,
    accounts: 0,
    paying: 0,
    mrrMinor: 0,
    scores: 0,
    scored: 0,
  };
  sum.accounts += 1;
  sum.paying += paying ? 1 : 0;
  sum.mrrMinor += baseMrrMinor;
  if (typeof health?.score === "number") {
    sum.scores += health.score;
    sum.scored += 1;
  }
  sums.set(key, sum);
}

const inOrder = (sums: Map<string, Sum>): Sum[] =>
  [...sums.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);

/** To one decimal, as the database rounds it. */
const mean = (sum: number, n: number): number | null => (n === 0 ? null : Math.round((sum * 10) / n) / 10);
