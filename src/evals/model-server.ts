import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the scripted model does when it is asked the next time. */
export type Reply =
  | { say: string; finish?: string }
  | { call: { name: string; input: unknown }[] }
  /** Tool arguments as raw text, broken or cut. */
  | { callRaw: { name: string; args: string }; finish?: string }
  | { status: number; retryAfter?: string; body?: unknown }
  | { refuse: string }
  /** Half of a text, then the connection is cut; or the stream ends without saying that it is finished. */
  | { half: string; ends: "cut" | "end" | "stall" }
  | { hang: true };

/** A request as the provider saw it. */
export interface Asked {
  model: string;
  messages: { role: string; content: string; tool_calls?: unknown[]; tool_call_id?: string }[];
  tools?: { function: { name: string; description: string; parameters: unknown } }[];
  tool_choice?: unknown;
  stream: boolean;
}

export interface ModelServer {
  url: string;
  asked: Asked[];
  /** Sets what comes next; the last reply repeats. A function may look at the request. */
  script(...replies: (Reply | ((asked: Asked) => Reply))[]): void;
  close(): Promise<void>;
}

/** An OpenAI-compatible endpoint on loopback that answers by a script, streaming and not, with every fault of a provider. */
export async function modelServer(): Promise<ModelServer> {
  let replies: (Reply | ((asked: Asked) => Reply))[] = [{ say: "Hello." }];
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await bodyOf(request)) as Asked; // our own client sent it
    asked.push(body);
    const next = replies.length > 1 ? replies.shift()! : replies[0]!;
    answer(typeof next === "function" ? next(body) : next, body, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    script: (...next) => {
      replies = next;
      asked.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answer(reply: Reply, asked: Asked, response: ServerResponse): void {
  if ("hang" in reply) return;
  if ("status" in reply) {
    response.writeHead(reply.status, {
      "content-type": "application/json",
      ...(reply.retryAfter ? { "retry-after": reply.retryAfter } : {}),
    });
    response.end(
      JSON.stringify(
        reply.body ?? { error: { message: `secret provider text about ${reply.status}`, type: "server_error" } },
      ),
    );
    return;
  }
  if (asked.stream) stream(reply, response);
  else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(whole(reply)));
}

type Spoken = Exclude<Reply, { hang: true } | { status: number }>;

function stream(reply: Spoken, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (delta: unknown, finish: string | null = null) =>
    response.write(
      `data: ${JSON.stringify({ id: "chatcmpl-same", object: "chat.completion.chunk", model: "scripted", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
    );
  const done = (finish: string) => {
    send({}, finish);
    response.write(`data: ${JSON.stringify({ id: "chatcmpl-same", choices: [], usage: USAGE })}\n\ndata: [DONE]\n\n`);
    response.end();
  };
  send({ role: "assistant", content: "" });
  if ("half" in reply) {
    for (const piece of pieces(reply.half)) send({ content: piece });
    if (reply.ends === "cut") setTimeout(() => response.destroy(), 20);
    if (reply.ends === "end") response.end("data: [DONE]\n\n");
    return;
  }
  if ("refuse" in reply) {
    send({ refusal: reply.refuse });
    done("stop");
    return;
  }
  const calls = callsOf(reply);
  if (calls.length === 0 && "say" in reply) {
    for (const piece of pieces(reply.say)) send({ content: piece });
    done(reply.finish ?? "stop");
    return;
  }
  calls.forEach(({ name, args }, index) => {
    send({
      tool_calls: [
        {
          index,
          id: `call-${Math.random().toString(36).slice(2)}`,
          type: "function",
          function: { name, arguments: "" },
        },
      ],
    });
    for (const piece of pieces(args)) send({ tool_calls: [{ index, function: { arguments: piece } }] });
  });
  done("finish" in reply && reply.finish ? reply.finish : "tool_calls");
}

function whole(reply: Spoken): unknown {
  const calls = callsOf(reply);
  const message = {
    role: "assistant",
    content: "say" in reply ? reply.say : "half" in reply ? reply.half : null,
    ...("refuse" in reply ? { refusal: reply.refuse } : {}),
    ...(calls.length > 0
      ? {
          tool_calls: calls.map(({ name, args }, index) => ({
            id: `call-${index}`,
            type: "function",
            function: { name, arguments: args },
          })),
        }
      : {}),
  };
  return {
    id: "chatcmpl-same",
    object: "chat.completion",
    model: "scripted",
    choices: [{ index: 0, message, finish_reason: calls.length > 0 ? "tool_calls" : "stop" }],
    usage: USAGE,
  };
}

const USAGE = { prompt_tokens: 80, completion_tokens: 20, total_tokens: 100 };

function callsOf(reply: Spoken): { name: string; args: string }[] {
  if ("call" in reply) return reply.call.map(({ name, input }) => ({ name, args: JSON.stringify(input) }));
  return "callRaw" in reply ? [reply.callRaw] : [];
}

const pieces = (text: string): string[] => text.match(/.{1,7}/gs) ?? [""];

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
