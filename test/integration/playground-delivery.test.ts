import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { App, HTTPReceiver, type Logger, LogLevel, type ReceiverEvent, SocketModeReceiver } from "@slack/bolt";
import type { ModalView } from "@slack/types";
import { afterEach, expect, test } from "vitest";
import { createLog } from "#log.ts";
import { command, shortcut } from "#playground/delivery/commands.ts";
import type { Attempt } from "#playground/delivery/events.ts";
import { closeModal, submit } from "#playground/delivery/modals.ts";
import { press, suggest } from "#playground/delivery/presses.ts";
import { signedHeaders } from "#playground/delivery/signing.ts";
import type { Spans } from "#playground/delivery/wire.ts";
import { type Playground, startPlayground } from "#playground/server.ts";
import { worldWithLarkspur } from "#playground/world/larkspur.ts";
import type { WorldOptions } from "#playground/world/world.ts";

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

/** Slack that waits as long as a busy machine takes, and brings again at once what was refused. */
const SPANS: Partial<Spans> = { ack: 60_000, redeliver: [0, 50, 100], linger: 2000 };
/** Where one sending is never acknowledged and another is: a busy machine must manage that in time. */
const STRICT: Partial<Spans> = { ack: 1_000 };
/** When Bolt gives up a request that nobody acknowledged: after Slack. By itself after 3 s. */
const unhandledRequestTimeoutMillis = 90_000;
const nothing = () => undefined;
/** What goes wrong here goes wrong on purpose: Bolt need not print it. */
const logger: Logger = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing, setLevel: nothing, setName: nothing },
  getLevel: () => LogLevel.ERROR,
};

async function open(more: { spans?: Partial<Spans>; world?: WorldOptions } = {}) {
  const world = worldWithLarkspur({ tag: "TEST", ...more.world });
  const slack = await startPlayground({ world, port: 0, log: createLog("silent"), spans: { ...SPANS, ...more.spans } });
  opened.push(() => slack.close());
  const owen = world.userNamed("Owen Fairclough").id;
  const bot = world.bot(world.user(owen).team_id).id;
  const sales = world.channelNamed("sales").id;
  const dm = world.directMessage(owen, bot).id;
  return { slack, world, owen, bot, sales, dm };
}

