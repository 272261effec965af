import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "#log.ts";
import { type Playground, startPlayground } from "#playground/server.ts";
import { worldWithLarkspur } from "#playground/world/larkspur.ts";
import type { Message, User } from "#playground/world/shapes.ts";
import { openSlackDoor, type SlackDoor } from "#slack/door.ts";
import type { SlackHouse } from "#slack/house.ts";
import { registerContext } from "#slack/listen/context.ts";
import { registerComings } from "#slack/listen/joined.ts";
import { registerQuestions } from "#slack/listen/questions.ts";
import { registerSession } from "#slack/listen/session.ts";
import { askerOf } from "#slack/people.ts";
import { scripted } from "../fixtures/ask.ts";
import { type ModelServer, modelServer } from "../fixtures/model-server.ts";
import { nobodyAskedYet, PATIENT } from "../fixtures/slack.ts";
import { sampleSlackHouse } from "../fixtures/slack-listeners.ts";
import { soon } from "../fixtures/soon.ts";

const world = worldWithLarkspur();
const named = (name: string): User => world.userNamed(name);
const lukas = named("Lukas Brandl");
const owen = named("Owen Fairclough");
const bot = world.bot(lukas.team_id);
const dm = (user: User) => world.directMessage(user.id, bot.id).id;

let playground: Playground;
let model: ModelServer;
let door: SlackDoor;
let house: SlackHouse;

beforeAll(async () => {
  playground = await startPlayground({ world, port: 0, log: createLog("silent"), spans: PATIENT });
  model = await modelServer();
  ({ house } = await sampleSlackHouse(scripted(model.url, { timeoutSeconds: 60 })));
  await nobodyAskedYet(house);
  door = await openSlackDoor({
    house,
    askerOf,
    register: (app, hooks) => {
      registerQuestions(app);
      registerSession(app);
      registerContext(app);
      registerComings(app, hooks);
    },
    settings: {
      transport: { kind: "socket", appToken: playground.tokens.app },
      team: { kind: "token", botToken: playground.tokens.bot },
      ...{ tokenKeys: [], apiUrl: playground.apiUrl, crmLinks: [] },
    },
    timing: { flush: 20, settle: 20, drain: 500, extend: 100 },
  });
  await door.start();
});
afterAll(async () => {
  await door.stop();
  await model.close();
  await playground.close();
  await nobodyAskedYet(house);
});

/** What the bot has said in a thread, once it has said something whole. */
const answered = (channel: string, thread: string, most = 1): Promise<Message[]> =>
  soon(() => {
    const own = world.channel(channel).messages.filter((each) => each.thread_ts === thread && each.user === bot.id);
    const whole = own.filter((each) => each.metadata !== undefined && each.streaming_state !== "in_progress");
    if (whole.length < most) throw new Error("nothing was said yet");
    return whole;
  });
const whispered = (user: User, channel: string): Promise<string> =>
  soon(() => {
    const [last] = world.messages.ephemerals(user.id, channel).slice(-1);
    if (!last) throw new Error("nothing was said yet");
    return last.text;
  });
/** Everything that was said has come in, and nothing is worked on. */
const idle = async () => {
  await playground.delivery.events.settled();
  await soon(async () => expect((await door.state()).inbox).toMatchObject({ waiting: 0, working: 0 }));
};
const prose = (message: Message | undefined) => JSON.stringify(message);

test("a direct message grows in its thread and stands once, with the session over and titled by the question", async () => {
  model.script(
    { call: [{ name: "account_overview", input: { account: "Acme GmbH" } }] },
    { say: "Here is Acme GmbH. It is on your list." },
  );
  const asked = world.say(lukas.id, dm(lukas), "tell me about Acme GmbH");
  const [answer, ...more] = await answered(dm(lukas), asked.ts);
  expect(prose(answer)).toContain("Here is Acme GmbH. It is on your list.");
  expect(more).toEqual([]);
  await idle();
  expect(world.agent.session(dm(lukas), asked.ts)).toMatchObject({
    status: "active",
    title: "tell me about Acme GmbH",
  });
  expect(world.agent.statuses(dm(lukas))).toEqual([]);
});

test("a mention in a channel is answered once though Slack tells it twice, and the asker goes on without naming the bot", async () => {
  const sales = world.channelNamed("sales").id;
  model.script(
    { call: [{ name: "account_overview", input: { account: "Acme GmbH" } }] },
    { say: "Here is Acme GmbH." },
  );
  const asked = world.say(lukas.id, sales, `<@${bot.id}> tell me about Acme GmbH`);
  await answered(sales, asked.ts);
  world.say(owen.id, sales, "should we call them?", { thread_ts: asked.ts });
  world.say(lukas.id, sales, "I already did", { thread_ts: asked.ts });
  await idle();
  expect(await answered(sales, asked.ts)).toHaveLength(1);
  model.script({ say: "Good day." });
  world.say(owen.id, sales, `<@${bot.id}> hello?`, { thread_ts: asked.ts });
  await answered(sales, asked.ts, 2);
  model.script({ say: "Good evening." });
  world.say(owen.id, sales, "and what else can you do?", { thread_ts: asked.ts });
  expect(prose((await answered(sales, asked.ts, 3)).at(-1))).toContain("Good evening.");
});

test("people of another company, and guests, are told why they see nothing", async () => {
  const shared = world.channelNamed("shared-northbeam").id;
  const [dana, noor] = [named("Dana Whitfield"), named("Noor Haddad")];
  model.script({ say: "This must not be asked." });
  world.say(owen.id, shared, `<@${bot.id}> tell me about Northbeam`);
  expect(await whispered(owen, shared)).toMatch(/another company.*direct message/);
  world.say(dana.id, shared, `<@${bot.id}> tell me about Northbeam`);
  expect(await whispered(dana, shared)).toMatch(/only members of Larkspur/);
  const asked = world.say(noor.id, dm(noor), "which accounts renew this month?");
  expect((await answered(dm(noor), asked.ts))[0]?.text).toMatch(/Guests cannot ask me/);
  expect(model.asked).toEqual([]);
  await idle();
  expect(world.channel(shared).messages.filter((each) => each.user === bot.id)).toEqual([]);
});

test("the stop button ends a growing answer with one word", async () => {
  model.script({ half: "Hello there. Good day. And more of it", ends: "stall" });
  const asked = world.say(lukas.id, dm(lukas), "tell me everything");
  const isGrowing = () =>
    world
      .channel(dm(lukas))
      .messages.some((each) => each.thread_ts === asked.ts && each.streaming_state === "in_progress");
  await soon(() => expect(isGrowing()).toBe(true));
  expect(world.stop(lukas.id, dm(lukas), asked.ts)).toBe(true);
  const [answer] = await answered(dm(lukas), asked.ts);
  expect(answer?.text).toBe("Stopped.");
  await idle();
  expect(world.agent.session(dm(lukas), asked.ts)?.status).toBe("active");
});

test("the Messages tab offers four questions", async () => {
  world.openHome(lukas.id, "messages");
  await soon(() => expect(world.agent.prompts(dm(lukas))?.prompts).toHaveLength(4));
});

test("invited to a channel, the bot says once how to ask there", async () => {
  const made = world.addChannel({ team: lukas.team_id, name: "new-deals", members: [lukas.id] }).id;
  world.invite(lukas.id, bot.id, made);
  await soon(() => expect(world.channel(made).messages.at(-1)?.text).toMatch(/^Hello\. Mention me/));
});
