import { isDeepStrictEqual } from "node:util";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "#database/sql.ts";
import { feedbackReport } from "#playbooks/feedback.ts";
import { type Submitted, submit } from "#playground/delivery/modals.ts";
import type { ViewState } from "#playground/world/shapes.ts";
import type { SlackHouse } from "#slack/house.ts";
import { registerPresses } from "#slack/listen/presses.ts";
import { registerQuestions } from "#slack/listen/questions.ts";
import { votesOn } from "#threads/feedback.ts";
import { type News, TestSlack } from "../fixtures/slack.ts";
import { listening, NotingPoster, sampleSlackHouse, TEAM, tinySlack } from "../fixtures/slack-listeners.ts";

let slack: TestSlack;
let house: SlackHouse;
let workspaceId: number;
beforeAll(async () => {
  const sample = await sampleSlackHouse();
  house = sample.house;
  workspaceId = sample.workspace.id;
  slack = await TestSlack.open({ house, transport: "socket" });
});
afterAll(() => slack.close());
beforeEach(() => slack.news());

/** Sends what stands in somebody's window, with these values in its fields. */
const sent = (who: string, state: ViewState): Promise<Submitted> =>
  submit(slack.playground.delivery.desk, slack.person(who).id, slack.window(who)?.id ?? "", state);

const actor = () => ({ workspaceId, personId: null, audience: "private" as const });

/** The answer to something said. */
async function answer(who: string, where: string, text: string): Promise<News> {
  slack.say(who, where, text);
  const shown = await slack.news();
  const own = shown.find(({ thread }) => thread !== null);
  if (!own) throw new Error(`nothing was answered to “${text}”`);
  return own;
}
async function pressed(who: string, on: News, called: string, option?: string): Promise<News[]> {
  await slack.press(who, on, called, option);
  return slack.news();
}
const turnOf = (shown: News): number => Number(/\\?"turn\\?":(\d+)/.exec(shown.whole)?.[1]);

test("the buttons of a card answer in its thread, each by its tool, and the next question knows the account", async () => {
  const card = await answer("Tasha", "direct message", "tell me about Acme GmbH");
  const [why] = await pressed("Tasha", card, "Why this stage?");
  expect(why).toMatchObject({ where: "direct message", thread: card.thread });
  expect(why?.words).toMatch(/Acme GmbH\* is in \*Consideration/);
  expect((await pressed("Tasha", card, "Timeline"))[0]?.words).toContain("What happened with Acme GmbH");
  expect((await pressed("Tasha", card, "Next steps"))[0]?.words).toMatch(/Next steps for Acme GmbH[\s\S]*Playbook/);
  slack.say("Tasha", "direct message", "who owns it?", card.thread ?? "");
  expect((await slack.news())[0]?.words).toContain("Lukas Brandl");
});

test("a card in a channel is answered there, for everybody and without private fields", async () => {
  const card = await answer("Tasha", "#sales", "@Perennial tell me about Acme GmbH");
  const [steps] = await pressed("Lukas", card, "Timeline");
  expect(steps).toMatchObject({ where: "#sales", whom: null, thread: card.thread });
  expect(steps?.words).toContain("Kept out of this channel");
  expect(steps?.words).not.toContain("“Prices for 60 seats”");
});

test("pressing twice at once does it once", async () => {
  const card = await answer("Tasha", "direct message", "tell me about Acme GmbH");
  await Promise.all([slack.press("Tasha", card, "Timeline"), slack.press("Tasha", card, "Timeline")]);
  expect(await slack.news()).toHaveLength(1);
});

test("the playbook opens whole in a window, from a card and from a passage; too late, it says so", async () => {
  const card = await answer("Tasha", "direct message", "tell me about Acme GmbH");
  const [window] = await pressed("Tasha", card, "Playbook");
  expect(window).toMatchObject({ where: "window", whom: "Tasha Whitlock" });
  expect(window?.words).toMatch(/Steps[\s\S]*knowledge\/playbooks\/[\s\S]*To be reviewed by/);
  const found = await answer("Tasha", "#sales", "@Perennial how do we answer a price objection?");
  expect((await pressed("Lukas", found, "Open the playbook"))[0]).toMatchObject({
    where: "window",
    whom: "Lukas Brandl",
  });
  slack.world.faults.plan("views.open", { kind: "refuse", error: "expired_trigger_id" });
  expect((await pressed("Lukas", found, "Open the playbook"))[0]?.words).toMatch(/took too long; please press again/);
});