/** A real Bolt app at the other end, by HTTP or Socket Mode. */
async function connect(slack: Playground, by: "http" | "socket", settle = false): Promise<App> {
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const { bot: token, app: appToken, signingSecret } = slack.tokens;
  const http =
    by === "http"
      ? new HTTPReceiver({ signingSecret, processBeforeResponse: settle, unhandledRequestTimeoutMillis, logger })
      : null;
  const socket = new SocketModeReceiver({ appToken, installerOptions: { clientOptions }, logger });
  const app = new App({ token, receiver: http ?? socket, clientOptions, processBeforeResponse: settle, logger });
  opened.push(() => app.stop());
  if (http === null) {
    await app.start();
    return app;
  }
  const server = await http.start(0);
  opened.push(async () => server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  await slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
  return app;
}

/** A bot of bare HTTP, for what Bolt does not let one say. */
async function bareBot(answer: (nth: number) => { status: number; headers?: Record<string, string> }) {
  const requests: { headers: IncomingMessage["headers"]; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += String(part);
    if (body.includes("url_verification")) return response.end(JSON.stringify(JSON.parse(body)));
    requests.push({ headers: request.headers, body });
    const { status, headers } = answer(requests.length);
    response.writeHead(status, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`, requests };
}

const attempts = (slack: Playground): Attempt[] => {
  const seen: Attempt[] = [];
  slack.delivery.events.on("attempt", (attempt) => seen.push(attempt));
  return seen;
};

for (const by of ["http", "socket"] as const) {
  test(`a message and a mention reach a real Bolt app by ${by}, and its answer reaches the channel`, async () => {
    const { slack, world, owen, bot, sales } = await open();
    const app = await connect(slack, by);
    const heard: string[] = [];
    app.message(async ({ message }) => void heard.push(`message ${message.channel_type}`));
    app.event("app_mention", async ({ event, body, say }) => {
      heard.push(`mention in ${(body as { context_team_id?: string }).context_team_id}`);
      await say({ text: `You said: ${event.text}`, thread_ts: event.ts });
    });

    const said = world.say(owen, sales, `<@${bot}> hello`);
    await expect
      .poll(() => world.channel(sales).messages.filter(({ thread_ts }) => thread_ts === said.ts))
      .toHaveLength(2);
    await slack.delivery.events.settled();

    expect(heard.toSorted().slice(0, 2)).toEqual([`mention in ${world.user(owen).team_id}`, "message channel"]);
    expect(world.channel(sales).messages.at(-1)?.text).toBe(`You said: <@${bot}> hello`);
  });

  test(`a command is answered to its sender alone, to all, or not at all, by ${by}`, async () => {
    const { slack, world, owen, sales } = await open();
    const app = await connect(slack, by);
    app.command("/perennial", async ({ command: typed, ack, respond }) => {
      await ack(typed.text === "to all" ? { text: "for everybody", response_type: "in_channel" } : `got ${typed.text}`);
      if (typed.text === "late") await respond("and later this");
    });
    const send = (text: string) => command(slack.delivery.desk, owen, { channel: sales, text: `/perennial ${text}` });
    const ephemerals = () => world.messages.ephemerals(owen, sales).map(({ text }) => text);

    expect(await send("to all")).toEqual({ ok: true });
    expect(world.channel(sales).messages.at(-1)?.text).toBe("for everybody");
    expect(await send("late")).toEqual({ ok: true });
    await expect.poll(ephemerals).toEqual(["got late", "and later this"]);
    expect(await command(slack.delivery.desk, owen, { channel: sales, text: "/other x" })).toEqual({
      ...{ ok: false, failed: "/other is not a valid command." },
    });
  });

  test(`a command that is not acknowledged in time has failed, by ${by}`, async () => {
    const { slack, owen, sales } = await open({ spans: STRICT });
    (await connect(slack, by)).command("/perennial", async () => undefined);
    expect(await command(slack.delivery.desk, owen, { channel: sales, text: "/perennial sleep" })).toEqual({
      ...{ ok: false, failed: '/perennial failed with the error "operation_timeout"' },
    });
  });

  test(`a button opens a modal, which is refused empty, refused by the bot, and then taken, by ${by}`, async () => {
    const { slack, world, owen, bot, dm } = await open();
    const app = await connect(slack, by);
    app.action("open", async ({ ack, body, client }) => {
      await ack();
      const { trigger_id = "" } = body as { trigger_id?: string };
      await client.views.open({ trigger_id, view: modal() });
    });
    app.view("reason", async ({ ack, view }) => {
      const { value } = view.state.values.why!.words!;
      if (value === "bad") return ack({ response_action: "errors", errors: { why: "Say more." } });
      if (value === "more") return ack({ response_action: "push", view: { ...modal(), callback_id: "second" } });
      await ack();
    });
    app.view({ callback_id: "second", type: "view_closed" }, async ({ ack, body }) => {
      await ack();
      closed.push("is_cleared" in body && body.is_cleared);
    });
    const closed: boolean[] = [];
    const { ts } = world.messages.post(dm, { by: world.user(bot), text: "Card", blocks: [buttons()] });
    const { desk } = slack.delivery;

    const answer = await press(desk, owen, {
      container: { channel: dm, message_ts: ts },
      action: { action_id: "open" },
    });
    expect(answer).toEqual({ ok: true });
    await expect.poll(() => world.views.stack(owen)).toHaveLength(1);
    const [view] = world.views.stack(owen);
    const put = (value: string) =>
      submit(desk, owen, view!.id, { why: { words: { type: "plain_text_input", value } } });

    expect(await put("")).toEqual({ ok: false, errors: { why: "Please complete this required field." } });
    expect(await put("bad")).toEqual({ ok: false, errors: { why: "Say more." } });
    expect(await put("more")).toMatchObject({ ok: true, stack: [{ id: view!.id }, { callback_id: "second" }] });
    closeModal(desk, owen, world.views.stack(owen)[1]!.id, false);
    await expect.poll(() => closed).toEqual([false]);
    expect(await put("good")).toEqual({ ok: true, stack: [] });
  });

  test(`type-ahead, the message shortcut and the global one reach the app by ${by}`, async () => {
    const { slack, world, owen, bot, dm, sales } = await open();
    const app = await connect(slack, by);
    app.options("pick", async ({ ack, options }) => {
      await ack({ options: [{ text: { type: "plain_text", text: `like ${options.value}` }, value: "1" }] });
    });
    const used: string[] = [];
    app.shortcut(
      { type: "message_action", callback_id: "what_should_i_do" },
      async ({ ack, shortcut: it, respond }) => {
        await ack();
        used.push(`on "${it.message.text}"`);
        await respond({ text: "Do this." });
      },
    );
    app.shortcut("look_up_account", async ({ ack, shortcut: it, client }) => {
      await ack();
      await client.views.open({ trigger_id: it.trigger_id, view: modal() });
    });
    const { ts } = world.messages.post(dm, { by: world.user(bot), text: "Pick", blocks: [select()] });
    const { desk } = slack.delivery;

    const options = await suggest(desk, owen, {
      ...{ container: { channel: dm, message_ts: ts }, action_id: "pick", value: "Ac" },
    });
    expect(options).toMatchObject({ ok: true, options: [{ text: { text: "like Ac" } }] });

    const said = world.say(owen, sales, "they want to leave");
    expect(
      await shortcut(desk, owen, { callback_id: "what_should_i_do", channel: sales, message_ts: said.ts }),
    ).toEqual({
      ok: true,
    });
    await expect.poll(() => world.messages.ephemerals(owen, sales).map(({ text }) => text)).toEqual(["Do this."]);
    expect(used).toEqual(['on "they want to leave"']);

    expect(await shortcut(desk, owen, { callback_id: "look_up_account" })).toEqual({ ok: true });
    await expect.poll(() => world.views.stack(owen)).toHaveLength(1);
  });
}

const modal = (): ModalView => ({
  type: "modal",
  callback_id: "reason",
  title: { type: "plain_text", text: "Why?" },
  submit: { type: "plain_text", text: "Send" },
  notify_on_close: true,
  blocks: [
    {
      type: "input",
      block_id: "why",
      label: { type: "plain_text", text: "Words" },
      element: { type: "plain_text_input", action_id: "words" },
    },
  ],
});

const buttons = () => ({
  type: "actions",
  block_id: "row",
  elements: [
    { type: "button", action_id: "open", text: { type: "plain_text", text: "Open" }, value: "7" },
    { type: "button", action_id: "swap", text: { type: "plain_text", text: "Swap" }, value: "8" },
  ],
});

const select = () => ({
  type: "actions",
  block_id: "row",
  elements: [{ type: "external_select", action_id: "pick", placeholder: { type: "plain_text", text: "Account" } }],
});

test("an event comes again, marked as such, when the bot takes longer than it may", async () => {
  const { slack, world, owen, dm } = await open({ spans: STRICT });
  const app = await connect(slack, "http", true);
  const seen: unknown[] = [];
  const again = Promise.withResolvers<void>();
  app.message(async ({ body, context }) => {
    seen.push([body.event_id, context.retryNum, context.retryReason]);
    if (seen.length === 1) await again.promise; // so the first is too late, however slow the machine
    again.resolve();
  });
  const tries = attempts(slack);

  world.say(owen, dm, "slow?");
  await slack.delivery.events.settled();

  const eventId = tries[0]!.eventId;
  expect(seen).toEqual([
    [eventId, undefined, undefined],
    [eventId, 1, "http_timeout"],
  ]);
  expect(tries.map(({ outcome }) => outcome.state)).toEqual(["failed", "acked"]);
});

test("an event that the bot fails at comes three times more and is then given up", async () => {
  const { slack, world, owen, dm } = await open();
  const bot = await bareBot(() => ({ status: 500 }));
  await slack.setRequestUrl(bot.url);
  const lost: string[] = [];
  slack.delivery.events.on("lost", ({ type }) => lost.push(type));

  world.say(owen, dm, "anybody?");
  await slack.delivery.events.settled();

  const retries = bot.requests.map(({ headers }) => [headers["x-slack-retry-num"], headers["x-slack-retry-reason"]]);
  expect(retries).toEqual([
    [undefined, undefined],
    ["1", "http_error"],
    ["2", "http_error"],
    ["3", "http_error"],
  ]);
  expect(lost).toEqual(["message"]);
});

test("an event that is sent twice is the same event both times", async () => {
  const { slack, world, owen, dm } = await open();
  const bot = await bareBot(() => ({ status: 200 }));
  await slack.setRequestUrl(bot.url);
  slack.delivery.events.twice = () => true;
  world.say(owen, dm, "double");
  await slack.delivery.events.settled();
  expect(bot.requests).toHaveLength(2);
  expect(bot.requests[0]!.body).toBe(bot.requests[1]!.body);
});

test("a bot that asks for no redelivery gets none", async () => {
  const { slack, world, owen, dm } = await open();
  const bot = await bareBot(() => ({ status: 500, headers: { "x-slack-no-retry": "1" } }));
  await slack.setRequestUrl(bot.url);
  world.say(owen, dm, "once");
  await slack.delivery.events.settled();
  expect(bot.requests).toHaveLength(1);
});

test("Bolt takes our signature and refuses a forged, an old and a changed one", async () => {
  const { slack, world, owen, dm } = await open();
  const app = await connect(slack, "http");
  const heard: string[] = [];
  app.message(async ({ message }) => void heard.push("text" in message ? String(message.text) : ""));
  const bot = await bareBot(() => ({ status: 200 }));
  const boltUrl = slack.delivery.requestUrl!;
  await slack.setRequestUrl(bot.url);
  world.say(owen, dm, "signed");
  await slack.delivery.events.settled();
  const { body } = bot.requests[0]!;

  const post = (signed: Record<string, string>, sent = body) =>
    fetch(boltUrl, { method: "POST", body: sent, headers: { "content-type": "application/json", ...signed } });
  const { signingSecret } = slack.tokens;
  const now = Date.now();

  expect((await post(signedHeaders("0".repeat(32), body, now))).status).toBe(401);
  expect((await post(signedHeaders(signingSecret, body, now - 6 * 60_000))).status).toBe(401);
  expect((await post(signedHeaders(signingSecret, body, now), body.replace("signed", "forged"))).status).toBe(401);
  expect((await post(signedHeaders(signingSecret, body, now))).status).toBe(200);
  await expect.poll(() => heard).toEqual(["signed"]);
});

/** A receiver of Bolt whose acknowledgements the test decides. */
async function socketBot(slack: Playground, take: (event: ReceiverEvent) => Promise<void>) {
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const receiver = new SocketModeReceiver({
    ...{ appToken: slack.tokens.app, autoReconnectEnabled: false, installerOptions: { clientOptions }, logger },
  });
  receiver.init({ processEvent: take } as App); // all that a receiver asks of an app
  await receiver.start();
  let isOver = false;
  const stop = () => {
    isOver = true;
    return receiver.stop();
  };
  // Connects anew at once; by itself it would wait for as long as for a lost pong. Where that fails, this is told again.
  receiver.client.on("disconnected", () => isOver || receiver.client.start().catch(nothing));
  opened.push(stop);
  return { stop };
}

test("an envelope on a socket that closes goes to another one at once, within the same try", async () => {
  const { slack, world, owen, dm } = await open();
  const seen: string[] = [];
  const receivers: { stop(): Promise<unknown> }[] = [];
  for (const at of [0, 1])
    receivers[at] = await socketBot(slack, async ({ body, ack }) => {
      seen.push(body.event_id);
      if (seen.length === 1) await receivers[at]!.stop();
      else await ack();
    });
  const tries = attempts(slack);

  world.say(owen, dm, "do not lose me");
  await slack.delivery.events.settled();

  expect(new Set(seen).size).toBe(1);
  expect(seen).toHaveLength(2);
  expect(tries).toMatchObject([{ retry: 0, outcome: { state: "acked" } }]);
});

test("an envelope that one socket leaves unacknowledged comes again, to the other", async () => {
  const { slack, world, owen, dm } = await open({ spans: STRICT });
  const seen: unknown[] = [];
  for (const name of ["first", "second"])
    await socketBot(slack, async ({ body, ack, retryNum }) => {
      seen.push([name, body.event_id, retryNum]);
      if (retryNum) await ack();
    });
  const tries = attempts(slack);

  world.say(owen, dm, "hello?");
  await slack.delivery.events.settled();

  const [one, other] = seen as [[string, string, number], [string, string, number]];
  expect(seen).toHaveLength(2);
  expect([one[2], other[2]]).toEqual([0, 1]);
  expect(one[1]).toBe(other[1]);
  expect(one[0]).not.toBe(other[0]);
  expect(tries.map(({ retry, outcome }) => [retry, outcome.state])).toEqual([
    [0, "failed"],
    [1, "acked"],
  ]);
});

test("forty refreshes with two sockets: every event finds one, and none has to be sent again", async () => {
  const { slack, world, owen, dm } = await open();
  const got: string[] = [];
  for (const _ of ["first", "second"])
    await socketBot(slack, async ({ body, ack }) => {
      got.push(body.event.text);
      await ack();
    });
  const tries = attempts(slack);
  const REFRESHES = 40;
  for (let nth = 1; nth <= REFRESHES; nth++) {
    await expect.poll(() => slack.delivery.sockets.connections, { interval: 5 }).toBe(2);
    world.say(owen, dm, `before ${nth}`);
    const gone = slack.delivery.sockets.refreshOne();
    world.say(owen, dm, `during ${nth}`);
    await gone;
    world.say(owen, dm, `after ${nth}`);
  }
  await slack.delivery.events.settled();
  expect(new Set(got).size).toBe(3 * REFRESHES);
  expect(tries.filter(({ retry }) => retry > 0)).toEqual([]);
});

test("a ticket opens one socket, an unknown one none, and an eleventh socket is told to go", async () => {
  const { slack } = await open();
  const socketAddress = () => slack.delivery.socketAddress();
  const connectTo = (url: string) => new WebSocket(url);
  const outcome = async (socket: WebSocket) => {
    const [event] = (await Promise.race([once(socket, "message"), once(socket, "error")])) as [Event];
    return event instanceof MessageEvent ? JSON.parse(String(event.data)) : "refused";
  };

  const url = socketAddress();
  const first = connectTo(url);
  expect(await outcome(first)).toMatchObject({ type: "hello", num_connections: 1 });
  expect(await outcome(connectTo(url))).toBe("refused");
  expect(await outcome(connectTo(`${slack.url.replace("http", "ws")}/link/?ticket=guess`))).toBe("refused");
  const more = Array.from({ length: 9 }, () => connectTo(socketAddress()));
  for (const socket of more) expect(await outcome(socket)).toMatchObject({ type: "hello" });
  expect(await outcome(connectTo(socketAddress()))).toMatchObject({
    type: "disconnect",
    reason: "too_many_websockets",
  });
  first.close();
  for (const socket of more) socket.close();
});

test("a response URL replaces, deletes, and ends after five uses and after half an hour; a guessed one is unknown", async () => {
  let skipped = 0;
  const { slack, world, owen, bot, dm } = await open({ world: { now: () => Date.now() + skipped } });
  const app = await connect(slack, "socket");
  const urls: string[] = [];
  app.action("swap", async ({ ack, body }) => {
    await ack();
    urls.push((body as { response_url: string }).response_url);
  });
  const { ts } = world.messages.post(dm, { by: world.user(bot), text: "Card", blocks: [buttons()] });
  const swap = () =>
    press(slack.delivery.desk, owen, { container: { channel: dm, message_ts: ts }, action: { action_id: "swap" } });
  await swap();
  await swap();
  await expect.poll(() => urls).toHaveLength(2);
  const [url, second] = urls as [string, string];
  const post = async (to: string, body: unknown) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(to, { method: "POST", headers, body: JSON.stringify(body) });
    return [response.status, await response.text()];
  };

  expect(await post(url, { replace_original: true, text: "Redrawn" })).toEqual([200, "ok"]);
  expect(world.channel(dm).messages.at(-1)).toMatchObject({ ts, text: "Redrawn" });
  for (let use = 2; use <= 5; use++) expect(await post(url, { text: `again ${use}` })).toEqual([200, "ok"]);
  expect(await post(url, { text: "too often" })).toEqual([404, '{"ok":false,"error":"used_url"}']);
  expect(await post(`${slack.url}/response/T1/guess`, { text: "x" })).toEqual([
    404,
    '{"ok":false,"error":"not_found"}',
  ]);
  expect((await post(second, { blocks: [{ type: "nonsense" }] }))[1]).toContain("invalid_blocks");
  skipped = 31 * 60_000;
  expect(await post(second, { delete_original: true })).toEqual([404, '{"ok":false,"error":"expired_url"}']);
  expect(world.messages.ephemerals(owen, dm)).toHaveLength(4);
});

test("pressing while the bot is away, or falls silent, says so on the page", async () => {
  const { slack, world, owen, bot, dm } = await open({ spans: STRICT });
  const { ts } = world.messages.post(dm, { by: world.user(bot), text: "Card", blocks: [buttons()] });
  const toasts: string[] = [];
  world.on("page", (change) => change.type === "toast" && toasts.push(change.text));
  const { desk } = slack.delivery;
  const pressed = { container: { channel: dm, message_ts: ts }, action: { action_id: "swap" } };

  expect(await press(desk, owen, pressed)).toMatchObject({ ok: false });
  await connect(slack, "http"); // listens to no action
  expect(await press(desk, owen, pressed)).toMatchObject({ ok: false });
  await slack.setRequestUrl(null);
  await socketBot(slack, async () => undefined);
  expect(await press(desk, owen, pressed)).toMatchObject({ ok: false });
  expect(toasts).toEqual([
    "Perennial cannot be reached: it is not connected.",
    "Perennial did not respond in time.",
    "Perennial did not respond in time.",
  ]);
});

test("a request URL is taken only from a bot that repeats the challenge", async () => {
  const { slack } = await open();
  const server = createServer((_, response) => response.end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push(() => new Promise((resolve) => server.close(resolve)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await expect(slack.setRequestUrl(url)).rejects.toThrow("did not answer Slack's challenge");
  expect(slack.delivery.isConnected).toBe(false);
});
