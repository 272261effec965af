import { Command, InvalidArgumentError } from "commander";
import { EXIT } from "../failure.ts";
import type { PlaceOptions, Terminal, Told } from "../terminal.ts";

interface HistoryOptions extends PlaceOptions {
  months?: number;
  weeks?: number;
}

const HELP = `
Examples:
  perennial history                 the last 52 weeks
  perennial history --weeks 104
  perennial history check           compare what is kept with what the rows say today

Judges every account at the end of each past week, from the dates that the rows carry: the stages it went through, so that
timelines, funnels and "why this stage" reach back, and its health. Transitions that rules had decided are replaced; what a
person pinned stays. From now on the weeks are kept as they come. The past can be made anew at any time: the same rows give
the same past.

A check finds differences where rows came late or were changed after a week was kept, and where a stage was confirmed on
days in between. After differences the exit code is 1.
`;

const MOST_WEEKS = 520;
const USUAL_WEEKS = 52;
const WEEKS_A_MONTH = 365.25 / 12 / 7;
const MOST_SHOWN = 50;

/** Stages and health of past weeks: make them anew, check them. */
export const historyCommand = (terminal: Terminal): Command =>
  new Command("history")
    .description("work out the stages and the health of past weeks from the dates in the data")
    .option("--weeks <count>", "how far back (52 unless given)", whole)
    .option("--months <count>", "the same in months", whole)
    .option("--workspace <handle>", "another workspace than the usual one")
    .helpCommand(false)
    .addHelpText("after", HELP)
    .action(async (options: HistoryOptions) => terminal.tell(await rebuilt(terminal, options)))
    .addCommand(
      new Command("check")
        .description(
          "compare the weeks that are kept with what the rows say today; the exit code is 1 where they differ",
        )
        .option("--workspace <handle>", "another workspace than the usual one")
        .option("--json", "print one JSON object on standard output, and nothing else there")
        .action(async (_: PlaceOptions, command: Command) =>
          terminal.tell(await checked(terminal, command.optsWithGlobals())),
        ),
    );

async function rebuilt(terminal: Terminal, options: HistoryOptions): Promise<Told> {
  const { house, workspace } = await terminal.place(options);
  const asked = options.weeks ?? (options.months ? Math.ceil(options.months * WEEKS_A_MONTH) : USUAL_WEEKS);
  const { accounts, weeks, moves } = await house.rebuildHistory(workspace, Math.min(asked, MOST_WEEKS));
  return {
    json: { workspace: workspace.handle, accounts, weeks, moves },
    words: `${moves} moves between stages, and the health of ${weeks} weeks, of ${accounts} accounts up to ${house.today(workspace)}.`,
  };
}

async function checked(terminal: Terminal, options: PlaceOptions): Promise<Told> {
  const { house, workspace } = await terminal.place(options);
  const found = await house.checkHistory(workspace);
  const { weeks, accounts, differences } = found;
  return {
    json: { workspace: workspace.handle, ...found },
    words: weeks === 0 ? "No past week is kept yet. `perennial history` works them out." : inWords(found),
    code: differences.length === 0 ? EXIT.ok : EXIT.failed,
  };

  function inWords({ differences }: typeof found): string {
    if (differences.length === 0)
      return `${weeks} weeks of ${accounts} accounts are kept as their rows say today, and so are the sums by stage and health.`;
    const shown = differences
      .slice(0, MOST_SHOWN)
      .map(({ where, week, says }) => `- ${where}, week of ${week}: ${says}`);
    const more = differences.length > shown.length ? [`and ${differences.length - shown.length} more`] : [];
    return [
      `**${differences.length} differences**`,
      ...shown,
      ...more,
      "`perennial history` makes the past anew.",
    ].join("\n");
  }
}

function whole(given: string): number {
  const count = Number(given);
  if (!Number.isInteger(count) || count < 1 || count > MOST_WEEKS) {
    throw new InvalidArgumentError(`Say a whole number from 1 to ${MOST_WEEKS}.`);
  }
  return count;
}
