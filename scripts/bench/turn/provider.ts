import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What the scripted model does for a question: one tool call after another, then the answer. */
export interface Script {
  question: string;
  calls: { name: string; input: unknown }[];
  answer: string;
}

/** An OpenAI-compatible model that answers at once, in a process of its own. */
export interface Provider {
  url: string;
  learn(scripts: Script[]): Promise<void>;
  close(): void;
}

export async function startProvider(): Promise<Provider> {
  const child = fork(fileURLToPath(new URL("./provider-process.ts", import.meta.url)));
  const heard = async () => (await once(child, "message"))[0] as { url: string }; // our own process says it
  const { url } = await heard();
  return {
    url,
    async learn(scripts) {
      const learnt = heard();
      child.send(scripts);
      await learnt;
    },
    close: () => void child.kill(),
  };
}
