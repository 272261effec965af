import { Command } from "commander";
import type { SlackCheck } from "../open-house.ts";
import type { Terminal } from "../terminal.ts";

const NOT_CONNECTED =
  "No SLACK_… setting is there, so `perennial start` opens the playground. README, “Connect Slack”, tells how to connect a workspace.";

export const slackCommand = (terminal: Terminal): Command =>
  new Command("slack")
    .description("connect a Slack workspace, and look after the connection")
    .addCommand(doctor(terminal))
    .addCommand(manifest(terminal));

const doctor = (terminal: Terminal): Command =>
  new Command("doctor")
    .description("check tokens, scopes and events, and say what is missing")
    .option("--json", "print one JSON object on standard output, and nothing else there")
    .action(async () => {
      const { slack } = await terminal.settings();
      if (!slack) {
        terminal.tell({ json: { connected: false, checks: [] }, words: NOT_CONNECTED });
        return;
      }
      const checks = await terminal.roof.examineSlack(slack);
      const isWell = checks.every(({ ok }) => ok);
      const json = { connected: isWell, checks };
      terminal.tell({ json, words: checks.map(line).join("\n"), ...(isWell ? {} : { code: 1 }) });
    });

const manifest = (terminal: Terminal): Command =>
  new Command("manifest")
    .description("print the app manifest to paste at Slack, for the settings that are there")
    .action(async () => {
      const { slack } = await terminal.settings();
      terminal.screen.out.write(`${JSON.stringify(await terminal.roof.slackManifest(slack), null, 2)}\n`);
    });

const line = ({ name, ok, says, cure }: SlackCheck): string =>
  `- ${ok ? "✓" : "✗"} **${name}**: ${says}${!ok && cure ? `\n  → ${cure}` : ""}`;
