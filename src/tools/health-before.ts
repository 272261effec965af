import type { KeptHealth } from "#accounts/health-weeks.ts";
import { addDays } from "#lifecycle/days.ts";
import { listed } from "./words.ts";

/** The health of an account in a past week; `weeksAgo` counts from today. */
export interface HealthThen {
  weeksAgo: number;
  /** The first day of the week. */
  week: string;
  score: number;
}

/** How health was before today: at a few distances, and the lowest of the last year. */
export interface HealthBefore {
  then: HealthThen[];
  lowest: { week: string; score: number } | null;
}

const DISTANCES = [1, 4, 12, 26, 52];

/** What the kept weeks of one account say of its health before today; weeks without a score say nothing. */
export function healthBefore(weeks: readonly KeptHealth[], today: string): HealthBefore {
  const scored = weeks.flatMap(({ week, score }) => (score === null ? [] : [{ week, score }]));
  const onDay = (day: string) => scored.find(({ week }) => week <= day && day < addDays(week, 7));
  const then = DISTANCES.flatMap((weeksAgo): HealthThen[] => {
    const found = onDay(addDays(today, -7 * weeksAgo));
    return found ? [{ weeksAgo, ...found }] : [];
  });
  const year = scored.filter(({ week }) => week > addDays(today, -365) && addDays(week, 7) <= today);
  const lowest = year.reduce<HealthBefore["lowest"]>(
    (least, each) => (least && least.score <= each.score ? least : each),
    null,
  );
  return { then, lowest };
}

const NUMBER_WORDS: Record<number, string> = { 1: "a week ago", 52: "a year ago" };

/** "- Health before: 70 a week ago, 85 4 weeks ago; lowest 40 in the week of 2026-05-04"; null when no past week is known. */
export function healthBeforeLine({ then, lowest }: HealthBefore): string | null {
  if (then.length === 0 || lowest === null) return null;
  const told = then.map(({ weeksAgo, score }) => `${NUMBER_WORDS[weeksAgo] ?? `${weeksAgo} weeks ago`} ${score}`);
  return `- Health before: ${listed(told)}; lowest in the last year ${lowest.score}, in the week of ${lowest.week}`;
}
