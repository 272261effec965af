import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "#database/door.ts";
import { createLog } from "#log.ts";
import { type Playground, startPlayground } from "#playground/server.ts";
import type { SlackSettings } from "#slack/settings.ts";
import type { Timing } from "#slack/timing.ts";
import { openBalancer } from "./balancer.ts";
import { type Bot, ProcessBot } from "./bots.ts";
import { Flock } from "./flock.ts";
import { HouseBot } from "./house-bot.ts";
import { crowdedWorld, Questions, type Verdict } from "./questions.ts";
import { type Deliveries, Trouble } from "./trouble.ts";

export interface ChaosOptions {
  /** Questions at least; they go on for as long as bots are disturbed. */
  events: number;
  /** SIGKILLs at random points. */
  kills: number;
  /** Rolling restarts: each replica in turn is ended by SIGTERM and replaced. */
  restarts: number;
  /** Sockets that are told to go, one at a time. */
  refreshes: number;
  replicas: number;
  transport: "socket" | "http";
  perSecond: number;
  /** Shares, 0 to 1. */
  duplicates: number;
  lostReplies: number;
  /** How long the agent thinks at most, ms. */
  thinks: number;
  /** A migrated database: PostgreSQL at `url`, the embedded one in `folder`; or one that is open, for bots inside this process. */
  place: { url: string } | { folder: string } | { database: Database };
  /** For tests: what killed processes had is taken up at once, not when its lease has run out, and late things come sooner. */
  hurry: boolean;
  logLevel?: string;
  tell?: (words: string) => void;
}

export interface ChaosResult extends Deliveries, Verdict {
  kills: number;
  restarts: number;
  refreshes: number;
  /** The least of open sockets that was seen while events came; null over HTTP. */
  fewestSockets: number | null;
  crashes: string[];
  /** How long each SIGTERM took, ms. */
  drains: number[];
  seconds: number;
  /** From the last question until the inbox was empty. */
  tailSeconds: number;
  /** What the inbox still held at the end. */
  left: { waiting: number; working: number; failed: number };
}

// Slack's own waits, a hundred times shorter, and more of them: a bot that starts anew is away for a second or two.
const REDELIVER = [10, 300, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000];
const TIMING: Partial<Timing> = { flush: 50, settle: 200, stagger: 300, poll: 250 };
const BUSY_MS = 60_000; // a test must not fail because its machine is busy: then Slack waits longer than its 3 seconds
const MOST_OPEN = 300; // questions at a time; people would not ask on for ever either
const PATIENCE_MS = 120_000; // after the last question; a dead process's leases last 30 s
const LAST_QUESTIONS = 40;
const AFTERWARDS_PER_SECOND = 3;

/** Asks that many questions while bots are killed, restarted or cut off, and says what became of each. */
export async function chaos(options: ChaosOptions): Promise<ChaosResult> {
  const begun = performance.now();
  const temporary = mkdtempSync(join(tmpdir(), "perennial-chaos-"));
  const stage = await openStage(options, temporary);
  try {
    await stage.flock.open();
    const balancer = stage.balancer;
    if (balancer) await stage.playground.setRequestUrl(balancer.url);
    const fewest = watchSockets(stage.playground, options);
    let isDisturbed = true;
    const disturbed = disturb(stage, options).finally(() => {
      isDisturbed = false;
    });
    await Promise.all([askWhile(() => isDisturbed, stage.questions, options), disturbed]);
    const asked = performance.now();
    await lastDrain(stage, options);
    await stage.trouble.lastDuplicates();
    await stage.questions.commandsSent();
    const left = await settled(stage);
    const tailSeconds = (performance.now() - asked) / 1000;
    const fewestSockets = fewest();
    await stage.flock.close();
    const { kills, crashes, drains } = stage.flock;
    return {
      ...stage.trouble.counted,
      ...stage.questions.verdict(),
      ...{ kills, crashes, drains, restarts: options.restarts, refreshes: options.refreshes, fewestSockets },
      ...{ seconds: (performance.now() - begun) / 1000, tailSeconds, left },
    };
  } finally {
    await stage.close();
    rmSync(temporary, { recursive: true, force: true });
  }
}

type Stage = Awaited<ReturnType<typeof openStage>>;

async function openStage(options: ChaosOptions, temporary: string) {
  const log = createLog("silent");
  const playground = await startPlayground({
    ...{ world: crowdedWorld(), port: 0, log },
    spans: { redeliver: REDELIVER, linger: 1_000, ...(options.hurry ? { ack: BUSY_MS } : {}) },
  });
  const balancer = options.transport === "http" ? await openBalancer() : null;
  const start = starting(options, settingsFor(playground, options.transport), temporary);
  const flock = new Flock({ replicas: options.replicas, start, balancer });
  const questions = new Questions(playground);
  const trouble = new Trouble(playground, { ...options, latest: options.hurry ? 1_000 : 8_000 });
  return {
    ...{ playground, balancer, flock, questions, trouble },
    async close() {
      await flock.close();
      questions.close();
      balancer?.close();
      await playground.close();
    },
  };
}

