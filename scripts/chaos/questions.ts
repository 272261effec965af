import { command } from "#playground/delivery/commands.ts";
import type { Playground } from "#playground/server.ts";
import type { PageChange } from "#playground/world/changes.ts";
import { worldWithLarkspur } from "#playground/world/larkspur.ts";
import type { Message } from "#playground/world/shapes.ts";
import type { World } from "#playground/world/world.ts";
import { answerIn, proseOf, questionOf } from "./house.ts";

const COLLEAGUES = 40;
const CHANNELS = 20;

/** A Slack with many people and channels, so that many talk at once. */
export function crowdedWorld(): World {
  const world = worldWithLarkspur();
  const team = world.userNamed("Owen Fairclough").team_id;
  const bot = world.bot(team).id;
  const people = Array.from({ length: COLLEAGUES }, (_, at) => world.addUser({ team, name: `Colleague ${at + 1}` }).id);
  for (let at = 1; at <= CHANNELS; at++) world.addChannel({ team, name: `crowd-${at}`, members: [...people, bot] });
  return world;
}

/** How questions are spread over the ways to ask. */
const SHARES = { direct: 0.6, mention: 0.35 }; // the rest are commands
const SAME_THREAD = 0.3;
const LAST_THREADS = 6;

interface Place {
  channel: string;
  /** Of its last questions. */
  threads: string[];
}

interface Asked {
  number: number;
  way: "direct" | "mention" | "command";
  channel: string;
  /** The thread in which the answer belongs; null for a command. */
  thread: string | null;
  user: string;
}

/** What became of all questions. */
export interface Verdict {
  questions: number;
  direct: number;
  mentions: number;
  /** Commands that were acknowledged; those that were not are told to whoever typed them, by Slack itself. */
  commands: number;
  commandsRefused: number;
  lost: number[];
  twice: number[];
  /** Cut, still growing, or without the end that an answer has. */
  torn: number[];
  /** In another thread than the question's. */
  misplaced: number[];
  /** Messages of the bot that answer nothing: remains, and sentences that it failed. */
  strays: string[];
}

/** Asks numbered questions in a playground, and sees what becomes of each. */
export class Questions {
  readonly #world: World;
  readonly #playground: Playground;
  readonly #bot: string;
  readonly #people: string[];
  readonly #direct = new Map<string, Place>();
  readonly #channels: Place[];
  readonly #asked: Asked[] = [];
  readonly #commands: Promise<void>[] = [];
  #count = 0;
  #refused = 0;
  /** Everything that the bot wrote for many eyes, by thread. The world changes these very objects. */
  readonly #written = new Map<string, Message[]>();
  readonly #whole = new Set<number>();
  readonly #hear: (change: PageChange) => void;