test("whether a passage helped is said in its window, counts once a person, and stands in the report", async () => {
  const found = await answer("Tasha", "#sales", "@Perennial how do we answer a price objection?");
  const report = () => house.database.read(actor(), feedbackReport);
  const before = await report();
  for (const [who, says] of [
    ["Lukas", "It helped"],
    ["Tasha", "It helped"],
    ["Tasha", "It did not help"],
  ] as const) {
    const [window] = await pressed(who, found, "Open the playbook");
    if (!window) throw new Error("no window opened");
    const [noted] = await pressed(who, window, says);
    expect(noted?.words).toContain(says === "It helped" ? "Noted: it helped you." : "Noted: it did not help you.");
  }
  const after = (await report()).filter((each) => !before.some((old) => isDeepStrictEqual(old, each)));
  expect(after).toMatchObject([{ helped: 1, not: 1, notes: [] }]);
  expect(found.whole).toContain(after[0]?.playbookId);
});

test("only who asked chooses; the card then says who chose what, and a second press that it is answered", async () => {
  const which = await answer("Tasha", "#sales", "@Perennial what stage is Acme in?");
  const [refused, ...others] = await pressed("Lukas", which, "Choose Acme GmbH");
  expect(refused).toMatchObject({ whom: "Lukas Brandl", where: "#sales" });
  expect(refused?.words).toContain(`Only <@${slack.person("Tasha").id}> can choose here`);
  expect(others).toEqual([]);
  const same = structuredClone(which);
  const [card, told] = await pressed("Tasha", which, "Choose Acme GmbH");
  expect(card?.words).toContain("chose *Acme GmbH*");
  expect(card?.words).not.toContain("This one");
  expect(told).toMatchObject({ where: "#sales", thread: which.thread });
  expect(told?.words).toMatch(/Acme GmbH\* is in \*Consideration/);
  // A press that was under way when the card was redrawn.
  slack.world.messages.change(slack.place("#sales", "Tasha"), which.ts ?? "", { blocks: same.blocks }, null);
  await slack.news();
  const again = await pressed("Tasha", same, "Choose Acme Corp");
  expect(again.map(({ words }) => words).join()).toMatch(/answered already/);
});

test("what a channel does not see is shown to each who wants it, in their direct messages", async () => {
  const part = await answer("Tasha", "#sales", "@Perennial show me the timeline of Acme GmbH");
  for (const who of ["Lukas", "Tasha"]) {
    const shown = await pressed(who, part, "Show me privately");
    const whole = shown.find(({ where }) => where === "direct message");
    expect(whole?.words).toContain("“Prices for 60 seats”");
    expect(whole?.words).not.toContain("Kept out");
    expect(shown.find(({ where }) => where === "#sales")).toMatchObject({ whom: slack.person(who).real_name });
  }
  slack.say("Lukas", "direct message", "hello");
  const thread = slack.world.channel(slack.place("direct message", "Lukas")).messages[0]?.ts ?? "";
  slack.say("Lukas", "direct message", "who owns it?", thread);
  expect((await slack.news()).map(({ words }) => words).join("\n")).toContain("Lukas Brandl");
});

test("a list comes whole as CSV where it stands", async () => {
  const list = await answer("Tasha", "direct message", "which accounts are in Retention?");
  expect(list.words).toContain("231 accounts");
  const [file] = await pressed("Tasha", list, "CSV");
  expect(file).toMatchObject({ where: "direct message", thread: list.thread });
  const shared = slack.world
    .channel(slack.place("direct message", "Tasha"))
    .messages.flatMap(({ files = [] }) => files)
    .at(-1);
  const { content } = slack.world.files.get(shared?.id ?? "");
  const rows: Record<string, string>[] = parse(content, { columns: true, bom: true });
  expect(rows).toHaveLength(231);
  expect(rows.every((row) => row.Stage === "Retention")).toBe(true);
});

