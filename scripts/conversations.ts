/**
 * Plays a support lead's conversations with the bot in the playground, over its real wire, and writes them down:
 * `node scripts/conversations.ts [file]`. With Chromium here it also takes a picture of one, beside the file.
 */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CONVERSATIONS, PICTURED } from "./conversations/support-lead.ts";
import { inWords } from "./conversations/words.ts";
import { answered, findChromium, openBrowser, say, speakAs, startProgram } from "./playground-browser.ts";

const WHO = "Halima Njoroge";
const PATIENCE_MS = 60_000;

interface Message {
  ts: string;
  botId: string | null;
  text: string;
  blocks: Record<string, unknown>[];
  isStreaming: boolean;
}
interface Thread {
  replies: Message[];
  status: unknown;
  session: { status: string | null } | null;
}
interface Place {
  url: string;
  as: string;
  channel: string;
}

async function call<T>(url: string, path: string, body?: unknown): Promise<T> {
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${url}/page-api/${path}`, {
    ...sent,
    headers: { "content-type": "application/json", origin: url },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T; // the playground's own answer
}

/** The support lead's direct messages with the bot. */
async function placeOf(url: string): Promise<Place> {
  type World = { users: { id: string; realName: string }[]; bot: { dmChannel: string | null } };
  const { users } = await call<World>(url, "world");
  const as = users.find(({ realName }) => realName === WHO)?.id;
  if (!as) throw new Error(`${WHO} is not in the playground`);
  const { bot } = await call<World>(url, `world?as=${as}`);
  if (!bot.dmChannel) throw new Error(`${WHO} has no direct messages with the bot`);
  return { url, as, channel: bot.dmChannel };
}

/** Says something, in a thread of its own or in the one given, and waits for the whole answer. */
async function ask({ url, as, channel }: Place, text: string, thread: string | null) {
  const before = thread ? (await threadOf({ url, as, channel }, thread)).replies.length : 0;
  const { ts } = await call<{ ts: string }>(url, "say", {
    as,
    channel,
    text,
    ...(thread ? { thread_ts: thread } : {}),
  });
  const root = thread ?? ts;
  const started = performance.now();
  while (performance.now() - started < PATIENCE_MS) {
    const { replies, status, session } = await threadOf({ url, as, channel }, root);
    const answers = replies.slice(before).filter(({ botId }) => botId !== null);
    const isOver =
      status === null && session?.status !== "processing" && answers.every(({ isStreaming }) => !isStreaming);
    if (answers.length > 0 && isOver) return { root, answers, ms: performance.now() - started };
    await pause(50);
  }
  throw new Error(`no answer to “${text}”`);
}

const threadOf = ({ url, as, channel }: Place, ts: string): Promise<Thread> =>
  call(url, `thread?${new URLSearchParams({ as, channel, ts })}`);

const file = process.argv[2] ?? fileURLToPath(new URL("../docs/support-lead.md", import.meta.url));
const program = await startProgram();
const place = await placeOf(program.url);
const written: string[] = [];
const times: number[] = [];
for (const [at, { what, says }] of CONVERSATIONS.entries()) {
  written.push(`## ${at + 1}. ${what}`);
  let thread: string | null = null;
  for (const text of says) {
    const { root, answers, ms } = await ask(place, text, thread);
    thread = root;
    times.push(ms);
    written.push(`**Halima:** ${text}`, ...answers.map(({ blocks }) => `**Perennial:**\n\n${inWords(blocks)}`));
  }
}
writeFileSync(file, `${head()}\n\n${written.join("\n\n")}\n`);
const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
console.log(
  `${CONVERSATIONS.length} conversations in ${file}; half of the answers took at most ${Math.round(median)} ms`,
);
await picture();
await program.stop();

function head(): string {
  return `# A support lead's conversations

Played by \`node scripts/conversations.ts\` in the playground: the real bot over the real wire, the sample company on
22 November 2026, no model (the offline planner answers; passages are quoted as they stand). Names in bold brackets are
buttons. Three of them end in an honest no.

![A conversation in the playground](support-lead.png)`;
}

/** One of them as the page shows it. */
async function picture(): Promise<void> {
  const chromium = findChromium();
  if (chromium === null) {
    console.log("No Chromium is here, so no picture was taken. Set CHROMIUM to where it is.");
    return;
  }
  const browser = await openBrowser(chromium);
  const page = await browser.newPage({
    viewport: { width: 1280, height: 1000 },
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  await page.goto(program.url);
  await page.getByTestId("composer").waitFor();
  await speakAs(page, WHO);
  await page.getByTestId("channel-bot").click();
  await say(page, PICTURED.says);
  await answered(page, PICTURED.until);
  await page.mouse.move(0, 999); // nothing is hovered over
  await page.evaluate(() => new Promise(requestAnimationFrame));
  const path = join(dirname(file), "support-lead.png");
  await page.screenshot({ path, animations: "disabled" });
  await browser.close();
  console.log(path);
}