  constructor(playground: Playground) {
    const { world } = playground;
    this.#playground = playground;
    this.#world = world;
    this.#bot = world.bot(world.userNamed("Owen Fairclough").team_id).id;
    this.#people = world.users
      .values()
      .filter((each) => each.name.startsWith("colleague"))
      .map(({ id }) => id)
      .toArray();
    this.#channels = world.channels
      .values()
      .filter((each) => each.name.startsWith("crowd-"))
      .map(({ id }) => ({ channel: id, threads: [] }))
      .toArray();
    this.#hear = (change) => this.#note(change);
    world.on("page", this.#hear);
  }

  /** How many were asked so far. */
  get count(): number {
    return this.#count;
  }

  /** Questions whose whole answer nobody has seen yet. */
  get open(): number {
    return this.#asked.filter(({ number }) => !this.#whole.has(number)).length;
  }

  /** Asks the next question, somewhere. */
  ask(): void {
    const number = ++this.#count;
    const chance = Math.random();
    if (chance < SHARES.direct) this.#say(number, "direct");
    else if (chance < SHARES.direct + SHARES.mention) this.#say(number, "mention");
    else this.#command(number);
  }

  /** Resolves once every command was acknowledged or refused. */
  async commandsSent(): Promise<void> {
    await Promise.all(this.#commands);
  }

  close(): void {
    this.#world.off("page", this.#hear);
  }

  #say(number: number, way: "direct" | "mention"): void {
    const user = anyOf(this.#people);
    const place = way === "direct" ? this.#directOf(user) : anyOf(this.#channels);
    const thread = Math.random() < SAME_THREAD && place.threads.length > 0 ? anyOf(place.threads) : undefined;
    const text = `${way === "mention" ? `<@${this.#bot}> ` : ""}${questionOf(number)}`;
    // Before it is said: the bot may be quicker than we are.
    const asked: Asked = { number, way, channel: place.channel, thread: thread ?? null, user };
    this.#asked.push(asked);
    const { ts } = this.#world.say(user, place.channel, text, thread ? { thread_ts: thread } : {});
    asked.thread = thread ?? ts;
    if (thread === undefined) place.threads = [...place.threads, ts].slice(-LAST_THREADS);
  }

  #command(number: number): void {
    const user = anyOf(this.#people);
    const { channel } = anyOf(this.#channels);
    const asked: Asked = { number, way: "command", channel, thread: null, user };
    this.#asked.push(asked);
    this.#commands.push(
      command(this.#playground.delivery.desk, user, { channel, text: `/perennial ${questionOf(number)}` }).then(
        (answer) => {
          if (answer.ok) return;
          this.#refused += 1;
          this.#asked.splice(this.#asked.indexOf(asked), 1);
        },
      ),
    );
  }

  #directOf(user: string): Place {
    const known = this.#direct.get(user) ?? { channel: this.#world.directMessage(user, this.#bot).id, threads: [] };
    this.#direct.set(user, known);
    return known;
  }

  #note(change: PageChange): void {
    if (change.type === "ephemeral") this.#seen(change.message);
    if (change.type !== "message" && change.type !== "changed" && change.type !== "stream") return;
    const { channel, message } = change;
    if (message.user !== this.#bot) return;
    if (change.type === "message") {
      const key = `${channel} ${message.thread_ts ?? message.ts}`;
      this.#written.set(key, [...(this.#written.get(key) ?? []), message]);
    }
    this.#seen(message);
  }

  #seen(message: Message): void {
    const number = answerIn(proseIn(message));
    if (number !== null && isWhole(message, number)) this.#whole.add(number);
  }

  verdict(): Verdict {
    const verdict: Verdict = {
      ...{ questions: this.#asked.length, direct: 0, mentions: 0, commands: 0, commandsRefused: this.#refused },
      ...{ lost: [], twice: [], torn: [], misplaced: [], strays: [] },
    };
    const places = this.#answersByNumber(verdict);
    for (const asked of this.#asked) {
      if (asked.way === "command") this.#judgeCommand(asked, verdict);
      else judge(asked, places.get(asked.number) ?? [], verdict);
    }
    return verdict;
  }

  #answersByNumber(verdict: Verdict): Map<number, { key: string; message: Message }[]> {
    const places = new Map<number, { key: string; message: Message }[]>();
    for (const [key, messages] of this.#written) {
      for (const message of messages) {
        const number = answerIn(proseIn(message));
        if (number === null) verdict.strays.push(`${key}: ${proseIn(message) || message.text || "(empty)"}`);
        else places.set(number, [...(places.get(number) ?? []), { key, message }]);
      }
    }
    return places;
  }

  /** What only one person sees cannot be looked up after a crash: said again, it must say so. */
  #judgeCommand({ number, user, channel }: Asked, verdict: Verdict): void {
    verdict.commands += 1;
    const answers = this.#world.messages.ephemerals(user, channel).filter((each) => answerIn(proseIn(each)) === number);
    const unmarked = answers.filter((each) => !JSON.stringify(each.blocks ?? each.text).includes("see this twice"));
    if (answers.length === 0) verdict.lost.push(number);
    else if (!answers.some((each) => isWhole(each, number))) verdict.torn.push(number);
    else if (unmarked.length > 1) verdict.twice.push(number);
  }
}

function judge(asked: Asked, answers: { key: string; message: Message }[], verdict: Verdict): void {
  const { number, way, channel, thread } = asked;
  verdict[way === "direct" ? "direct" : "mentions"] += 1;
  if (answers.length === 0) verdict.lost.push(number);
  if (answers.length > 1) verdict.twice.push(number);
  if (answers.some(({ key }) => key !== `${channel} ${thread}`)) verdict.misplaced.push(number);
  if (answers.some(({ message }) => !isWhole(message, number))) verdict.torn.push(number);
}

/** The prose of a message as people read it. */
function proseIn({ blocks = [], text }: Message): string {
  const prose = blocks.map((each) => (each.type === "markdown" ? String(each.text) : "")).join("");
  return prose === "" ? text : prose;
}

function isWhole(message: Message, number: number): boolean {
  const isOver = message.streaming_state !== "in_progress" && message.streaming_state !== "errored";
  const hasEnd = (message.blocks ?? []).some(({ type }) => type === "context_actions");
  return isOver && hasEnd && proseIn(message).trim() === proseOf(number);
}

const anyOf = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)]!; // none of these lists is empty
