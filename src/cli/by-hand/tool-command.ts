import { Command } from "commander";
import { BadInput } from "#errors.ts";
import { didYouMean } from "#lifecycle/nearest-names.ts";
import { fieldsOf, shapeOf, unknownNames } from "#tools/by-hand.ts";
import type { Tool } from "#tools/define-tool.ts";
import type { PlaceOptions, Terminal, Told } from "../terminal.ts";
import { addFlags } from "./flags.ts";

/** A command of its own for a tool, with a flag for each field of its input. */
export function toolCommand(terminal: Terminal, tool: Tool, settings: Command): Command {
  const command = new Command(`perennial tools ${tool.name}`)
    .copyInheritedSettings(settings)
    .description(tool.description)
    .argument("[json]", "the whole input as a JSON object")
    .showHelpAfterError(`Run \`perennial tools ${tool.name} --help\` for what it takes.`);
  const read = addFlags(command, fieldsOf(shapeOf(tool)));
  return command
    .option("--workspace <handle>", "another workspace than the usual one")
    .option("--json", "print { tool, input, output, sources } as one JSON object, and nothing else")
    .action(async (json: string | undefined, options: PlaceOptions & Record<string, unknown>) => {
      const typed = { ...(json === undefined ? {} : objectOf(json)), ...read(options) };
      terminal.tell(await call(terminal, tool, typed, options));
    });
}

async function call(terminal: Terminal, tool: Tool, typed: object, options: PlaceOptions): Promise<Told> {
  const input = checked(tool, typed);
  const { house, workspace } = await terminal.place(options);
  const output = await tool.run(input, house.context(workspace));
  return { json: { tool: tool.name, input, output, sources: tool.sources?.(output) ?? [] }, words: tool.say(output) };
}

function objectOf(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    throw new BadInput(
      `The input is no JSON: ${json.slice(0, 80)}. Write an object such as '{"account":"Acme GmbH"}', or use flags.`,
      { cause },
    );
  }
  throw new BadInput(`The input must be a JSON object such as '{"account":"Acme GmbH"}'.`);
}

/** The input as the tool takes it. Throws BadInput that names each field at fault. */
function checked(tool: Tool, typed: object): unknown {
  const unknown = unknownNames(shapeOf(tool), typed).map(
    ({ name, known }) =>
      `${name} is not known${didYouMean(name.split(".").at(-1) ?? name, known)} (${known.join(", ")})`,
  );
  const read = tool.input.safeParse(typed);
  const wrong = read.success
    ? []
    : read.error.issues.map(({ path, message }) => `${path.join(".") || "the input"}: ${message}`);
  if (unknown.length + wrong.length > 0) {
    throw new BadInput(
      `${tool.name} cannot be asked like this. ${[...unknown, ...wrong].join("; ")}. \`perennial tools ${tool.name} --help\` shows what it takes.`,
    );
  }
  return read.data;
}
