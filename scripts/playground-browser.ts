import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const QUIET = [
  "--no-sandbox", // as root in a container there is none
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The Chromium of this machine: the one that CHROMIUM names, or one in its usual place; null where there is none. */
export function findChromium(): string | null {
  return [process.env.CHROMIUM, ...PLACES].find((each) => each !== undefined && existsSync(each)) ?? null;
}

export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: QUIET });

/** The real program, as `npm start` starts it without tokens, in a data folder of its own. */
export interface Program {
  url: string;
  /** Tells it to end, and gives the code that it ended with. */
  stop(): Promise<number | null>;
}

/** Starts the program on the sample company's day, with none of the developer's own settings. Rejects with its last words. */
export async function startProgram(): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), "perennial-playground-"));
  const { PATH = "", HOME = "" } = process.env;
  const settings = {
    PERENNIAL_DATA: join(folder, "data"),
    PERENNIAL_TODAY: "2026-11-22",
    PERENNIAL_PLAYGROUND_PORT: "0",
  };
  const launcher = fileURLToPath(new URL("../bin/perennial.js", import.meta.url));
  const child = spawn(process.execPath, [launcher, "start", "--json"], {
    cwd: folder,
    env: { PATH, HOME, ...settings },
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    const code = await ended;
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  try {
    return { url: await addressOf(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the program prints once it is open. */
async function addressOf({ stdout, stderr }: ChildProcessWithoutNullStreams): Promise<string> {
  let said = "";
  stderr.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  for await (const line of createInterface(stdout)) {
    const { url } = JSON.parse(line) as { url: string }; // our own program's line
    return url;
  }
  throw new Error(`perennial start has ended: ${said}`);
}

/** Speaks as somebody else, by the name that the page shows. */
export async function speakAs(page: Page, name: string): Promise<void> {
  const switcher = page.getByTestId("person-switcher");
  const option = switcher.locator("option", { hasText: name });
  await switcher.selectOption((await option.getAttribute("value")) ?? name);
  await page.locator(".switcher-name", { hasText: name }).waitFor();
}

/** Types a question where one writes, and sends it. */
export async function say(page: Page, words: string): Promise<void> {
  await page.getByTestId("composer").fill(words);
  await page.keyboard.press("Enter");
}

/** The newest message of the bot, once it says these words and nothing of it is still to come. */
export async function answered(page: Page, words: string | RegExp): Promise<Locator> {
  const whole = page.locator("[data-testid=message].from-bot:not([data-streaming=true])").filter({ hasText: words });
  await whole.last().waitFor();
  await page.getByTestId("status").waitFor({ state: "detached" });
  return whole.last();
}
