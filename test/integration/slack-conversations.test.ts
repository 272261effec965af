import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SlackHouse } from "#slack/house.ts";
import { type News, type Option, TestSlack, type Transport } from "../fixtures/slack.ts";
import { CONVERSATIONS, type Conversation, type Step } from "../fixtures/slack-conversations.ts";
import { sampleSlackHouse } from "../fixtures/slack-listeners.ts";
import { soon } from "../fixtures/soon.ts";

/** What was shown in each conversation, by transport, without what differs from one moment to the next. */
const transcripts: Record<Transport, Map<string, object[]>> = { socket: new Map(), http: new Map() };

const named = CONVERSATIONS.map((each) => [each.what, each] as const);

let house: SlackHouse;
beforeAll(async () => {
  ({ house } = await sampleSlackHouse());
});

describe.each(["socket", "http"] as const)("by %s", (transport) => {
  let slack: TestSlack;
  beforeAll(async () => {
    slack = await TestSlack.open({ house, transport });
    const { bot, world } = slack;
    const ids = (...names: string[]) => names.map((name) => slack.person(name).id);
    const group = { team: bot.team_id, name: "mpdm-lukas--owen-1", kind: "mpim" } as const;
    world.addChannel({ ...group, members: [...ids("Lukas", "Owen"), bot.id] });
    world.addChannel({ team: bot.team_id, name: "board", kind: "group", members: ids("Ingrid", "Owen") });
  });
  afterAll(() => slack.close());

  test.each(named)("%s", async (what, conversation) => {
    transcripts[transport].set(what, await new Scene(slack, conversation).play());
  });

  test("Slack found nothing wrong with anything that was sent, and nothing was left growing, spinning or unsaid", () => {
    expect(slack.calls.length).toBeGreaterThan(CONVERSATIONS.length);
    expect(slack.malformed()).toEqual([]);
    const channels = [...slack.world.channels.values()];
    const own = channels.flatMap(({ messages }) => messages.filter(({ user }) => user === slack.bot.id));
    expect(own.filter(({ streaming_state: state }) => state === "in_progress" || state === "errored")).toEqual([]);
    expect(channels.flatMap(({ id }) => slack.world.agent.statuses(id))).toEqual([]);
    const sessions = channels.flatMap(({ id }) => slack.world.agent.sessions(id));
    expect(new Set(sessions.map(({ status }) => status))).toEqual(new Set(["active"]));
  });

  test("only direct messages grow before the reader's eyes", () => {
    const grown = slack.calls.filter(({ method }) => method === "chat.startStream");
    const kinds = grown.map(({ args }) => slack.world.channel(String(args.channel)).kind);
    expect(new Set(kinds)).toEqual(new Set(["im"]));
  });
});

test.each(named)("by socket and by http, word for word: %s", (what) => {
  expect(transcripts.socket.get(what)).toBeDefined();
  expect(transcripts.http.get(what)).toEqual(transcripts.socket.get(what));
});

const placeOf = ({ whom, where }: News): string => (whom === null ? where : `only ${whom.split(" ")[0]} in ${where}`);

