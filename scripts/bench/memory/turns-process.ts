import { openCompany } from "../turn/company.ts";
import { type Answerer, bareAgent, handLoop, ours } from "../turn/contestants.ts";
import { startProvider } from "../turn/provider.ts";
import type { Memory, Wanted } from "./part.ts";

// One contestant in a process of its own, so that its memory is its own.
const wanted = JSON.parse(process.argv[2] ?? "{}") as Wanted; // our own parent wrote it

const company = await openCompany(wanted.serverUrl, [wanted.toolCalls], `memory_${wanted.who}`);
const provider = await startProvider();
const script = company.scripts.get(wanted.toolCalls)!;
await provider.learn([script]);
const ground = { company, tools: company.replayed, url: provider.url };
const answerers: Record<Wanted["who"], () => Answerer> = {
  ours: () => ours(ground),
  agent: () => bareAgent(ground, { streaming: true }),
  hand: () => handLoop(ground),
};
const answer = answerers[wanted.who]();
const memory: Memory[] = [];
for (let turns = 0; turns <= Math.max(...wanted.after); turns++) {
  if (wanted.after.includes(turns) || turns === 0) memory.push({ turns, ...now() });
  await answer(script.question);
}
process.send?.(memory);
provider.close();
await company.close();
process.disconnect?.();

/** After a full collection where the process was started with one at hand, so that rubbish does not count. */
function now(): Omit<Memory, "turns"> {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20 };
}
