import { AIMessage, type BaseMessage } from "@langchain/core/messages";

/** Why a reply of a model cannot be used, although no error was thrown. */
export type ReplyFault =
  | "empty"
  | "refused"
  | "filtered"
  | "too long"
  | "cut off"
  | "malformed tool call"
  | "unfinished";

/**
 * The one gate for replies that look complete and are not. A reply passes when the provider said that it is finished,
 * and it either calls tools with whole arguments or has text. `last` also wants it to be an answer.
 */
export function finalize(reply: BaseMessage | undefined, last: boolean): ReplyFault | null {
  if (!reply || !AIMessage.isInstance(reply)) return "unfinished";
  if (reply.additional_kwargs.refusal) return "refused";
  const finish: unknown = reply.response_metadata.finish_reason;
  if (finish === "content_filter") return "filtered";
  if (finish === "length") return "too long";
  if (!finish) return "cut off";
  if ((reply.invalid_tool_calls?.length ?? 0) > 0) return "malformed tool call";
  const calls = reply.tool_calls?.length ?? 0;
  if (finish !== "stop" && !(finish === "tool_calls" && calls > 0)) return "cut off";
  if (calls > 0) return last ? "unfinished" : null;
  return reply.text.trim() === "" ? "empty" : null;
}
