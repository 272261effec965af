import { loadavg } from "node:os";
import { type Spread, single, spread } from "../measure.ts";
import type { Options } from "../options.ts";
import type { PartResult, Row } from "../result.ts";
import { startProvider } from "../turn/provider.ts";
import { Bot, type Used } from "./bot.ts";
import type { Times } from "./load.ts";

const WARMUP = 200; // questions; until then the compiler is busy
const RATES = [
  { perSecond: 1, questions: 20 },
  { perSecond: 20, questions: 400 },
  { perSecond: 100, questions: 2_000 },
] as const;
const AGENT_RATES = [1, 20]; // the agent's own turn takes more than a hundredth of a second of one core
const AT_ONCE = 8; // what our worker does at a time
const EARLY = 0.1; // of all turns: heap then and at the end
const ACK_MS = 1_000;
const OVERHEAD_MS = 15;
const SCRIPT = {
  question: "Acme GmbH?",
  calls: [{ name: "account_overview", input: { account: "Acme GmbH" } }],
  answer: "The card below tells how the account stands.",
};

/** What our door costs beside a plain Bolt app: acknowledgements, first status and answers at three rates, processor time, memory. */
export async function measureSlack(options: Options, tell: (words: string) => void): Promise<PartResult> {
  const { serverUrl } = options;
  const provider = await startProvider();
  await provider.learn([SCRIPT]);
  tell("starting three bots");
  const agent = await Bot.open({ who: "agent", serverUrl, modelUrl: provider.url });
  const door = await Bot.open({ who: "door", serverUrl, modelUrl: null });
  const plain = await Bot.open({ who: "plain", serverUrl: null, modelUrl: null });
  try {
    const rows: Row[] = [];
    for (const each of [door, plain]) await each.load.inTurn(WARMUP, AT_ONCE);
    await agent.load.inTurn(WARMUP / 4, AT_ONCE, SCRIPT.question);
    for (const { perSecond, questions } of RATES) {
      tell(`${perSecond} a second`);
      const ours = await door.load.atRate(perSecond, questions);
      rows.push(...rateRows(perSecond, ours, await plain.load.atRate(perSecond, questions)));
      if (!AGENT_RATES.includes(perSecond)) continue;
      const whole = await agent.load.atRate(perSecond, questions, SCRIPT.question);
      rows.push(row(`answer with agent and model, ${perSecond}/s`, "ms", spread(whole.answer)));
    }
    tell(`${options.questions} questions, ${AT_ONCE} at a time`);
    rows.push(...(await turnRows(door, plain, options.questions)));
    return { rows, notes: notes(serverUrl) };
  } finally {
    provider.close();
    for (const each of [agent, door, plain]) await each.close();
  }
}

const notes = (serverUrl: string | null): string[] => [
  "Each bot is a process of its own with a playground to itself, by Socket Mode; questions are direct messages, each in a thread of its own.",
  "Door: our door with an agent that answers at once, streaming; it shows a status, keeps the question and its answer, and marks what it posts. Plain Bolt posts one constant and keeps nothing.",
  "With agent and model: our agent with one tool call at the sample company, the model scripted at the wire.",
  `Milliseconds are from when the person said it. Load average at the end: ${loadavg()
    .map((each) => each.toFixed(1))
    .join(", ")}.`,
  ...(serverUrl ? [] : ["The embedded database runs inside the door's process, so its processor time is in it."]),
];

const row = (what: string, unit: Row["unit"], ours: Spread, more: Partial<Row> = {}): Row => ({
  ...{ part: "slack", what, unit, ours, against: null, aim: null },
  ...more,
});

const PLAIN = "plain Bolt";

function rateRows(perSecond: number, ours: Times, theirs: Times): Row[] {
  const beside = (which: "ack" | "answer") => ({ against: { name: PLAIN, spread: spread(theirs[which]) } });
  const enough = ours.ack.length >= 1_000; // else the thousandth is the worst one
  return [
    row(`event to acknowledgement, ${perSecond}/s`, "ms", spread(ours.ack), beside("ack")),
    ...(enough
      ? [
          row(`event to acknowledgement, ${perSecond}/s, p99.9`, "ms", single(at(ours.ack, 0.999)), {
            against: { name: PLAIN, spread: single(at(theirs.ack, 0.999)) },
            aim: { p50Below: ACK_MS },
          }),
        ]
      : []),
    row(`event to first status, ${perSecond}/s`, "ms", spread(ours.status)),
    row(`event to whole answer, ${perSecond}/s`, "ms", spread(ours.answer), beside("answer")),
  ];
}

const at = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.ceil(share * values.length) - 1]!;

interface Turns {
  cpuMs: number;
  perSecond: number;
  early: Used;
  late: Used;
}

async function turnsOf(bot: Bot, questions: number): Promise<Turns> {
  const before = await bot.used();
  const first = Math.round(questions * EARLY);
  const one = await bot.load.inTurn(first, AT_ONCE);
  const early = await bot.used();
  const other = await bot.load.inTurn(questions - first, AT_ONCE);
  const late = await bot.used();
  const cpuMs = (late.cpuMs - before.cpuMs) / questions;
  return { cpuMs, perSecond: questions / (one.seconds + other.seconds), early, late };
}

async function turnRows(door: Bot, plain: Bot, questions: number): Promise<Row[]> {
  const ours = await turnsOf(door, questions);
  const theirs = await turnsOf(plain, questions);
  const beside = (read: (turns: Turns) => number) => ({
    ours: single(read(ours)),
    against: { name: PLAIN, spread: single(read(theirs)) },
  });
  const pair = (what: string, unit: Row["unit"], read: (turns: Turns) => number) => {
    const { ours: mine, against } = beside(read);
    return row(what, unit, mine, { against });
  };
  const count = questions.toLocaleString("en");
  return [
    pair("a turn", "ms CPU", ({ cpuMs }) => cpuMs),
    row("a turn, above plain Bolt", "ms CPU", single(ours.cpuMs - theirs.cpuMs), { aim: { p50Below: OVERHEAD_MS } }),
    pair("turns a second, 8 at a time", "turns/s", ({ perSecond }) => perSecond),
    pair(
      `live heap after ${Math.round(questions * EARLY).toLocaleString("en")} turns`,
      "MB",
      ({ early }) => early.heapMb,
    ),
    pair(`live heap after ${count} turns`, "MB", ({ late }) => late.heapMb),
    pair(`resident after ${count} turns`, "MB", ({ late }) => late.rssMb),
  ];
}
