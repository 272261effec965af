import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type News, TestSlack } from "../fixtures/slack.ts";
import { sampleSlackHouse } from "../fixtures/slack-listeners.ts";

let slack: TestSlack;
beforeAll(async () => {
  slack = await TestSlack.open({ house: (await sampleSlackHouse()).house, transport: "http" });
});
afterAll(() => slack.close());
beforeEach(() => slack.news());

/** What the bot shows after a command. */
async function typed(who: string, where: string, text: string): Promise<News[]> {
  await slack.command(who, where, text);
  return slack.news();
}

test("a subcommand answers from its tool, whole and for the eyes of who typed it", async () => {
  const [card, ...more] = await typed("Tasha", "#sales", "/perennial overview Acme GmbH");
  expect(card).toMatchObject({ where: "#sales", whom: "Tasha Whitlock" });
  expect(card?.words).toContain("Lukas Brandl");
  expect(card?.words).toContain("“Acme GmbH: first contract”"); // a name that a channel does not see
  expect(card?.words).not.toContain("Offline answer");
  expect(more).toEqual([]);
});

test("anything else is a question, and nothing at all is the help made from the catalogue", async () => {
  const [answer] = await typed("Tasha", "direct message", "/perennial which of my accounts renew this month?");
  expect(answer?.words).toMatch(/Offline answer[\s\S]*accounts/);
  const [help] = await typed("Tasha", "#sales", "/perennial");
  for (const name of ["overview", "why", "timeline", "portfolio", "ask", "settings"])
    expect(help?.words).toContain(`/perennial ${name}`);
});

test("a name that several accounts have is asked back, and goes on where it was asked", async () => {
  const [which] = await typed("Tasha", "#sales", "/perennial timeline Acme");
  await slack.press("Tasha", which!, "Choose Acme Corp");
  const after = await slack.news();
  const words = after.map((each) => each.words).join("\n");
  expect(words).toContain("chose *Acme Corp*");
  expect(words).toContain("What happened with Acme Corp");
  expect(after.every(({ whom }) => whom === "Tasha Whitlock")).toBe(true);
});

test("a slip of the fingers is answered with what was meant", async () => {
  const [said] = await typed("Tasha", "#sales", "/perennial overveiw Acme GmbH");
  expect(said?.words).toMatch(/no subcommand “overveiw”.*overview Acme GmbH/);
});

test("where people of another company read, and for a guest, there is a sentence and no data", async () => {
  const [said] = await typed("Owen", "#shared-northbeam", "/perennial overview Acme GmbH");
  expect(said?.words).toMatch(/another company.*direct message/);
  const [refused] = await typed("Noor", "#renewals", "/perennial overview Acme GmbH");
  expect(refused?.words).toMatch(/Guests cannot ask me/);
});

test("settings open a window, with the rule of the channel where there is one", async () => {
  const [inChannel] = await typed("Tasha", "#sales", "/perennial settings");
  expect(inChannel).toMatchObject({ where: "window" });
  expect(inChannel?.words).toContain("When it may speak in #sales");
  slack.closeWindow("Tasha");
  const [alone] = await typed("Tasha", "direct message", "/perennial settings");
  expect(alone?.words).not.toContain("When it may speak");
  slack.world.faults.plan("views.open", { kind: "refuse", error: "expired_trigger_id" });
  const [late] = await typed("Tasha", "#sales", "/perennial settings");
  expect(late).toMatchObject({ where: "#sales", whom: "Tasha Whitlock" });
  expect(late?.words).toMatch(/took too long/);
});
