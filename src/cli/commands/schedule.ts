import { Command } from "commander";
import type { PlaceOptions, Terminal } from "../terminal.ts";

const HELP = `
Examples:
  perennial schedule list
  perennial schedule pause 12
  perennial schedule runs 12                  what became of its latest slots
  perennial schedule read "every Monday at 9, churn for team DACH"

Schedules are set up in Slack, where their reports go: /perennial schedule every Monday at 9 in #cs-leads, churn for my team
`;

/** Reports that come by themselves, seen from the terminal. */
export function scheduleCommand(terminal: Terminal): Command {
  const command = new Command("schedule")
    .description("list, pause, resume and delete the reports that come by themselves in Slack")
    .helpCommand(false)
    .addHelpText("after", HELP);
  for (const made of [list, ...CHANGES.map(([name, what]) => change(name, what)), runs, read])
    command.addCommand(
      made(terminal)
        .option("--workspace <handle>", "another workspace than the usual one")
        .option("--json", "print one JSON object on standard output, and nothing else there"),
    );
  return command;
}

const CHANGES = [
  ["pause", "let it not come until it is resumed"],
  ["resume", "let it come again, from its next time on"],
  ["delete", "end it"],
] as const;

const list = (terminal: Terminal): Command =>
  new Command("list")
    .description("all schedules of the workspace, with their next time")
    .action(async (options: PlaceOptions) => {
      const { listSchedules } = await import("../schedule/schedules.ts");
      terminal.tell(await listSchedules(terminal, options));
    });

const change =
  (name: (typeof CHANGES)[number][0], what: string) =>
  (terminal: Terminal): Command =>
    new Command(name)
      .description(what)
      .argument("<number>", "as `perennial schedule list` shows it", Number)
      .action(async (id: number, options: PlaceOptions) => {
        const { changeSchedule } = await import("../schedule/schedules.ts");
        terminal.tell(await changeSchedule(terminal, { id, change: name, options }));
      });

const runs = (terminal: Terminal): Command =>
  new Command("runs")
    .description("what became of its latest slots")
    .argument("<number>", "as `perennial schedule list` shows it", Number)
    .action(async (id: number, options: PlaceOptions) => {
      const { showRuns } = await import("../schedule/schedules.ts");
      terminal.tell(await showRuns(terminal, id, options));
    });

const read = (terminal: Terminal): Command =>
  new Command("read")
    .description("say how words for a schedule are understood, and when it would come; sets up nothing")
    .argument("<words>", "such as: every Monday at 9, churn for team DACH")
    .option("--zone <zone>", "the time zone, where the words name none")
    .action(async (words: string, options: PlaceOptions & { zone?: string }) => {
      const { readWords } = await import("../schedule/read-words.ts");
      terminal.tell(readWords(words, options.zone ?? "UTC"));
    });
