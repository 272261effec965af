import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { Script } from "./provider.ts";

// A process of its own, so that what the scripted model costs is not counted as ours.
const TOKEN = /.{1,4}/gs; // a piece of a stream holds about four characters

interface Question {
  stream?: boolean;
  messages: { role: string; content: string }[];
}

interface Reply {
  text: string;
  call: { name: string; arguments: string } | null;
}

let scripts: Script[] = [];
let answered = 0;

const server = createServer(async (request, response) => {
  const asked = (await json(request)) as Question; // the contestants send it
  (asked.stream ? streamed : whole)(replyTo(asked), response);
});

/** The call that is next in the script, or its answer. */
function replyTo({ messages }: Question): Reply {
  const at = messages.findLastIndex((message) => message.role === "user");
  const script = scripts.find((each) => each.question === messages[at]?.content);
  const call = script?.calls[messages.slice(at).filter((message) => message.role === "tool").length];
  if (call) return { text: "", call: { name: call.name, arguments: JSON.stringify(call.input) } };
  return { text: script?.answer ?? "There is no script for this question.", call: null };
}

function whole({ text, call }: Reply, response: ServerResponse): void {
  const id = `chatcmpl-${++answered}`;
  const message = call
    ? { role: "assistant", content: null, tool_calls: [{ id: `call-${answered}`, type: "function", function: call }] }
    : { role: "assistant", content: text };
  const choices = [{ index: 0, message, finish_reason: call ? "tool_calls" : "stop" }];
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ id, object: "chat.completion", created: 0, model: "scripted", choices, usage }));
}

function streamed({ text, call }: Reply, response: ServerResponse): void {
  const id = `chatcmpl-${++answered}`;
  const chunk = (rest: object) =>
    `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created: 0, model: "scripted", ...rest })}\n\n`;
  const piece = (delta: object, finish: string | null = null) =>
    chunk({ choices: [{ index: 0, delta, finish_reason: finish }] });
  const begun = call && {
    index: 0,
    id: `call-${answered}`,
    type: "function",
    function: { name: call.name, arguments: "" },
  };
  const pieces = [
    piece(begun ? { role: "assistant", content: null, tool_calls: [begun] } : { role: "assistant", content: "" }),
    ...cut(call?.arguments ?? "").map((part) => piece({ tool_calls: [{ index: 0, function: { arguments: part } }] })),
    ...cut(text).map((part) => piece({ content: part })),
    piece({}, call ? "tool_calls" : "stop"),
    chunk({ choices: [], usage }),
    "data: [DONE]\n\n",
  ];
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(pieces.join(""));
}

const usage = { prompt_tokens: 900, completion_tokens: 100, total_tokens: 1_000 };
const cut = (text: string): string[] => text.match(TOKEN) ?? [];

process.on("message", (message: Script[]) => {
  scripts = message;
  process.send?.({ ready: true });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo; // it listens on a port
  process.send?.({ url: `http://127.0.0.1:${port}/v1` });
});
process.on("disconnect", () => process.exit());
