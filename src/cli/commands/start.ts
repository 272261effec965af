import { Command } from "commander";
import { type PlaceOptions, pickWorkspace, type Terminal } from "../terminal.ts";

const HELP = `
Examples:
  perennial start                    with Slack tokens in .env: in Slack; without: a playground in your browser
  perennial start --workspace acme   on another workspace than the usual one

It runs until Ctrl-C, which lets answers under way be finished. \`perennial chat\` talks in the terminal instead.
`;

const DRAIN_MS = 26_000; // the doors drain within 25 seconds

export const startCommand = (terminal: Terminal): Command =>
  new Command("start")
    .description("open the assistant in Slack; without Slack tokens, a playground in your browser")
    .option("--workspace <handle>", "another workspace than the usual one")
    .addHelpText("after", HELP)
    .action(async (options: PlaceOptions) => {
      const { screen } = terminal;
      let isOpen = false; // afterwards the screen belongs to the address
      const house = await terminal.house(options, (words) => {
        if (isOpen) return;
        if (screen.err.isTTY) screen.status(words);
        else screen.note(words);
      });
      const workspace = await pickWorkspace(house, options);
      const doors = await terminal.roof.openDoors(workspace);
      terminal.endsItself = true;
      terminal.endsWithinMs = DRAIN_MS;
      isOpen = true;
      const { whatIsSetUp } = await import("../talk/welcome.ts");
      const lines = await whatIsSetUp({ house, workspace }, terminal.roof.version);
      screen.clearStatus();
      if (screen.json) screen.object({ door: doors.kind, url: doors.url, workspace: workspace.handle });
      else screen.say([...lines.slice(0, 1), ...doors.says, ...lines.slice(1), "", "Ctrl-C stops it."].join("\n"));
      await stopped(terminal);
      if (!screen.json) screen.note("Finishing what is under way.");
      await doors.stop();
    });

const stopped = ({ stopped: signal }: Terminal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
