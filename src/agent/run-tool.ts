import { z } from "zod";
import type { Audience } from "#actor.ts";
import { AskAgain, BadInput, errorRef, Unavailable } from "#errors.ts";
import { nearestNames } from "#lifecycle/nearest-names.ts";
import type { Log } from "#log.ts";
import type { Tool, ToolContext } from "#tools/define-tool.ts";
import type { InChannel } from "#tools/in-channel.ts";
import type { ChoiceFinding, Finding } from "./answer.ts";

/** The answer where people of another company read: nothing of the store, not even counts. */
export const NOT_BEFORE_STRANGERS =
  "People of another company read here, so I show no customer data. Ask me in a direct message.";

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
  if (context.actor.audience === "external") return failed(NOT_BEFORE_STRANGERS, "refused");
  const tool = tools.find((each) => each.name === name);
  if (!tool)
    return failed(`There is no tool ${name}. There are: ${tools.map((each) => each.name).join(", ")}.`, "refused");
  const input = tool.input.safeParse(given);
  if (!input.success) return failed(inputFault(tool, input.error), "refused");
  try {
    const whole = await tool.run(input.data, context);
    const { finding: output, keptOut } = forAudience(tool, whole, context.actor.audience);
    const finding = { tool: name, input: input.data, output, words: tool.say(output), isError: false };
    return keptOut.length > 0 ? { ...finding, keptOut } : finding;
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

/** In a channel only what colleagues may see goes on from here: to the model, the ledger, the views and the thread. */
const forAudience = (tool: Tool, finding: unknown, audience: Audience): InChannel<unknown> =>
  (audience === "private" ? undefined : tool.inChannel?.(finding)) ?? { finding, keptOut: [] };

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
