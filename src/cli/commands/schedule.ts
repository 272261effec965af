import { Command } from "commander";
import type { ByWordsOptions } from "../schedule/by-words.ts";
import type { PlaceOptions, Terminal } from "../terminal.ts";

const HELP = `
Examples:
  perennial schedule list
  perennial schedule add "every Monday at 9, churn for team DACH" --owner Owen --channel C0123ABCD
  perennial schedule add "warn me 45 days before a renewal without contact" --owner Owen
  perennial schedule edit 12 "every Friday at 16, churn for team DACH"
  perennial schedule pause 12
  perennial schedule run 12                   send it now, by the Perennial that runs
  perennial schedule runs 12                  what became of its latest slots
  perennial schedule read "every Monday at 9, churn for team DACH"

In Slack the same words do: /perennial schedule every Monday at 9 in #cs-leads, churn for my team
`;

/** Reports that come by themselves, seen from the terminal. */
export function scheduleCommand(terminal: Terminal): Command {
  const command = new Command("schedule")
    .description("list, add, edit, pause, resume, delete and run the reports that come by themselves in Slack")
    .helpCommand(false)
    .addHelpText("after", HELP);
  for (const made of [list, add, edit, ...CHANGES.map(([name, what]) => change(name, what)), run, runs, read])
    command.addCommand(
      made(terminal)
        .option("--workspace <handle>", "another workspace than the usual one")
        .option("--json", "print one JSON object on standard output, and nothing else there"),
    );
  return command;
}

const NUMBER = "as `perennial schedule list` shows it";

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

const WORDS = "such as: every Monday at 9, churn for team DACH";

const add = (terminal: Terminal): Command =>
  new Command("add")
    .description("set one up in words")
    .argument("<words>", WORDS)
    .option("--owner <name>", "whose it is: somebody who has used Perennial in Slack")
    .option("--channel <id>", "where it comes, such as C0123ABCD; unless given, the owner's direct messages")
    .option("--zone <zone>", "the time zone, where the words name none; unless given, the workspace's")
    .action(async (words: string, options: ByWordsOptions) => {
      const { addByWords } = await import("../schedule/by-words.ts");
      terminal.tell(await addByWords(terminal, words, options));
    });

const edit = (terminal: Terminal): Command =>
  new Command("edit")
    .description("change one to other words; its owner stays, and so does its place unless it is said")
    .argument("<number>", NUMBER, Number)
    .argument("<words>", WORDS)
    .option("--channel <id>", "where it comes from now on")
    .option("--zone <zone>", "the time zone, where the words name none")
    .action(async (id: number, words: string, options: ByWordsOptions) => {
      const { editByWords } = await import("../schedule/by-words.ts");
      terminal.tell(await editByWords(terminal, { id, words }, options));
    });

const run = (terminal: Terminal): Command =>
  new Command("run")
    .description("send it now, besides its times")
    .argument("<number>", NUMBER, Number)
    .action(async (id: number, options: PlaceOptions) => {
      const { runSchedule } = await import("../schedule/schedules.ts");
      terminal.tell(await runSchedule(terminal, id, options));
    });

const change =
  (name: (typeof CHANGES)[number][0], what: string) =>
  (terminal: Terminal): Command =>
    new Command(name)
      .description(what)
      .argument("<number>", NUMBER, Number)
      .action(async (id: number, options: PlaceOptions) => {
        const { changeSchedule } = await import("../schedule/schedules.ts");
        terminal.tell(await changeSchedule(terminal, { id, change: name, options }));
      });

const runs = (terminal: Terminal): Command =>
  new Command("runs")
    .description("what became of its latest slots")
    .argument("<number>", NUMBER, Number)
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
