import { Command } from "commander";
import type { Terminal } from "../terminal.ts";

const HELP = `
Examples:
  perennial doctor
  perennial doctor --quality                                         and ask the golden questions, in some seconds
  perennial doctor --json | jq '.checks[] | select(.health == "broken")'

It changes nothing. Stale data and things that are not set up are told, but are no fault: the exit code is 1 only when
something that is set up does not work. --json prints { ok, checks: [{ area, health, says, cure }] }.
`;

export const doctorCommand = (terminal: Terminal): Command =>
  new Command("doctor")
    .description("what is set up, reachable and fresh, and what to do about the rest")
    .option("--quality", "also find out how good the playbook search is, on the golden questions")
    .addHelpText("after", HELP)
    .action(async ({ quality }: { quality?: boolean }) => {
      const { examine } = await import("../doctor/examine.ts");
      terminal.tell(await examine(terminal, { quality: quality === true }));
    });
