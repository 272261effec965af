import { z } from "zod";
import { type BandWeek, bandWeeksFrom } from "#accounts/health-weeks.ts";
import { addDays } from "#lifecycle/days.ts";
import { HEALTH_BANDS } from "#metrics/health.ts";
import { intervalStart } from "#metrics/weeks.ts";
import { formatMoney } from "#money.ts";
import { type StageWeek, stageWeeksFrom } from "#stages/weeks.ts";
import { defineTool } from "./define-tool.ts";
import { stageTitle } from "./subject.ts";
import { counted } from "./words.ts";

const MOST_LINES = 13;

const weeksInput = z.object({
  of: z.enum(["health", "stages"]).describe("what to follow over the weeks"),
  weeks: z.number().int().min(2).max(104).default(12).describe("how many weeks back"),
});

/** How many accounts stood where in one week, with their MRR in minor units. */
export interface PastWeek {
  week: string;
  judgedOn: string;
  /** Mean health score of the week, over the accounts that have one; null for stages. */
  score: number | null;
  counts: { name: string; accounts: number; mrrMinor: number }[];
}

export interface PastWeeksFinding {
  of: "health" | "stages";
  asked: number;
  currency: string;
  weeks: PastWeek[];
}

export const pastWeeksTool = defineTool({
  name: "past_weeks",
  title: "Week by week",
  description:
    "How the health of paying accounts, or the number of accounts in each lifecycle stage, developed week by week. Use for “how did health develop?”, “how many accounts were in each stage over the last weeks?”. For one account use account_overview or account_timeline; for movements between stages stage_funnel.",
  effect: "reads",
  input: weeksInput,
  run: ({ of, weeks: asked }, context) =>
    context.database.read(context.actor, async (rows): Promise<PastWeeksFinding> => {
      const { today, baseCurrency: currency, knowledge } = context;
      const from = addDays(intervalStart(today, "week"), -7 * asked);
      const weeks =
        of === "health"
          ? healthByWeek(await bandWeeksFrom(rows, from))
          : stagesByWeek(await stageWeeksFrom(rows, knowledge.model.id, from), (stage) => stageTitle(context, stage));
      return { of, asked, currency, weeks };
    }),
  say: sayWeeks,
});

function healthByWeek(rows: readonly BandWeek[]): PastWeek[] {
  return [...Map.groupBy(rows, ({ week }) => week)].map(([week, bands]) => {
    const scored = bands.filter(({ score }) => score !== null);
    const accounts = scored.reduce((sum, each) => sum + each.accounts, 0);
    const points = scored.reduce((sum, each) => sum + each.accounts * (each.score ?? 0), 0);
    const order = [...HEALTH_BANDS, "unknown"] as const;
    return {
      week,
      judgedOn: bands[0]!.judgedOn, // a group has one at least
      score: accounts === 0 ? null : points / accounts,
      counts: order.flatMap((band) =>
        bands
          .filter((each) => each.band === band)
          .map((each) => ({ name: band, accounts: each.accounts, mrrMinor: each.mrrMinor })),
      ),
    };
  });
}

const stagesByWeek = (rows: readonly StageWeek[], titled: (stage: string) => string): PastWeek[] =>
  [...Map.groupBy(rows, ({ week }) => week)].map(([week, stages]) => ({
    week,
    judgedOn: stages[0]!.judgedOn, // a group has one at least
    score: null,
    counts: stages.map(({ stage, accounts, mrrMinor }) => ({ name: titled(stage), accounts, mrrMinor })),
  }));

function sayWeeks({ of, asked, currency, weeks }: PastWeeksFinding): string {
  const [first, last] = [weeks[0], weeks.at(-1)];
  if (!first || !last) return "No week is on record yet. `perennial history` works the past weeks out from the rows.";
  const shown = weeks.length <= MOST_LINES ? weeks : everyNth(weeks, Math.ceil(weeks.length / MOST_LINES));
  const title = of === "health" ? "Health of paying accounts" : "Accounts by stage";
  const known =
    weeks.length <= asked
      ? [
          `${counted(weeks.length, "week")} of the ${asked} asked for are on record; \`perennial history\` works out more.`,
        ]
      : [];
  return [
    `**${title}, week of ${first.week}${first === last ? "" : ` to week of ${last.week}`}**`,
    ...(first !== last && first.score !== null && last.score !== null
      ? [`Mean score ${first.score.toFixed(1)} then, ${last.score.toFixed(1)} now.`]
      : []),
    ...shown.map((each) => weekLine(each, currency)),
    ...(shown.length < weeks.length ? [`${shown.length} of ${weeks.length} weeks shown.`] : []),
    ...known,
    `As judged at the end of each week${of === "health" ? ": poor below 40, good from 70, unknown where less than half is known" : ""}; the last one as of ${last.judgedOn}.`,
  ].join("\n");
}

/** Every so many weeks, counted back from the last one. */
const everyNth = (weeks: readonly PastWeek[], step: number): PastWeek[] =>
  weeks.filter((_, at) => (weeks.length - 1 - at) % step === 0);

const weekLine = ({ week, score, counts }: PastWeek, currency: string): string =>
  `- ${week}:${score === null ? "" : ` mean ${score.toFixed(1)};`} ${counts.map(({ name, accounts, mrrMinor }) => `${name} ${accounts} (${formatMoney(mrrMinor, currency)})`).join(", ")}`;
