/** Takes the pictures of the playground that README and docs show: `node scripts/screenshots.ts [folder]`. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { answered, findChromium, openBrowser, say, speakAs, startProgram } from "./playground-browser.ts";

interface Picture {
  file: string;
  look: { width: number; height: number; dark?: boolean };
  /** Brings the page to what the picture shows. */
  until(page: Page): Promise<unknown>;
}

const DESK = { width: 1280, height: 800 };

const PICTURES: Picture[] = [
  {
    file: "playground.png",
    look: { width: 1280, height: 990 }, // the whole card
    until: async (page) => {
      await say(page, "how is Clearforge Media doing?");
      await answered(page, "Clearforge Media SARL");
    },
  },
  {
    file: "playground-dark.png",
    look: { ...DESK, dark: true },
    until: async (page) => {
      await speakAs(page, "Camille Duret");
      await say(page, "at-risk accounts by team");
      await (await answered(page, "Accounts by team")).locator("canvas").waitFor();
    },
  },
  {
    file: "churn-report.png",
    look: { width: 1280, height: 1000 }, // a manager's first screen
    until: async (page) => {
      await speakAs(page, "Owen Fairclough");
      await page.getByRole("button", { name: /sales/ }).first().click();
      await say(page, "/perennial schedule every Monday at 9 in #sales, churn for all accounts");
      await page.getByText("Scheduled:").waitFor();
      await say(page, "/perennial schedule run 1");
      const report = page.getByTestId("message").filter({ hasText: "MRR from start to end" }).last();
      await report.waitFor();
      await report.evaluate((message) => message.scrollIntoView({ block: "start" }));
    },
  },
  {
    file: "playground-phone.png",
    look: { width: 390, height: 844 },
    until: async (page) => {
      await speakAs(page, "Lukas Brandl");
      await say(page, "what should I do next with Acme GmbH?");
      await answered(page, "Next steps for Acme GmbH");
    },
  },
];

async function take(browser: Browser, url: string, { file, look, until }: Picture, folder: string): Promise<void> {
  const { width, height, dark } = look;
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  await page.goto(url);
  await page.getByTestId("composer").waitFor();
  await until(page);
  await page.mouse.move(0, height - 1); // nothing is hovered over
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await page.screenshot({ path: join(folder, file), animations: "disabled" });
  await page.close();
  console.log(join(folder, file));
}

const chromium = findChromium();
if (chromium === null) throw new Error("No Chromium is here. Install it, or set CHROMIUM to where it is.");
const folder = process.argv[2] ?? fileURLToPath(new URL("../docs", import.meta.url));
const [program, browser] = await Promise.all([startProgram(), openBrowser(chromium)]);
for (const picture of PICTURES) await take(browser, program.url, picture, folder);
await browser.close();
await program.stop();
