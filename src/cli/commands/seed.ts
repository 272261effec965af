import { Command } from "commander";
import type { Terminal, Told } from "../terminal.ts";

const HELP = `
Examples:
  perennial seed            loads the sample company where it is not there yet
  perennial seed --fresh    makes it anew, so that its last day is today

Same seed and same day make the same rows. --fresh deletes what the workspace "sample" holds, its threads and pins too.
`;

export const seedCommand = (terminal: Terminal): Command =>
  new Command("seed")
    .description("load the sample company")
    .option("--fresh", "make it anew for today")
    .addHelpText("after", HELP)
    .action(async ({ fresh }: { fresh?: boolean }) => terminal.tell(await seed(terminal, fresh === true)));

async function seed(terminal: Terminal, fresh: boolean): Promise<Told> {
  const { screen } = terminal;
  const house = await terminal.house({}, (words) => (screen.err.isTTY ? screen.status(words) : screen.note(words)));
  const workspace = fresh ? await house.freshSample() : await house.sampleWorkspace();
  const { judged, playbooks } = await house.settle(workspace);
  const { accountCount } = await import("#workspaces/workspace.ts");
  const accounts = await accountCount(house.database, workspace);
  return {
    json: { workspace: workspace.handle, accounts, day: workspace.clock, judged, playbooks: playbooks.summary },
    words: `The sample company has **${accounts} accounts** and stands at ${house.today(workspace)}. Ask it something: \`perennial start\`. What its stages and health were in past weeks is worked out by \`perennial history\`, in about a minute.`,
  };
}
