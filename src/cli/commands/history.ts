import { Command, InvalidArgumentError } from "commander";
import type { PlaceOptions, Terminal } from "../terminal.ts";

interface HistoryOptions extends PlaceOptions {
  months: number;
}

const HELP = `
Examples:
  perennial history                 the stages of the last 12 months
  perennial history --months 30

Judges the last day of each past month from the dates that the rows carry, so that timelines and "why this stage" reach back.
Transitions that rules had decided are replaced; what a person pinned stays.
`;

const MOST_MONTHS = 120;

export const historyCommand = (terminal: Terminal): Command =>
  new Command("history")
    .description("work out the stages of past months from the dates in the data")
    .option("--months <count>", "how far back", wholeMonths, 12)
    .option("--workspace <handle>", "another workspace than the usual one")
    .addHelpText("after", HELP)
    .action(async (options: HistoryOptions) => {
      const { house, workspace } = await terminal.place(options);
      const moves = await house.rebuildHistory(workspace, options.months);
      terminal.tell({
        json: { workspace: workspace.handle, months: options.months, moves },
        words: `${moves} moves between stages in ${options.months} months up to ${house.today(workspace)}.`,
      });
    });

function wholeMonths(given: string): number {
  const months = Number(given);
  if (!Number.isInteger(months) || months < 1 || months > MOST_MONTHS) {
    throw new InvalidArgumentError(`Say a whole number of months from 1 to ${MOST_MONTHS}.`);
  }
  return months;
}
