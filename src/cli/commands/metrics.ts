import { Command } from "commander";
import { EXIT } from "../failure.ts";
import { margin } from "../metrics/margin.ts";
import type { PlaceOptions, Terminal, Told } from "../terminal.ts";

const HELP = `
Examples:
  perennial metrics check       compare the kept sums with what they are made of, and say where they differ
  perennial metrics rebuild     make the kept sums anew
  perennial metrics margin 78%  count CLV with a gross margin of 78%

Sums are kept while data comes in: those of weeks, months and quarters, which are derived from the ledger, and those of who pays, renews and is at
risk today, which are derived from the accounts. They can always be made anew. After a check that finds differences the exit
code is 1.
`;

/** The sums behind the reports: check them, make them anew. */
export function metricsCommand(terminal: Terminal): Command {
  const command = new Command("metrics")
    .description("check or rebuild the sums behind the reports; set the gross margin of CLV")
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
    .description("compare every kept sum with what it is made of; the exit code is 1 where they differ")
    .action(async (options: PlaceOptions) => terminal.tell(await checked(terminal, options)));

async function checked(terminal: Terminal, options: PlaceOptions): Promise<Told> {
  const [{ checkRollups }, { checkStandings }, { actorIn }] = await Promise.all([
    import("#accounts/rollups-check.ts"),
    import("#accounts/standings-check.ts"),
    import("#workspaces/workspace.ts"),
  ]);
  const { house, workspace } = await terminal.place(options);
  // As a writer, because it looks at every row, and a reader is stopped after seconds.
  const [found, standings] = await house.database.write(actorIn(workspace), async (rows) => [
    await checkRollups(rows),
    await checkStandings(rows),
  ]);
  const { accounts, weeks } = found;
  const all = [
    ...found.differences.map(({ where, week, says }) => `- ${where}, from ${week}: ${says}`),
    ...standings.differences.map(({ where, says }) => `- ${where}: ${says}`),
  ];
  const shown = all.slice(0, 50);
  const more = all.length > shown.length ? [`and ${all.length - shown.length} more`] : [];
  return {
    json: { workspace: workspace.handle, ...found, standings },
    words:
      all.length === 0
        ? `${weeks} weeks of ${accounts} accounts are as the ledger says, and so are their sums; so are those of the ${standings.accounts} accounts that pay or have a risk today.`
        : [
            `**${all.length} ${all.length === 1 ? "difference" : "differences"}**`,
            ...shown,
            ...more,
            "`perennial metrics rebuild` puts them right.",
          ].join("\n"),
    code: all.length === 0 ? EXIT.ok : EXIT.failed,
  };
}

const rebuild = (terminal: Terminal): Command =>
  new Command("rebuild")
    .description("make the sums anew from the ledger and from what is known of accounts today")
    .action(async (options: PlaceOptions) => {
      const [{ rebuildRollups }, { rebuildStandings }, { actorIn }] = await Promise.all([
        import("#accounts/rollups.ts"),
        import("#accounts/standings.ts"),
        import("#workspaces/workspace.ts"),
      ]);
      const { house, workspace } = await terminal.place(options);
      const accounts = await rebuildRollups(house.database, actorIn(workspace), (done) =>
        terminal.screen.status(`Counted ${done} accounts`),
      );
      const standings = await rebuildStandings(house.database, actorIn(workspace));
      terminal.tell({
        json: { workspace: workspace.handle, accounts, standings },
        words: `The weekly sums of ${accounts} accounts are made anew, and those of the ${standings} that pay or have a risk today.`,
      });
    });