test("a thumb is kept once a person, may change, and takes a reason that may stay empty", async () => {
  const told = await answer("Tasha", "#sales", "@Perennial what stage is Acme GmbH in?");
  const votes = () => house.database.read(actor(), (rows) => votesOn(rows, turnOf(told)));
  expect((await pressed("Tasha", told, "Helpful"))[0]).toMatchObject({ where: "window" });
  expect(await sent("Tasha", {})).toMatchObject({ ok: true });
  expect((await pressed("Tasha", told, "Not helpful"))[0]?.words).toContain("What was wrong?");
  await sent("Tasha", { reason: { reason: { type: "plain_text_input", value: "It is in Purchase by now." } } });
  await pressed("Lukas", told, "Helpful");
  slack.closeWindow("Lukas");
  await slack.settled();
  const kept = await votes();
  expect(kept).toHaveLength(2);
  expect(kept).toContainEqual(expect.objectContaining({ helped: false, reason: "It is in Purchase by now." }));
  expect(kept).toContainEqual(expect.objectContaining({ helped: true, reason: null }));
});

test("a turn that is gone, and a button that is not ours, are told and change nothing", async () => {
  const list = await answer("Tasha", "direct message", "which accounts are in Advocacy?");
  await house.database.write(actor(), (rows) =>
    rows.run(sql`delete from thread_turn where thread_turn_id = ${turnOf(list)}`),
  );
  for (const button of ["CSV", "Helpful"])
    expect((await pressed("Tasha", list, button))[0]?.words).toMatch(/too long ago; ask again/);
  const channel = slack.place("direct message", "Tasha");
  const strange = {
    type: "actions",
    block_id: "b",
    elements: [
      {
        type: "button",
        action_id: "next_steps",
        value: '{"account":"x"}',
        text: { type: "plain_text", text: "Strange" },
      },
    ],
  };
  slack.world.messages.change(channel, list.ts ?? "", { blocks: [strange] }, null);
  expect((await pressed("Tasha", { ...list, blocks: [strange] }, "Strange")).map(({ words }) => words).join()).toMatch(
    /do not know that button/,
  );
});

test("a choice whose answer was cut short is answered by the next attempt", async () => {
  const web = await tinySlack({
    "users.info": () => ({ ok: true, user: { id: "UCHOOSER", team_id: TEAM, real_name: "Tasha Whitlock" } }),
  });
  const alone = await listening(
    (app) => {
      registerQuestions(app);
      registerPresses(app);
    },
    { apiUrl: web.apiUrl },
  );
  const event = {
    type: "message",
    channel: "DCHOOSE",
    channel_type: "im",
    user: "UCHOOSER",
    ts: "77.000100",
    text: "what stage is Acme in?",
  };
  const [asked] = (await alone.work({ event })).posted;
  const acme = /"(\{[^"]*?account[^}]*\})"/g;
  const value = [...JSON.stringify(asked?.message.blocks).replaceAll('\\"', "'").matchAll(acme)].map(([, each = ""]) =>
    each.replaceAll("'", '"'),
  )[1];
  const press = {
    ...{
      type: "block_actions",
      user: { id: "UCHOOSER", team_id: TEAM },
      team: { id: TEAM },
      channel: { id: "DCHOOSE", name: "directmessage" },
    },
    container: { type: "message", message_ts: "77.000200", thread_ts: "77.000100", channel_id: "DCHOOSE" },
    message: { ts: "77.000200", thread_ts: "77.000100", text: "Which?", blocks: [] },
    actions: [{ type: "button", block_id: "b", action_id: "choose_account:2", value, action_ts: "78.1" }],
  };
  const claimed = await alone.take(press);
  const cut = new NotingPoster();
  cut.stream = async () => {
    throw new Error("killed");
  };
  cut.message = cut.stream as never;
  await expect(alone.work(press, { claimed, post: cut })).rejects.toThrow("killed");
  const [answer] = (await alone.work(press, { claimed })).posted;
  expect(answer?.message.text).toContain("Acme GmbH");
  await web.close();
});
