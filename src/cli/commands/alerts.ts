import { Command } from "commander";
import type { PlaceOptions, Terminal } from "../terminal.ts";

const HELP = `
Examples:
  perennial alerts report                     what became of the alerts of the last 90 days, kind by kind
  perennial alerts limits                     from where on something is worth an alert
  perennial alerts limits "45 days before a renewal without contact"
  perennial alerts limits "5 tickets in 3 days, NPS 4 or less"
  perennial alerts limits usual               as they are usually

Alerts themselves are schedules: perennial schedule add "alerts on detractors every weekday at 9" --owner Owen
`;

/** Alerts of a workspace: what became of them, and their limits. */
export function alertsCommand(terminal: Terminal): Command {
  const command = new Command("alerts")
    .description("what became of the alerts, and from where on something is worth one")
    .helpCommand(false)
    .addHelpText("after", HELP);
  for (const made of [report, limits])
    command.addCommand(
      made(terminal)
        .option("--workspace <handle>", "another workspace than the usual one")
        .option("--json", "print one JSON object on standard output, and nothing else there"),
    );
  return command;
}

const report = (terminal: Terminal): Command =>
  new Command("report")
    .description("how many were told, are over, were snoozed, or were not useful")
    .action(async (options: PlaceOptions) => {
      const { reportAlerts } = await import("../schedule/alerts.ts");
      terminal.tell(await reportAlerts(terminal, options));
    });

const limits = (terminal: Terminal): Command =>
  new Command("limits")
    .description("show the workspace's limits, or change one in words")
    .argument("[words]", "such as: 45 days before a renewal without contact; or: usual")
    .action(async (words: string | undefined, options: PlaceOptions) => {
      const { setLimits, showLimits } = await import("../schedule/alerts.ts");
      terminal.tell(await (words === undefined ? showLimits(terminal, options) : setLimits(terminal, words, options)));
    });
