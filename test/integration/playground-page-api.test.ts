import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createLog } from "#log.ts";
import type { PageEvent, PageHistory, PageWorld } from "#playground/page-api/types.ts";
import { startPlayground } from "#playground/server.ts";
import { worldWithLarkspur } from "#playground/world/larkspur.ts";

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

async function open(notice: string | null = null) {
  const world = worldWithLarkspur({ tag: "PAGE" });
  const spans = { ack: 300, redeliver: [] };
  const slack = await startPlayground({ world, port: 0, log: createLog("silent"), notice, spans });
  opened.push(() => slack.close());
  const person = (name: string) => world.userNamed(name).id;
  const owen = person("Owen Fairclough");
  const bot = world.bot(world.user(owen).team_id).id;
  const get = async <T>(path: string) => {
    const response = await fetch(`${slack.url}/page-api/${path}`);
    return { status: response.status, body: (await response.json()) as T };
  };
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${slack.url}/page-api/${path}`, {
      ...{ method: "POST", body: JSON.stringify(body) },
      headers: { "content-type": "application/json", ...headers },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { slack, world, person, owen, bot, get, post, dm: world.directMessage(owen, bot).id };
}

/** What fetch does not let a caller set: the Host header, and a path that is not tidied up. */
const rawGet = (url: string, path: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });

/** The stream as a browser reads it. */
async function listen(url: string, as: string, last?: string) {
  const stop = new AbortController();
  const headers: Record<string, string> = last === undefined ? {} : { "last-event-id": last };
  const response = await fetch(`${url}/page-api/events?as=${as}`, { headers, signal: stop.signal });
  const events: (PageEvent & { id: string })[] = [];
  const read = async () => {
    let text = "";
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      const whole = text.split("\n\n");
      text = whole.pop() ?? "";
      for (const each of whole) {
        const found = /^id: (.+)\ndata: (.+)$/m.exec(each);
        if (found) events.push({ id: found[1]!, ...(JSON.parse(found[2]!) as PageEvent) });
      }
    }
  };
  const done = read().catch((fault: unknown) => {
    if (!stop.signal.aborted) throw fault;
  });
  const close = async () => {
    stop.abort();
    await done;
  };
  opened.push(close);
  return { events, close };
}

test("each kind of person sees their own world", async () => {
  const { person, owen, bot, get } = await open("No model is configured.");
  const worldOf = async (id: string) => (await get<PageWorld>(`world?as=${id}`)).body;
  const names = ({ channels }: PageWorld) => channels.map(({ name }) => name).toSorted();

  const mine = await worldOf(owen);
  expect((await worldOf("")).me.id).toBe(owen);
  expect(mine).toMatchObject({ team: { name: "Larkspur" }, notice: "No model is configured.", connected: false });
  expect(mine.me).toMatchObject({ kind: "member", canSpeak: true, tz: "Europe/London" });
  expect(names(mine)).not.toContain("leadership");
  expect(mine.channels.find(({ id }) => id === mine.bot.dmChannel)).toMatchObject({ type: "im", with: bot });
  expect(names(await worldOf(person("Ingrid Sandoval")))).toContain("leadership");
  expect(names(await worldOf(person("Noor Haddad")))).toEqual(["Perennial", "renewals"]);
  const stranger = await worldOf(person("Dana Whitfield"));
  expect(names(stranger)).toEqual(["shared-northbeam"]);
  expect(stranger).toMatchObject({ me: { kind: "stranger" }, commands: [], bot: { dmChannel: null } });
  expect((await worldOf(person("Bea Lindqvist"))).me).toMatchObject({ kind: "deactivated", canSpeak: false });
});

test("what is said is in the history, with replies and what only I can see beside it", async () => {
  const { world, owen, bot, dm, person, get, post } = await open();
  const { body } = await post("say", { as: owen, channel: dm, text: "How is Acme?" });
  const by = world.user(bot);
  world.messages.post(dm, { by, text: "Well.", thread_ts: String(body.ts) });
  world.messages.postEphemeral(dm, owen, { by, text: "A secret.", thread_ts: String(body.ts) });

  const { messages } = (await get<PageHistory>(`history?as=${owen}&channel=${dm}`)).body;
  expect(messages).toMatchObject([
    {
      ...{ text: "How is Acme?", replyCount: 1 },
      replies: [
        { text: "Well.", isEphemeral: false },
        { text: "A secret.", isEphemeral: true },
      ],
    },
  ]);
  expect(await get(`history?as=${person("Noor Haddad")}&channel=${dm}`)).toMatchObject({ status: 404 });
  expect(await get(`thread?as=${owen}&channel=${dm}&ts=1.000000`)).toMatchObject({ status: 404 });
});

test("a page is told of what its person may see, and gets what it missed while it was away", async () => {
  const { slack, world, owen, person } = await open();
  const [ingrid, leadership] = [person("Ingrid Sandoval"), world.channelNamed("leadership").id];
  const sales = world.channelNamed("sales").id;
  const [hers, his] = [await listen(slack.url, ingrid), await listen(slack.url, owen)];
  const texts = (page: { events: PageEvent[] }) =>
    page.events.flatMap((event) => (event.type === "message" ? [event.message.text] : []));

  world.say(ingrid, leadership, "between us");
  world.say(ingrid, sales, "for all");
  await expect.poll(() => texts(hers)).toEqual(["between us", "for all"]);
  await expect.poll(() => texts(his)).toEqual(["for all"]);

  const last = his.events.at(-1)!.id;
  await his.close();
  world.say(ingrid, sales, "while away");
  world.say(ingrid, leadership, "still between us");
  const again = await listen(slack.url, owen, last);
  await expect.poll(() => texts(again)).toEqual(["while away"]);

  const afterRestart = await listen(slack.url, owen, "earlier-7");
  await expect.poll(() => afterRestart.events.map(({ type }) => type)).toEqual(["reload"]);
});

test("what cannot be done is refused with a sentence", async () => {
  const { world, owen, dm, person, post } = await open();
  const [sales, old] = [world.channelNamed("sales").id, world.channelNamed("old-launch").id];
  const bea = await post("say", { as: person("Bea Lindqvist"), channel: sales, text: "I am back" });
  expect(bea).toMatchObject({ status: 400, body: { error: "account_inactive" } });
  const guest = await post("say", { as: person("Noor Haddad"), channel: sales, text: "Hi" });
  expect(guest).toMatchObject({ status: 400, body: { error: "not_in_channel" } });
  const archived = await post("say", { as: owen, channel: old, text: "Hi" });
  expect(archived.body.message).toBe("This channel is archived: nobody can write in it.");
  const absent = { as: owen, container: { channel: dm, message_ts: "1.000000" }, action: { ...button, value: "1" } };
  expect(await post("press", absent)).toMatchObject({ status: 404, body: { error: "message_not_found" } });
  expect(await post("say", { as: owen, channel: dm })).toMatchObject({ status: 400, body: { error: "invalid_input" } });
  expect(await post("__proto__", {})).toMatchObject({ status: 404, body: { error: "unknown_path" } });
  const asForm = await post("say", { as: owen, channel: dm, text: "x" }, { "content-type": "text/plain" });
  expect(asForm.status).toBe(415);
});

const button = { block_id: "b", action_id: "a", type: "button" };

test("a modal belongs to the person who opened it", async () => {
  const { world, owen, person, post, get } = await open();
  const by = world.installations.ofTeam(world.user(owen).team_id);
  const empty = {
    callback_id: "",
    private_metadata: "",
    external_id: "",
    clear_on_close: false,
    notify_on_close: false,
  };
  const { id } = world.views.open(by, world.trigger(owen), { type: "modal", blocks: [], ...empty });
  expect(await get(`views?as=${owen}`)).toMatchObject({ body: { views: [{ id }] } });
  const [camille, state] = [person("Camille Duret"), {}];
  expect(await post("submit", { as: camille, view_id: id, state })).toMatchObject({ status: 404 });
  expect(await post("close", { as: camille, view_id: id })).toMatchObject({ status: 404 });
  expect(await post("close", { as: owen, view_id: id })).toEqual({ status: 200, body: { ok: true } });
  expect(await get(`views?as=${owen}`)).toMatchObject({ body: { views: [] } });
});

test("what is pressed belongs to the team of the app, whoever presses, and a button keeps its own value", async () => {
  const { slack, world, bot, person, post } = await open();
  const dana = person("Dana Whitfield");
  const shared = world.channelNamed("shared-northbeam").id;
  const bodies: Record<string, unknown>[] = [];
  const server = createServer(async (incoming, response) => {
    let text = "";
    for await (const part of incoming) text += String(part);
    const payload = new URLSearchParams(text).get("payload");
    if (payload) bodies.push(JSON.parse(payload) as Record<string, unknown>);
    response.end(payload ? "" : text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push(() => new Promise((resolve) => server.close(resolve)));
  await slack.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const elements = [
    { type: "button", action_id: "a", text: { type: "plain_text", text: "Why?" }, value: "true value" },
  ];
  const { ts } = world.messages.post(shared, {
    by: world.user(bot),
    text: "",
    blocks: [{ type: "actions", block_id: "b", elements }],
  });

  const container = { channel: shared, message_ts: ts };
  const answer = await post("press", { as: dana, container, action: { ...button, value: "forged" } });
  expect(answer).toEqual({ status: 200, body: { ok: true } });
  expect(bodies[0]).toMatchObject({
    ...{ type: "block_actions", team: { domain: "larkspur" }, channel: { id: shared, name: "shared-northbeam" } },
    user: { id: dana, team_id: world.user(dana).team_id },
    actions: [{ ...button, value: "true value" }],
  });
});

test("a press on a Home tab that was drawn anew in the meantime still means its button", async () => {
  const { world, owen, post } = await open();
  const by = world.installations.ofTeam(world.user(owen).team_id);
  const text = { type: "plain_text", text: "Look up" };
  const row = () => ({ type: "actions", elements: [{ type: "button", action_id: "look_up", text }] });
  const body = {
    callback_id: "",
    private_metadata: "",
    external_id: "",
    clear_on_close: false,
    notify_on_close: false,
  };
  const home = (rows: number) =>
    world.views.publish(by, owen, { ...body, type: "home", blocks: Array.from({ length: rows }, row) });
  const pressed = async (block_id: unknown, view_id: string) =>
    (
      await post("press", {
        as: owen,
        container: { view_id },
        action: { type: "button", block_id, action_id: "look_up" },
      })
    ).body;

  const { id, blocks } = home(1);
  const seen = blocks[0]?.block_id;
  expect(home(1).blocks[0]?.block_id).not.toBe(seen);
  expect(JSON.stringify(await pressed(seen, id))).not.toContain("no longer there"); // it went out to the bot
  home(2);
  expect(JSON.stringify(await pressed(seen, id))).toContain("That button is no longer there.");
});

test("the playground answers to this machine and to its own page only", async () => {
  const { slack, owen, dm, post, get } = await open();
  expect(await rawGet(slack.url, "/", { host: "playground.attacker.example" })).toBe(403);
  expect(await rawGet(slack.url, "/api/auth.test", { host: "playground.attacker.example" })).toBe(403);
  const body = { as: owen, channel: dm, text: "from elsewhere" };
  expect((await post("say", body, { origin: "https://attacker.example" })).status).toBe(403);
  expect((await post("say", body, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect((await post("say", body, { origin: slack.url })).status).toBe(200);
  const { messages } = (await get<PageHistory>(`history?as=${owen}&channel=${dm}`)).body;
  expect(messages).toHaveLength(1);
});

test("nothing outside of the page's folder is served, and what is served cannot run foreign script", async () => {
  const { slack } = await open();
  for (const path of ["/../server.ts", "/%2e%2e/server.ts", "/..%2fserver.ts", "/vendor/../../package.json", "/.env"])
    expect([path, await rawGet(slack.url, path, {})]).toEqual([path, 404]);
  const { headers } = await fetch(`${slack.url}/nothing-here`);
  const policy = headers.get("content-security-policy") ?? "";
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:|\*/);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test("a file is a download for those who were there, and nobody else", async () => {
  const { slack, world, owen, person } = await open();
  const file = world.files.add(world.user(owen), { name: "Übersicht.csv", content: Buffer.from("a,b") });
  const leadership = world.channelNamed("leadership");
  world.files.share(file, leadership);
  const fetched = (as: string) => fetch(`${slack.url}/page-api/file?id=${file.id}&as=${as}`);
  const hers = await fetched(person("Ingrid Sandoval"));
  expect(hers.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''%C3%9Cbersicht.csv");
  expect(await hers.text()).toBe("a,b");
  expect((await fetched(person("Jonas Petrov"))).status).toBe(404);
});

test("a second playground on the same port says what to do", async () => {
  const { slack } = await open();
  const again = startPlayground({
    world: worldWithLarkspur(),
    port: Number(new URL(slack.url).port),
    log: createLog("silent"),
  });
  await expect(again).rejects.toThrow(/Port \d+ is in use/);
});
