import { type Command, Option } from "commander";
import { type Field, put } from "#tools/by-hand.ts";

/** Gives a command a flag for each field of a tool's input. Returns how to read them: the input as it was typed. */
export function addFlags(command: Command, fields: readonly Field[]): (options: Record<string, unknown>) => object {
  const readers = fields.map((field) => {
    const option = optionFor(field);
    command.addOption(option);
    if (field.shape.type === "boolean") command.addOption(new Option(`--no-${field.flag}`).hideHelp());
    return { path: field.path, key: option.attributeName() };
  });
  return (options) => {
    const input = {};
    for (const { path, key } of readers) if (options[key] !== undefined) put(input, path, options[key]);
    return input;
  };
}

function optionFor({ flag, shape, required }: Field): Option {
  const about = [shape.description, required && "(needed)", shape.type === "boolean" && `(or --no-${flag})`];
  const words = about.filter(Boolean).join(" ");
  if (shape.type === "boolean") return new Option(`--${flag}`, words);
  if (shape.type === "array")
    return choosing(
      new Option(`--${flag} <words>`, `${words} (again, or with commas, for several)`),
      shape.items?.enum,
      (text, before: unknown) => [
        ...(Array.isArray(before) ? before : []),
        ...text
          .split(",")
          .map((each) => each.trim())
          .filter(Boolean),
      ],
    );
  if (shape.type === "number" || shape.type === "integer")
    return new Option(`--${flag} <number>`, words).argParser(numberOf);
  return choosing(new Option(`--${flag} <words>`, words), shape.enum, (text) => text);
}

function choosing(
  option: Option,
  choices: string[] | undefined,
  read: (text: string, before: unknown) => unknown,
): Option {
  if (choices) option.description += ` [${choices.join(", ")}]`;
  return option.argParser(read);
}

/** What is no number stays text: the tool's own check then names the field. */
const numberOf = (text: string): number | string =>
  text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
