import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { single } from "../measure.ts";
import type { Options } from "../options.ts";
import type { PartResult, Row } from "../result.ts";

const AFTER = [200, 1_000]; // turns
const TOOL_CALLS = 1;

/** What a process is asked to do. */
export interface Wanted {
  who: "ours" | "agent" | "hand";
  serverUrl: string | null;
  toolCalls: number;
  after: number[];
}

/** The memory of a process after so many turns. */
export interface Memory {
  turns: number;
  rssMb: number;
  heapMb: number;
}

/** Whether turns leave something behind: resident memory and live heap after many of them, in one process. */
export async function measureMemory({ serverUrl }: Options, tell: (words: string) => void): Promise<PartResult> {
  const all = new Map<Wanted["who"], Memory[]>();
  for (const who of ["ours", "agent", "hand"] as const) {
    tell(`${who}: ${Math.max(...AFTER)} turns`);
    all.set(who, await inProcess({ who, serverUrl, toolCalls: TOOL_CALLS, after: AFTER }));
  }
  const of = (who: Wanted["who"], turns: number) => all.get(who)!.find((each) => each.turns === turns)!;
  const row = (
    what: string,
    read: (who: Wanted["who"]) => number,
    peer: { who: Wanted["who"]; name: string },
  ): Row => ({
    part: "memory",
    what,
    unit: "MB",
    ours: single(read("ours")),
    against: { name: peer.name, spread: single(read(peer.who)) },
    aim: null,
  });
  const rows = [
    { who: "agent", name: "createAgent, streamed" } as const,
    { who: "hand", name: "hand loop, openai" } as const,
  ].flatMap((peer) => [
    ...AFTER.map((turns) => row(`resident after ${turns} turns`, (who) => of(who, turns).rssMb, peer)),
    row(`live heap after ${AFTER[1]} turns`, (who) => of(who, AFTER[1]!).heapMb, peer),
  ]);
  return { rows, notes: [growth(of("ours", AFTER[0]!), of("ours", AFTER[1]!)), notes(serverUrl)] };
}

const growth = (early: Memory, late: Memory): string =>
  `From ${early.turns} to ${late.turns} turns our live heap changed by ${(late.heapMb - early.heapMb).toFixed(1)} MB.`;

const notes = (serverUrl: string | null): string =>
  `Turns with ${TOOL_CALLS} tool call, findings replayed, after a full collection. All processes hold the house with its models, playbooks and database door${serverUrl ? "" : ", and the embedded database"}.`;

async function inProcess(wanted: Wanted): Promise<Memory[]> {
  const child = fork(fileURLToPath(new URL("./turns-process.ts", import.meta.url)), [JSON.stringify(wanted)], {
    execArgv: ["--expose-gc"],
  });
  const gone = once(child, "exit");
  const told = once(child, "message").then(([memory]) => memory as Memory[]); // the child's one message
  const memory = await Promise.race([told, gone.then(() => null)]);
  if (!memory) throw new Error(`the process of ${wanted.who} ended before its turns did`);
  await gone;
  return memory;
}
