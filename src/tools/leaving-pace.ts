import { z } from "zod";
import { FIGURE_GROUPS } from "#accounts/figures-accounts.ts";
import { ALIKE_BY, payingLives } from "#accounts/paying-lives.ts";
import { AskAgain } from "#errors.ts";
import { FEW, sayFigure } from "#metrics/figure.ts";
import { type GroupPace, type LeavingPace, leavingPace } from "#metrics/leaving-pace.ts";
import { intervalStart } from "#metrics/weeks.ts";
import { defineTool } from "./define-tool.ts";
import { accountsMeant, figureFilters, scopeOf } from "./figure-input.ts";
import { scopeWords } from "./figure-words.ts";
import { counted } from "./words.ts";

const MOST_GROUPS = 12;

const paceInput = z.object({
  group_by: z.enum(FIGURE_GROUPS).default("segment").describe("whom to compare"),
  filters: figureFilters.default({}),
});

export interface PaceFinding {
  by: z.output<typeof paceInput>["group_by"];
  pace: LeavingPace;
  /** What the compared customers have in common where the rate of leaving is told. */
  alike: string[];
  moreGroups: number;
  asOf: string;
}

export const leavingPaceTool = defineTool({
  name: "leaving_pace",
  title: "Who leaves sooner",
  description:
    "How long customers stay, by segment, plan, country, industry, owner or team: the share that still pays after 3, 6, 12 and 24 months (Kaplan–Meier), whether the groups differ (log-rank test), and how many times as fast a group leaves as the largest one, customers being alike otherwise. Use for “do SMB customers leave sooner than enterprise?”, “who stays longest?”, “churn speed by plan”.",
  effect: "reads",
  input: paceInput,
  run: ({ group_by: by, filters }, context) =>
    context.database.read(context.actor, async (rows): Promise<PaceFinding> => {
      const { asked, filter } = await accountsMeant(rows, filters, context);
      const lives = await payingLives(rows, asked, { by, week: intervalStart(context.today, "week") });
      if (lives.length === 0) throw new AskAgain(`No account of these has ever paid and has a ${by} on record.`);
      const pace = leavingPace(lives, scopeOf(null, context, filter));
      return {
        by,
        pace: { ...pace, groups: pace.groups.slice(0, MOST_GROUPS) },
        alike: ALIKE_BY.filter((trait) => trait !== by),
        moreGroups: Math.max(0, pace.groups.length - MOST_GROUPS),
        asOf: context.today,
      };
    }),
  say: sayPace,
});

function sayPace({ by, pace, alike, moreGroups }: PaceFinding): string {
  return [
    `**How long customers stay, by ${by}**`,
    verdict(pace, by),
    ...pace.groups.map(line),
    ...(moreGroups > 0 ? [`${counted(moreGroups, `smaller ${by}`, `smaller groups by ${by}`)} left out.`] : []),
    ...rates(pace, alike),
    `Definition: from the first paid week to the first churn, in whole weeks; who still pays counts as long as they have paid (Kaplan–Meier). ${scopeWords(pace)}; ${counted(pace.customers, "customer")}, of whom ${pace.left} left.`,
  ].join("\n");
}

/** What the test says, without the word "significant". */
function verdict({ test, left, groups, customers }: LeavingPace, by: string): string {
  if (left === 0) return "Nobody has left yet, so there is nothing to compare.";
  if (!test) return `There is only one ${by}, so there is nothing to compare.`;
  const chance = test.p < 0.001 ? "less than 1 in 1,000" : `${(test.p * 100).toFixed(1)} in 100`;
  const told = `a difference this large would come by chance in ${chance} (log-rank, ${counted(groups.length, "group")})`;
  const few = customers < FEW ? ` With ${customers} customers that says little.` : "";
  if (test.p < 0.01) return `The groups leave at different paces: ${told}.${few}`;
  if (test.p < 0.05) return `The groups seem to leave at different paces: ${told}.${few}`;
  return `No difference between the groups can be told from chance: ${told}.${few}`;
}

function line({ group, customers, left, staying, median }: GroupPace): string {
  const shares = staying.flatMap(({ months, figure }) =>
    figure.value === null ? [] : [`${months} months ${share(figure.value)}`],
  );
  const half = median.value === null ? "" : `; half have left after ${sayFigure(median)} weeks`;
  const after = shares.length > 0 ? `; still paying after ${shares.join(", ")}` : "";
  return `- **${group}**: ${counted(customers, "customer")}, ${left} left${after}${half}`;
}

function rates({ groups, largest }: LeavingPace, alike: string[]): string[] {
  const told = groups.flatMap(({ group, against }) =>
    against
      ? [
          `${group} leave ${times(against.hazardRatio)} as fast (95% interval ${against.low.toFixed(2)} to ${against.high.toFixed(2)}${against.low < 1 && against.high > 1 ? ": it may be the same pace" : ""})`,
        ]
      : [],
  );
  if (told.length === 0) return [];
  return [
    `Against ${largest}, among customers of one ${alike.join(" and ")} (Cox): ${told.join("; ")}. This shows what goes together, not why.`,
  ];
}

const share = (value: number): string => `${(value * 100).toFixed(1)}%`;
const times = (ratio: number): string => `${ratio.toFixed(2)} times`;