/** How a bot is started: in a process of its own, or in this one. */
function starting(options: ChaosOptions, settings: SlackSettings, temporary: string): (dead: readonly number[]) => Bot {
  const { place, hurry, thinks, logLevel = "silent" } = options;
  const timing = hurry ? { ...TIMING, acknowledge: BUSY_MS } : TIMING;
  const common = { settings, timing, thinks, logLevel };
  if ("database" in place) return () => new HouseBot({ ...common, database: place.database });
  const at = "url" in place ? { url: place.url, folder: "unused" } : { url: null, folder: place.folder };
  return (dead) => new ProcessBot({ ...common, ...at, dead: hurry ? [...dead] : [] }, temporary);
}

function settingsFor({ apiUrl, tokens }: Playground, transport: ChaosOptions["transport"]): SlackSettings {
  return {
    transport:
      transport === "socket"
        ? { kind: "socket", appToken: tokens.app }
        : { kind: "http", signingSecret: tokens.signingSecret, port: 0, host: "127.0.0.1" },
    team: { kind: "token", botToken: tokens.bot },
    ...{ tokenKeys: [], apiUrl, crmLinks: [] },
  };
}

/** As many questions as are asked for, and a few more for as long as something is done to the bots. */
async function askWhile(isDisturbed: () => boolean, questions: Questions, options: ChaosOptions): Promise<void> {
  const { events, perSecond, tell } = options;
  await atRate(questions, perSecond, () => questions.count < events, tell);
  await atRate(questions, AFTERWARDS_PER_SECOND, isDisturbed, tell);
}

async function atRate(
  questions: Questions,
  perSecond: number,
  goesOn: () => boolean,
  tell: ChaosOptions["tell"],
): Promise<void> {
  const before = questions.count;
  let spent = 0; // ms in which questions were asked; while too many are open, nobody asks
  while (goesOn()) {
    const due = before + Math.floor((spent / 1000) * perSecond) + 1;
    while (questions.count < due && goesOn()) {
      questions.ask();
      if (questions.count % 500 === 0) tell?.(`${questions.count} asked, ${questions.open} open`);
    }
    const from = performance.now();
    await wait(10);
    if (questions.open < MOST_OPEN) spent += performance.now() - from;
  }
}

/** All that is done to bots while questions come, spread over them. */
async function disturb(stage: Stage, options: ChaosOptions): Promise<void> {
  const { flock, questions } = stage;
  const at = async (share: number) => {
    while (questions.count < share * options.events) await wait(5);
  };
  const spread = async (times: number, work: (nth: number) => Promise<void>) => {
    for (let nth = 0; nth < times; nth++) {
      await at((nth + Math.random()) / times);
      await work(nth);
    }
  };
  await Promise.all([
    spread(options.kills, async (nth) => {
      const slot = nth % flock.size;
      await flock.at(slot);
      await wait(Math.random() * 400);
      await flock.kill(slot);
    }),
    spread(options.restarts, async () => {
      for (let slot = 0; slot < flock.size; slot++) await flock.restart(slot);
    }),
    spread(options.refreshes, () => refresh(stage.playground)),
  ]);
}

/** Slack ends one of several sockets, while the others are there; as it does about every hour. */
async function refresh({ delivery: { sockets } }: Playground): Promise<void> {
  while (sockets.connections < 2) await wait(5);
  await sockets.refreshOne();
}

/** A last SIGTERM in the middle of work, and what it left is finished by a successor. */
async function lastDrain({ flock, questions }: Stage, { kills, hurry }: ChaosOptions): Promise<void> {
  if (kills === 0 || hurry) return;
  for (let nth = 0; nth < LAST_QUESTIONS; nth++) questions.ask();
  await wait(150);
  await Promise.all(Array.from({ length: flock.size }, (_, slot) => flock.restart(slot)));
}

async function settled({ flock, questions, playground }: Stage): Promise<ChaosResult["left"]> {
  const late = performance.now() + PATIENCE_MS;
  for (;;) {
    const inbox = (await flock.state())?.inbox;
    if (inbox && ((inbox.waiting === 0 && inbox.working === 0 && questions.open === 0) || performance.now() > late)) {
      if (performance.now() < late) await playground.delivery.events.settled();
      const { waiting, working, failed } = inbox;
      return { waiting, working, failed };
    }
    await wait(100);
  }
}

/** The fewest sockets at once, from the first event on; read at the end. */
function watchSockets({ delivery, world }: Playground, { transport }: ChaosOptions): () => number | null {
  if (transport === "http") return () => null;
  let fewest = Number.POSITIVE_INFINITY;
  const look = () => {
    fewest = Math.min(fewest, delivery.sockets.connections);
  };
  world.on("app", look);
  return () => {
    world.off("app", look);
    return fewest;
  };
}
