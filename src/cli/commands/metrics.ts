import { Command } from "commander";
import { EXIT } from "../failure.ts";
import { margin } from "../metrics/margin.ts";
import type { PlaceOptions, Terminal, Told } from "../terminal.ts";

const HELP = `
Examples:
  perennial metrics check       compare the weekly sums with the ledger, and say where they differ
  perennial metrics rebuild     make the weekly sums anew from the ledger
  perennial metrics margin 78%  count CLV with a gross margin of 78%

The weekly sums are kept while data comes in, and are derived from the ledger: they can always be made anew. After a check
that finds differences the exit code is 1.
`;

/** The weekly sums behind the reports: check them, make them anew. */
export function metricsCommand(terminal: Terminal): Command {
  const command = new Command("metrics")
    .description("check or rebuild the weekly sums behind the reports; set the gross margin of CLV")
    .helpCommand(false)
    .addHelpText("after", HELP);
  for (const make of [check, rebuild, margin])
    command.addCommand(
      make(terminal)
        .option("--workspace <handle>", "another workspace than the usual one")
        .option("--json", "print one JSON object on standard output, and nothing else there"),
    );
  return command;
}

const check = (terminal: Terminal): Command =>
  new Command("check")
    .description("compare every week of every account with the ledger; the exit code is 1 where they differ")
    .action(async (options: PlaceOptions) => terminal.tell(await checked(terminal, options)));

async function checked(terminal: Terminal, options: PlaceOptions): Promise<Told> {
  const [{ checkRollups }, { actorIn }] = await Promise.all([
    import("#accounts/rollups-check.ts"),
    import("#workspaces/workspace.ts"),
  ]);
  const { house, workspace } = await terminal.place(options);
  // As a writer, because it looks at every row, and a reader is stopped after seconds.
  const found = await house.database.write(actorIn(workspace), checkRollups);
  const { accounts, weeks, differences } = found;
  const shown = differences.slice(0, 50).map(({ where, week, says }) => `- ${where}, week of ${week}: ${says}`);
  const more = differences.length > shown.length ? [`and ${differences.length - shown.length} more`] : [];
  return {
    json: { workspace: workspace.handle, ...found },
    words:
      differences.length === 0
        ? `${weeks} weeks of ${accounts} accounts are as the ledger says, and so are their sums.`
        : [
            `**${differences.length} differences**`,
            ...shown,
            ...more,
            "`perennial metrics rebuild` puts them right.",
          ].join("\n"),
    code: differences.length === 0 ? EXIT.ok : EXIT.failed,
  };
}

const rebuild = (terminal: Terminal): Command =>
  new Command("rebuild")
    .description("make the weekly sums anew from the ledger")
    .action(async (options: PlaceOptions) => {
      const [{ rebuildRollups }, { actorIn }] = await Promise.all([
        import("#accounts/rollups.ts"),
        import("#workspaces/workspace.ts"),
      ]);
      const { house, workspace } = await terminal.place(options);
      const accounts = await rebuildRollups(house.database, actorIn(workspace), (done) =>
        terminal.screen.status(`Counted ${done} accounts`),
      );
      terminal.tell({
        json: { workspace: workspace.handle, accounts },
        words: `The weekly sums of ${accounts} accounts are made anew.`,
      });
    });
