import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "#config.ts";
import type { Tool, ToolContext } from "#tools/define-tool.ts";
import { tools } from "#tools/index.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import { House } from "../../../src/house.ts";
import { administer, databaseName, log, withDatabase } from "../databases.ts";
import type { Script } from "./provider.ts";

const ACCOUNT = "Acme GmbH";
const QUESTIONS = ["account_overview", "why_this_stage", "next_steps"].map((name) => ({
  name,
  input: { account: ACCOUNT },
}));
const LONGEST_ANSWER = 700; // characters: a short answer of a few lines

/** The sample company, and scripts of turns about it with as many tool calls as asked for. */
export interface Company {
  house: House;
  workspace: Workspace;
  context: ToolContext;
  tools: readonly Tool[];
  /** The same tools, each giving at once the finding that it gave before. */
  replayed: readonly Tool[];
  scripts: Map<number, Script>;
  promptsFolder: string;
  close(): Promise<void>;
}

export async function openCompany(
  serverUrl: string | null,
  toolCalls: readonly number[],
  name = "turn",
): Promise<Company> {
  const folder = mkdtempSync(join(tmpdir(), "perennial-bench-"));
  const database = databaseName(name);
  if (serverUrl) {
    await administer(serverUrl, `drop database if exists ${database} with (force)`);
    await administer(serverUrl, `create database ${database}`);
  }
  const config = readConfig({
    PERENNIAL_DATA: folder,
    PERENNIAL_TODAY: "2026-11-22",
    ...(serverUrl ? { DATABASE_URL: withDatabase(serverUrl, database) } : {}),
  });
  const house = await House.open(config, log);
  const workspace = await house.sampleWorkspace();
  await house.settle(workspace);
  const context = house.context(workspace);
  const { replayed, words } = await record(context);
  return {
    house,
    workspace,
    context,
    tools,
    replayed,
    scripts: new Map(toolCalls.map((calls) => [calls, script(calls, words)])),
    promptsFolder: config.promptsFolder,
    async close() {
      await house.close();
      rmSync(folder, { recursive: true, force: true });
      if (serverUrl) await administer(serverUrl, `drop database if exists ${database} with (force)`);
    },
  };
}

async function record(context: ToolContext): Promise<{ replayed: Tool[]; words: string[] }> {
  const found = new Map<string, unknown>();
  const words: string[] = [];
  for (const { name, input } of QUESTIONS) {
    const tool = tools.find((each) => each.name === name);
    if (!tool) throw new Error(`the bench calls ${name}, which is no tool any more`);
    const finding = await tool.run(tool.input.parse(input), context);
    found.set(name, finding);
    words.push(tool.say(finding));
  }
  return {
    replayed: tools.map((tool) => (found.has(tool.name) ? { ...tool, run: async () => found.get(tool.name) } : tool)),
    words,
  };
}

/** The model answers in the first lines of what the tools said, so every figure has its finding. */
function script(calls: number, words: readonly string[]): Script {
  const said = words.slice(0, calls).join("\n").split("\n");
  const kept = said.filter((_, at) => said.slice(0, at + 1).join("\n").length <= LONGEST_ANSWER);
  return {
    question: `How is ${ACCOUNT} doing, in ${calls} steps?`,
    calls: QUESTIONS.slice(0, calls),
    answer:
      calls === 0 ? "Ask me about an account, a list of accounts or a playbook, and I look it up." : kept.join("\n"),
  };
}