/** Without moments, the ids of messages, blocks and turns. */
const timeless = (text: string): string =>
  text
    .replace(/<!date\^[^>]*>/g, "(moment)")
    .replace(/\d{10}\.\d{6}/g, "(ts)")
    .replace(/"block_id":"[^"]*"/g, "")
    .replace(/(turn\\*":)\d+/g, "$1(turn)");

/** A conversation as it goes on. */
class Scene {
  readonly #slack: TestSlack;
  readonly #told: Conversation;
  /** Newest first. */
  #shown: News[] = [];
  /** Where the talk goes on, by place. */
  readonly #roots = new Map<string, string>();
  #last: { where: string; ts: string; who: string } | null = null;
  readonly #offered = new Map<string, Option[]>();

  constructor(slack: TestSlack, told: Conversation) {
    this.#slack = slack;
    this.#told = told;
  }

  async play(): Promise<object[]> {
    const transcript: object[] = [];
    for (const [at, step] of this.#told.steps.entries()) {
      const who = step.who ?? this.#told.who;
      const offered = await this.#does(step, who);
      if ("held" in step) continue;
      const news = await this.#slack.news();
      this.#shown.unshift(...news.toReversed());
      this.#check(`step ${at + 1}`, step, news, offered);
      transcript.push(
        news.map((each) => ({ at: placeOf(each), words: timeless(each.words), whole: timeless(each.whole) })),
      );
    }
    return transcript;
  }

  #check(name: string, step: Step, news: readonly News[], offered: string): void {
    const { where } = this.#told;
    const said = "say" in step ? (step.in ?? where) : where;
    expect({ [name]: news.map(placeOf) }).toEqual({ [name]: step.at ?? [said] });
    const words = [...news.map((each) => each.words), offered].join("\n");
    for (const must of step.sees ?? []) expect(words, name).toMatch(must);
    const whole = news.map((each) => each.whole).join("\n");
    for (const never of step.never ?? []) expect(whole, name).not.toMatch(never);
    if (!("say" in step)) return;
    const answers = news.filter((each) => each.whom === null && each.where === said);
    for (const { thread, ts } of answers) expect([thread, ts], name).toContain(this.#roots.get(said));
  }

  /** Does it, and returns what was offered to choose from. */
  async #does(step: Step, who: string): Promise<string> {
    const slack = this.#slack;
    if ("say" in step) await this.#says(step, who);
    else if ("edit" in step) this.#edits(step.edit);
    else if ("press" in step) await this.#presses(step, who);
    else if ("command" in step) await slack.command(who, this.#told.where, step.command);
    else if ("shortcut" in step) await slack.shortcut(who, step.shortcut, this.#last ?? undefined);
    else if ("type" in step) return this.#types(step, who);
    else if ("pick" in step)
      await slack.choose(who, this.#with(step.pick, who), step.pick, this.#offered.get(step.pick)?.[0]);
    else if ("submit" in step) await this.#submits(step, who);
    else if ("close" in step) slack.closeWindow(who);
    else if ("open" in step) slack.world.openHome(slack.person(who).id, step.open);
    else if ("invite" in step) slack.invite(who, this.#told.where);
    else await this.#stops(who);
    return "";
  }

  async #says({ say, in: place, anew, held }: Extract<Step, { say: string }>, who: string): Promise<void> {
    const where = place ?? this.#told.where;
    const root = anew ? undefined : this.#roots.get(where);
    if (held) this.#slack.hold();
    const ts = this.#slack.say(who, where, say, root);
    this.#roots.set(where, root ?? ts);
    this.#last = { where, ts, who };
    if (held) await this.#slack.taken();
    else this.#slack.goOn();
  }

  #edits(typed: string): void {
    const { where, ts, who } = this.#last!; // something was said before
    this.#slack.edit(who, where, ts, typed);
  }

  async #presses({ press, option, twice }: Extract<Step, { press: string }>, who: string): Promise<void> {
    const on = this.#with(press, who);
    const presses = [
      this.#slack.press(who, on, press, option),
      ...(twice ? [this.#slack.press(who, on, press, option)] : []),
    ];
    expect(await Promise.all(presses)).toEqual(presses.map(() => ({ ok: true })));
  }

  /** The newest thing before somebody's eyes that has such an element. */
  #with(called: string, who: string): News {
    const found = this.#shown.find((each) => this.#slack.sees(who, each) && this.#slack.has(each, called));
    if (!found) throw new Error(`${who} sees nothing with “${called}” in it`);
    return found;
  }

  async #types({ type, words }: Extract<Step, { type: string }>, who: string): Promise<string> {
    const answer = await this.#slack.type(who, this.#with(type, who), type, words);
    if (!answer.ok) throw new Error(answer.failed);
    const options = answer.options as unknown as Option[]; // the playground has checked them
    this.#offered.set(type, options);
    return JSON.stringify(options);
  }

  async #submits({ submit, errors }: Extract<Step, { submit: object }>, who: string): Promise<void> {
    const answer = await this.#slack.submit(who, submit, [...this.#offered.values()].flat());
    if (!errors) return expect(answer).toMatchObject({ ok: true });
    const wrong = Object.entries(errors).map(([field, words]) => [field, expect.stringMatching(words)]);
    expect(answer).toMatchObject({ ok: false, errors: Object.fromEntries(wrong) });
  }

  async #stops(who: string): Promise<void> {
    const { world, playground } = this.#slack;
    const { where, ts } = this.#last!; // something was asked before
    const [channel, thread] = [this.#slack.place(where, who), this.#roots.get(where) ?? ts];
    await soon(() => expect(world.agent.session(channel, thread)?.status).toBe("processing"));
    expect(world.stop(this.#slack.person(who).id, channel, thread)).toBe(true);
    await playground.delivery.events.settled();
    this.#slack.goOn();
  }
}
