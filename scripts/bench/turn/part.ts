import { interleaved, type Timing } from "../measure.ts";
import type { Options } from "../options.ts";
import type { PartResult, Row } from "../result.ts";
import { type Company, openCompany } from "./company.ts";
import { type Answerer, bareAgent, handLoop, ours } from "./contestants.ts";
import { startProvider } from "./provider.ts";

export const TOOL_CALLS = [0, 1, 3] as const;
const WARMUP = 40; // turns of each; until then the compiler is busy
const AIM = { ratioBelow: 2 };

/** One turn with 0, 1 and 3 tool calls: ours, LangChain's bare agent, and a loop by hand, at the same scripted model. */
export async function measureTurns(options: Options, tell: (words: string) => void): Promise<PartResult> {
  tell("making the sample company");
  const company = await openCompany(options.serverUrl, TOOL_CALLS);
  const provider = await startProvider();
  try {
    await provider.learn([...company.scripts.values()]);
    const rows: Row[] = [];
    for (const calls of TOOL_CALLS) {
      tell(`${calls} tool calls, findings replayed`);
      rows.push(...replayedRows(calls, await race(company, provider.url, calls, company.replayed, options.turns)));
    }
    for (const calls of TOOL_CALLS.filter((each) => each > 0)) {
      tell(`${calls} tool calls, tools at work`);
      rows.push(...workingRows(calls, await race(company, provider.url, calls, company.tools, options.turns)));
    }
    return { rows, notes };
  } finally {
    provider.close();
    await company.close();
  }
}

const notes = [
  "The scripted model answers at once, in a process of its own; all contestants send the same rules and the same ten tools.",
  "Findings replayed: a tool returns at once what it found before, so that the loop is measured and not the database. Tools at work: they ask the database.",
  "Our agent always streams and checks every sentence; the aim is held against createAgent without streaming, which does less, and with it.",
  "CPU is that of this process, all threads, in one turn.",
];

type Name = "ours" | "invoked" | "streamed" | "hand";

async function race(
  company: Company,
  url: string,
  calls: number,
  tools: Company["tools"],
  turns: number,
): Promise<Record<Name, Timing>> {
  const ground = { company, tools, url };
  const script = company.scripts.get(calls)!;
  const answerers: Record<Name, Answerer> = {
    ours: ours(ground),
    invoked: bareAgent(ground, { streaming: false }),
    streamed: bareAgent(ground, { streaming: true }),
    hand: handLoop(ground),
  };
  const turn = (answer: Answerer) => async () => {
    const { text, toolCalls } = await answer(script.question);
    if (text.trim() !== script.answer.trim() || toolCalls !== calls)
      throw new Error(
        `a turn with ${calls} tool calls ended with ${toolCalls} and ${JSON.stringify(text)}, not ${JSON.stringify(script.answer)}`,
      );
  };
  const contestants = {
    ours: turn(answerers.ours),
    invoked: turn(answerers.invoked),
    streamed: turn(answerers.streamed),
    hand: turn(answerers.hand),
  };
  return interleaved(contestants, { rounds: turns, warmup: Math.min(WARMUP, turns) });
}

function replayedRows(calls: number, timings: Record<Name, Timing>): Row[] {
  return (["cpuMs", "wallMs"] as const).flatMap((kind) => [
    turnRow(`${toolCalls(calls)}`, kind, timings, "invoked", AIM),
    turnRow(`${toolCalls(calls)}`, kind, timings, "streamed", AIM),
    turnRow(`${toolCalls(calls)}`, kind, timings, "hand", null),
  ]);
}

const workingRows = (calls: number, timings: Record<Name, Timing>): Row[] =>
  (["cpuMs", "wallMs"] as const).map((kind) =>
    turnRow(`${toolCalls(calls)}, tools at work`, kind, timings, "invoked", AIM),
  );

const PEERS: Record<Exclude<Name, "ours">, string> = {
  invoked: "createAgent",
  streamed: "createAgent, streamed",
  hand: "hand loop, openai",
};

function turnRow(
  what: string,
  kind: keyof Timing,
  timings: Record<Name, Timing>,
  peer: Exclude<Name, "ours">,
  aim: Row["aim"],
): Row {
  return {
    part: "turn",
    what,
    unit: kind === "cpuMs" ? "ms CPU" : "ms",
    ours: timings.ours[kind],
    against: { name: PEERS[peer], spread: timings[peer][kind] },
    aim,
  };
}

const toolCalls = (calls: number) => (calls === 1 ? "1 tool call" : `${calls} tool calls`);
