import { Command } from "commander";
import type { Tool } from "#tools/define-tool.ts";
import type { Terminal, Told } from "../terminal.ts";

const HELP = `
Examples:
  perennial tools                                                   the list
  perennial tools account_overview --help                           what a tool takes
  perennial tools account_overview --account "Acme GmbH"
  perennial tools portfolio --stage Retention --mrr-at-least 1000 --sort renewal
  perennial tools portfolio '{"filters":{"country":["Germany"]},"group_by":"owner"}' --json

--json prints { tool, input, output, sources }.
`;

export const toolsCommand = (terminal: Terminal): Command =>
  new Command("tools")
    .description("list the tools, or call one by hand")
    .argument("[name]", "the tool to call")
    .argument("[input...]", "its input as a JSON object, or as flags")
    .passThroughOptions()
    .allowUnknownOption()
    .addHelpText("after", HELP)
    .action(async (name: string | undefined, rest: string[], _options: object, command: Command) => {
      const { tools } = await import("#tools/index.ts");
      if (name === undefined) return terminal.tell(listOf(tools));
      const tool = tools.find((each) => each.name === name.replaceAll("-", "_"));
      if (!tool) throw await unknownTool(name, tools);
      const { toolCommand } = await import("../by-hand/tool-command.ts");
      await toolCommand(terminal, tool, command).parseAsync(rest, { from: "user" });
    });

function listOf(tools: readonly Tool[]): Told {
  return {
    json: { tools: tools.map(({ name, title, description, effect }) => ({ name, title, description, effect })) },
    words: [
      "| Tool | What it tells |",
      "|---|---|",
      ...tools.map(({ name, description }) => `| ${name} | ${description} |`),
    ].join("\n"),
  };
}

async function unknownTool(name: string, tools: readonly Tool[]): Promise<Error> {
  const [{ BadInput }, { didYouMean }] = await Promise.all([
    import("#errors.ts"),
    import("#lifecycle/nearest-names.ts"),
  ]);
  const names = tools.map((each) => each.name);
  return new BadInput(`There is no tool ${name}${didYouMean(name, names) || "."} There are: ${names.join(", ")}.`);
}
