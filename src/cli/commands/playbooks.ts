import { Command } from "commander";
import type { Terminal, Told } from "../terminal.ts";

const HELP = `
Examples:
  perennial playbooks check                                   files, links, moves, likeness, review days, triggers
  perennial playbooks preview knowledge/playbooks/retention/champion-left.md
  perennial playbooks new customer-moves-office --stage retention
  perennial playbooks gaps                                    what was asked and no playbook covers
  perennial playbooks gaps --scaffold 1 --id customer-moves-office --stage retention
  perennial playbooks feedback champion-left --section Steps --helped no --note "no words for a mail"
`;

/** Everything about playbooks but indexing them. */
export function playbooksCommand(terminal: Terminal): Command {
  const command = new Command("playbooks")
    .description("check, write and preview playbooks; what they lack, and what people say of them")
    .helpCommand(false)
    .addHelpText("after", HELP);
  for (const make of [check, write, preview, gaps, feedback]) {
    command.addCommand(
      make(terminal).option("--json", "print one JSON object on standard output, and nothing else there"),
    );
  }
  return command;
}

/** Runs a deed of ../playbooks, which is loaded only now, and tells what came of it. */
const telling =
  <Given extends unknown[]>(
    terminal: Terminal,
    deed: () => Promise<(terminal: Terminal, ...given: Given) => Promise<Told>>,
  ) =>
  async (...given: Given): Promise<void> =>
    terminal.tell(await (await deed())(terminal, ...given));

const check = (terminal: Terminal): Command =>
  new Command("check")
    .description("look through the playbooks on disk; the exit code is 2 when one cannot be used")
    .action(telling(terminal, async () => (await import("../playbooks/check.ts")).check));

const write = (terminal: Terminal): Command =>
  new Command("new")
    .description("begin a playbook: a draft with every field and section")
    .argument("<id>", "the file's name, like renewal-60-days-silent")
    .requiredOption("--stage <stage>", "awareness, consideration, purchase, support, retention, advocacy or lapsed")
    .option("--title <words>", "the title; else it is made of the id")
    .option("--into <folder>", "the folder of playbooks; else your own, else the one in use")
    .action(telling(terminal, async () => (await import("../playbooks/write.ts")).write));

const preview = (terminal: Terminal): Command =>
  new Command("preview")
    .description("show how a file will be cut into passages")
    .argument("<file>", "a Markdown file")
    .option("--pages", "read it as a page of a Confluence or Notion export")
    .action(telling(terminal, async () => (await import("../playbooks/preview.ts")).preview));

const gaps = (terminal: Terminal): Command =>
  new Command("gaps")
    .description("questions that no playbook covers, alike ones together")
    .option("--scaffold <number>", "write a draft for that group", Number)
    .option("--id <id>", "the draft's id; else it is made of the question")
    .option("--stage <stage>", "the draft's stage; else retention")
    .option("--into <folder>", "the folder of playbooks; else your own, else the one in use")
    .option("--workspace <handle>", "another workspace than the usual one")
    .action(telling(terminal, async () => (await import("../playbooks/gaps.ts")).gaps));

const feedback = (terminal: Terminal): Command =>
  new Command("feedback")
    .description("what people say of passages; with a playbook, say it")
    .argument("[playbook]", "the playbook's id")
    .option("--section <name>", "its section; else Steps")
    .option("--helped <yes|no>", "whether it helped")
    .option("--note <words>", "what was missing, or good")
    .option("--workspace <handle>", "another workspace than the usual one")
    .action(telling(terminal, async () => (await import("../playbooks/feedback.ts")).feedback));
