import { z } from "zod";
import { AskAgain, BadInput, errorRef, Unavailable } from "#errors.ts";
import { nearestNames } from "#lifecycle/nearest-names.ts";
import type { Log } from "#log.ts";
import type { Tool, ToolContext } from "#tools/define-tool.ts";
import type { ChoiceFinding, Finding } from "./answer.ts";

/**
 * Runs one tool of the catalogue. Never throws: what the asker or the model can put right comes back in its own words,
 * anything else as a reference that the log explains.
 */
export async function runTool(
  tools: readonly Tool[],
  name: string,
  given: unknown,
  context: ToolContext,
  log: Log,
): Promise<Finding> {
  const failed = (words: string, kind: string): Finding => ({
    tool: name,
    input: given,
    output: { kind, message: words },
    words,
    isError: true,
  });
  const tool = tools.find((each) => each.name === name);
  if (!tool)
    return failed(`There is no tool ${name}. There are: ${tools.map((each) => each.name).join(", ")}.`, "refused");
  const input = tool.input.safeParse(given);
  if (!input.success) return failed(inputFault(tool, input.error), "refused");
  try {
    const output = await tool.run(input.data, context);
    return { tool: name, input: input.data, output, words: tool.say(output), isError: false };
  } catch (error) {
    if (error instanceof AskAgain) {
      const choice: ChoiceFinding = { kind: "choice", message: error.message, choices: error.choices };
      return { tool: name, input: input.data, output: choice, words: error.message, isError: false };
    }
    if (error instanceof BadInput) return failed(error.message, "refused");
    const ref = errorRef();
    log.error({ err: error, tool: name, ref }, "a tool failed");
    return failed(error instanceof Unavailable ? error.message : `That failed on my side (ref ${ref}).`, "failed");
  }
}

/** "portfolio: filters.mrr.at_least must be a number. …", one sentence a field. */
function inputFault(tool: Tool, error: z.ZodError): string {
  const faults = error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join(".") || "the input"}: ${issue.message}${unknownKeys(tool, issue)}`);
  return `${tool.name} was called with wrong input. ${faults.join("; ")}.`;
}

function unknownKeys(tool: Tool, issue: z.core.$ZodIssue): string {
  if (issue.code !== "unrecognized_keys" || !(tool.input instanceof z.ZodObject)) return "";
  const near = nearestNames(issue.keys[0] ?? "", Object.keys(tool.input.shape));
  return near.length > 0 ? ` (did you mean ${near.join(", ")}?)` : "";
}
