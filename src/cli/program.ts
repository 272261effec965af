import { Command } from "commander";
import { alertsCommand } from "./commands/alerts.ts";
import { askCommand } from "./commands/ask.ts";
import { chatCommand } from "./commands/chat.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { evalCommand } from "./commands/eval.ts";
import { historyCommand } from "./commands/history.ts";
import { importCommand } from "./commands/import.ts";
import { ingestCommand } from "./commands/ingest.ts";
import { metricsCommand } from "./commands/metrics.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { modelCommand } from "./commands/model.ts";
import { pinCommand, unpinCommand } from "./commands/pin.ts";
import { playbooksCommand } from "./commands/playbooks.ts";
import { reportCommand } from "./commands/report.ts";
import { riskCommand } from "./commands/risk.ts";
import { scheduleCommand } from "./commands/schedule.ts";
import { seedCommand } from "./commands/seed.ts";
import { slackCommand } from "./commands/slack.ts";
import { stagesCommand } from "./commands/stages.ts";
import { startCommand } from "./commands/start.ts";
import { toolsCommand } from "./commands/tools.ts";
import type { Terminal } from "./terminal.ts";

const EVERY_COMMAND = [
  startCommand,
  chatCommand,
  askCommand,
  importCommand,
  ingestCommand,
  playbooksCommand,
  migrateCommand,
  seedCommand,
  toolsCommand,
  stagesCommand,
  historyCommand,
  riskCommand,
  reportCommand,
  metricsCommand,
  pinCommand,
  unpinCommand,
  modelCommand,
  evalCommand,
  doctorCommand,
  slackCommand,
  scheduleCommand,
  alertsCommand,
];

/** All commands. They load what they need when they run, so that help is there at once. */
export function program(terminal: Terminal): Command {
  const perennial = new Command("perennial")
    .description("Answers questions about your customers from your CRM data, with the rows behind every figure.")
    .version(terminal.roof.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help, with examples")
    .helpCommand("help [command]", "show help for a command")
    .enablePositionalOptions()
    .showHelpAfterError("Run `perennial --help` for the commands there are.")
    .addHelpText("after", TOP_HELP);
  perennial.exitOverride().configureOutput({ writeErr: (text) => terminal.screen.err.write(text) });
  for (const make of EVERY_COMMAND) perennial.addCommand(withHouseRules(make(terminal), perennial));
  return perennial;
}

function withHouseRules(command: Command, parent: Command): Command {
  return command
    .copyInheritedSettings(parent)
    .option("--json", "print one JSON object on standard output, and nothing else there")
    .showHelpAfterError(`Run \`perennial ${command.name()} --help\` for what it takes.`);
}

const TOP_HELP = `
Examples:
  perennial start                                     open Slack, or without tokens a playground in your browser
  perennial chat                                      talk here, in the terminal
  perennial ask "what stage is Acme GmbH in?"         one question, one answer
  perennial import ./export --mapping salesforce      bring your own data
  perennial doctor                                    what is set up, what is missing, what to do

In a clone: npm run perennial -- COMMAND. Settings: .env.example. Exit codes: 0 done, 1 failed, 2 wrong input,
3 the database or another service is away.
`;
