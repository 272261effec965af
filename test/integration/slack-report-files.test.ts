import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SlackHouse } from "#slack/house.ts";
import { type News, TestSlack } from "../fixtures/slack.ts";
import { sampleSlackHouse } from "../fixtures/slack-listeners.ts";

let slack: TestSlack;
let house: SlackHouse;
beforeAll(async () => {
  ({ house } = await sampleSlackHouse());
  slack = await TestSlack.open({ house, transport: "socket" });
});
afterAll(() => slack.close());
beforeEach(() => slack.news());

/** The message of an answer that has this button, and all that the answer says. */
async function answerWith(button: string, where: string, text: string): Promise<{ on: News; words: string }> {
  slack.say("Tasha", where, text);
  const shown = await slack.news();
  const found = shown.find(({ blocks, thread }) => thread !== null && JSON.stringify(blocks).includes(`"${button}"`));
  if (!found) throw new Error(`nothing with ${button} was answered to “${text}”`);
  return { on: found, words: shown.map(({ words }) => words).join("\n") };
}

/** What was shared in a place, newest last. */
const filesIn = (where: string) =>
  slack.world
    .channel(slack.place(where, "Tasha"))
    .messages.flatMap(({ files = [] }) => files)
    .map(({ id }) => slack.world.files.get(id));

async function pressed(on: News, button: string): Promise<void> {
  await slack.press("Tasha", on, button);
  await slack.news();
}

test("the movements of a week come as CSV, and add up to what the message says", async () => {
  const { on, words } = await answerWith("CSV", "direct message", "churn last week");
  await pressed(on, "CSV");
  const content = filesIn("direct message").at(-1)?.content ?? "";
  const rows: Record<string, string>[] = parse(content, { columns: true, bom: true });
  const churned = rows.filter(({ movement }) => movement === "churn");
  const lost = churned.reduce((sum, { amount }) => sum - Math.round(Number(amount) * 100), 0);
  const said = /(\d+) customers? lost\*? with \$([\d,.]+\d)/.exec(words);
  expect(churned.length).toBeGreaterThan(0);
  expect([churned.length, lost]).toEqual([Number(said?.[1]), Math.round(Number(said?.[2]?.replaceAll(",", "")) * 100)]);
});

test("a report comes as pictures where it stands, described for those who cannot see them", async () => {
  const { on } = await answerWith("Picture", "#sales", "@Perennial churn last week");
  await pressed(on, "Picture");
  const pictures = filesIn("#sales").slice(-2);
  for (const { content } of pictures) expect(Buffer.from(content).subarray(1, 4).toString("latin1")).toBe("PNG");
  const described = slack.calls.filter(({ method }) => method === "files.getUploadURLExternal").at(-1);
  expect(JSON.stringify(described)).toContain("MRR gained and lost");
});
