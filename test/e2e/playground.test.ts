import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  answered,
  findChromium,
  openBrowser,
  type Program,
  say,
  speakAs,
  startProgram,
} from "../../scripts/playground-browser.ts";
import { contrastFaults } from "../fixtures/contrast.ts";

const chromium = findChromium();
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const title = "the playground in a browser";

let program: Program;
let browser: Browser;
let page: Page;
/** What the browser complained of, and whom it asked beside the playground. */
let complaints: string[] = [];

async function open(): Promise<void> {
  page = await browser.newPage({ viewport: DESK, colorScheme: "light", reducedMotion: "reduce" });
  page.setDefaultTimeout(60_000); // ends what hangs, not what a busy machine is slow at
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== program.url) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(program.url);
  await page.getByTestId("composer").waitFor();
}

const button = (name: string) => page.getByRole("button", { name, exact: true }).last();
const focused = () =>
  page.evaluate(() => {
    const { dataset, ariaLabel } = document.activeElement as HTMLElement; // something always has the focus
    return dataset.actionId ?? dataset.testid ?? ariaLabel ?? "";
  });

/** Presses Tab, or Shift and Tab, until the focus is there. */
async function tabTo(target: string, key: "Tab" | "Shift+Tab"): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if ((await focused()) === target) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not reach ${target}; the focus is at ${await focused()}`);
}

describe.skipIf(chromium === null)(chromium ? title : `${title}: SKIPPED, no Chromium is here (set CHROMIUM)`, () => {
  beforeAll(async () => {
    [program, browser] = await Promise.all([startProgram(), openBrowser(chromium ?? "")]);
    await open();
  });

  beforeEach(() => {
    complaints = [];
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await page.goto(program.url); // what it left open is not in the next one's way
    expect(complaints, "errors of the page, of its content policy, and requests to other hosts").toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    expect(await program?.stop()).toBe(143); // ended by itself, because it was told to
  });

  test("a newcomer asks, picks an Acme, and is told its stage, two steps and why", async () => {
    await expect.poll(focused).toBe("composer");
    await page.getByTestId("prompt").nth(2).waitFor();

    await say(page, "what stage is Acme in and what should I do next?");
    const choice = await answered(page, "Which account do you mean by “Acme”?");
    await choice.getByRole("button", { name: /Choose Acme GmbH/ }).click();
    const steps = await answered(page, "Next steps for Acme GmbH");
    await choice.getByText("chose Acme GmbH").waitFor();
    expect(await choice.getByRole("button", { name: /Choose/ }).count()).toBe(0);
    const words = await steps.innerText();
    expect(words).toContain("Acme GmbH is in Consideration since 24 Oct 2026");
    expect(words).toMatch(/1\. Answer by the channel they used\nLukas Brandl, by today/);
    expect(words).toMatch(/2\. [\s\S]*knowledge\/playbooks\/\w+\/[\w-]+\.md#steps/);
    expect(words).not.toContain("(edited)");

    await steps
      .getByRole("button", { name: /^Open the playbook/ })
      .first()
      .click();
    const modal = page.getByTestId("modal");
    await modal.getByText("Write question and answer on the account.").waitFor();
    await page.keyboard.press("Escape");
    await modal.waitFor({ state: "detached" });

    await button("Overview of Acme GmbH").click();
    const card = await answered(page, "Lukas Brandl, DACH");
    await card.getByRole("button", { name: "Why this stage: Acme GmbH" }).click();
    const why = await answered(page, "For Purchase it lacks:");
    expect(await why.innerText()).toMatch(/Open opportunities: 1 .*\(crm opp-/);
  });

  test("everything is reached by keyboard: a question, a choice, the look-up, and back", async () => {
    await speakAs(page, "Camille Duret");
    await page.getByTestId("channel-bot").click();
    await page.getByTestId("composer").focus();
    await page.keyboard.type("how is Acme doing?");
    await page.keyboard.press("Enter");
    await answered(page, "Which account do you mean");
    await tabTo("choose_account:1", "Shift+Tab");
    await page.keyboard.press("Enter");
    await answered(page, "Tasha Whitlock, Americas");

    await page.getByTestId("composer").focus();
    await tabTo("shortcuts", "Shift+Tab");
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("shortcut-look_up_account");
    await page.keyboard.press("Enter");
    const modal = page.getByTestId("modal");
    await modal.waitFor();
    await page.keyboard.press("Escape");
    await modal.waitFor({ state: "detached" });
    await expect.poll(focused).toBe("shortcuts");

    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("shortcut-look_up_account");
    await page.keyboard.press("Enter");
    await modal.waitFor();
    await page.keyboard.press("Enter");
    await modal.getByText("Please fill in this field.").waitFor();
    await page.keyboard.type("clearforge");
    await modal.getByRole("option", { name: /Clearforge Media SARL/ }).waitFor();
    await page.keyboard.press("Enter");
    await tabTo("modal-submit", "Tab");
    await page.keyboard.press("Enter");
    await modal.waitFor({ state: "detached" });
    const card = await answered(page, "Clearforge Media SARL");
    expect(await card.innerText()).toContain("Owen Fairclough, EMEA");
  });

  test("a channel is not told what a customer wrote; one person is, alone", async () => {
    await speakAs(page, "Owen Fairclough");
    await page.getByTestId("channel-sales").click();
    await say(page, "@Perennial how is Clearforge Media doing?");
    const told = await (await answered(page, "Show me privately")).innerText();
    expect(told).toMatch(/Retention since 2 May 2025[\s\S]*€204\.00[\s\S]*Kept out of this channel: ticket subjects\./);
    await button("Show me the whole answer in a direct message").click();
    await answered(page, "I sent you the whole answer in a direct message.");
    await page.getByTestId("channel-bot").click();
    const whole = await (await answered(page, "The whole answer to what was asked in #sales")).innerText();
    const subject = /Ticket #1106, high, .*: “(.+)”/.exec(whole)?.[1] ?? "";
    expect(subject).not.toBe("");
    expect(told).toContain("Ticket #1106, high");
    expect(told).not.toContain(subject);

    await speakAs(page, "Tasha Whitlock");
    await page.getByTestId("channel-sales").click();
    await answered(page, "Show me privately");
    expect(await page.getByText("I sent you the whole answer").count()).toBe(0);
  });

  test("somebody else has a Home of their own, and what they list can be sorted, counted and taken along", async () => {
    await speakAs(page, "Saskia Vermeulen");
    await page.getByTestId("channel-bot").click();
    await page.getByTestId("tab-home").click();
    const home = page.getByTestId("home");
    await home.getByText("Hello Saskia Vermeulen").waitFor();
    await home.getByText("Accounts that need me").waitFor();

    await page.getByTestId("tab-messages").click();
    await say(page, "which of my accounts renew in the next 120 days?");
    const list = await answered(page, "owner Saskia Vermeulen");
    const count = Number(/(\d+) accounts/.exec(await list.innerText())?.[1]);
    await list.getByRole("button", { name: /MRR/ }).first().click();
    expect(await list.getByRole("columnheader", { name: /MRR/ }).getAttribute("aria-sort")).not.toBe("none");
    await list.getByRole("button", { name: /as a CSV file/ }).click();
    const file = page.getByTestId("file").last();
    const [download] = await Promise.all([page.waitForEvent("download"), file.click()]);
    const rows = readFileSync(await download.path(), "utf8")
      .trimEnd()
      .split("\r\n");
    expect(rows[0]).toMatch(/^\ufeff?Account,Stage,/);
    expect(rows).toHaveLength(count + 1);

    await say(page, "accounts by country");
    const groups = await answered(page, "Accounts by country");
    await groups.locator("canvas").waitFor();
    await groups.getByText("Numbers as a table").click();
    expect(await groups.getByRole("row", { name: /^US/ }).count()).toBeGreaterThan(0);
  });

  test("playbooks are quoted with their source, what none covers is said, and a thumb down may say why", async () => {
    await speakAs(page, "Halima Njoroge");
    await page.getByTestId("channel-bot").click();
    await say(page, "how do we answer a price objection?");
    const passages = await answered(page, "From the playbooks");
    expect(await passages.innerText()).toContain("knowledge/playbooks/consideration/price-too-high-they-say.md");
    await say(page, "how do we handle a solar eclipse?");
    const none = await answered(page, "No playbook covers this.");
    await none.getByRole("button", { name: "This answer was not helpful" }).click();
    const modal = page.getByTestId("modal");
    await modal.getByRole("textbox").fill("We have one since last week.");
    await page.getByTestId("modal-submit").click();
    await modal.waitFor({ state: "detached" });
  });

  test("a guest is told that guests cannot ask, and sees only their channels", async () => {
    await speakAs(page, "Noor Haddad");
    await page.getByTestId("channel-bot").click();
    await say(page, "how is Acme GmbH doing?");
    await answered(page, "Guests cannot ask me.");
    expect(await page.locator("[data-testid^=channel-]").count()).toBe(2); // the bot, and #renewals
    expect(await page.getByText("Consideration").count()).toBe(0);
  });

  test("the calls of the bot can be read as they went over the wire", async () => {
    await speakAs(page, "Owen Fairclough");
    await page.getByTestId("calls-toggle").click();
    const calls = page.getByTestId("calls");
    await calls.getByRole("searchbox").fill("chat.postMessage");
    await calls.locator("summary").first().click();
    await calls.getByText('"perennial_answer"').first().waitFor();
    await page.getByTestId("calls-toggle").click();
    await calls.waitFor({ state: "detached" });
  });

  test("on a phone nothing scrolls sideways", async () => {
    await speakAs(page, "Owen Fairclough");
    await page.setViewportSize(PHONE);
    const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const seen = [await tooWide()];
    await page.getByTestId("rail-toggle").click();
    await page.getByTestId("channel-sales").click();
    await answered(page, "Show me privately");
    seen.push(await tooWide());
    await page.getByTestId("replies").first().click();
    await page.getByTestId("thread").waitFor();
    seen.push(await tooWide());
    await page.keyboard.press("Escape");
    await speakAs(page, "Saskia Vermeulen");
    await page.getByTestId("rail-toggle").click();
    await page.getByTestId("channel-bot").click();
    await answered(page, "Accounts by country");
    seen.push(await tooWide());
    await page.getByTestId("tab-home").click();
    await page.getByTestId("home").getByText("Accounts that need me").waitFor();
    seen.push(await tooWide());
    expect(seen.map((each) => Math.max(0, each))).toEqual([0, 0, 0, 0, 0]);
    await page.setViewportSize(DESK);
  });

  test("words stand out from what is behind them, in the light and in the dark theme", async () => {
    const faults: string[] = [];
    const look = async () => {
      for (const colorScheme of ["dark", "light"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
        faults.push(...(await contrastFaults(page)).map((each) => `${colorScheme} ${each}`));
      }
    };
    await speakAs(page, "Saskia Vermeulen");
    await page.getByTestId("channel-sales").click();
    await answered(page, "Show me privately");
    await look();
    await page.getByTestId("channel-bot").click();
    await answered(page, "Accounts by country");
    await look();
    await page.getByTestId("tab-home").click();
    await page.getByTestId("home").getByRole("button", { name: "Look up an account" }).click();
    await page.getByTestId("modal").waitFor();
    await look();
    expect([...new Set(faults)]).toEqual([]);
  });
});
