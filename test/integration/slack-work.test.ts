import type { App } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { AskAgain, Unavailable } from "#errors.ts";
import { askToStop, claim, keep, lastMessages, startPosting } from "#inbox/inbox.ts";
import { createLog } from "#log.ts";
import { Access, clientOptions, onlyTeam } from "#slack/access.ts";
import { openApp } from "#slack/bolt-app.ts";
import { type JobEnded, slackFault } from "#slack/faults.ts";
import type { SlackHouse } from "#slack/house.ts";
import type { Job } from "#slack/job.ts";
import { markOf } from "#slack/post/mark.ts";
import { arrivalOf } from "#slack/receive/arrival-of.ts";
import { readBody } from "#slack/receive/body.ts";
import { SlackRefusal } from "#slack/refusal.ts";
import { TIMING } from "#slack/timing.ts";
import { catchUp } from "#slack/work/catch-up.ts";
import { Bench } from "#slack/work/perform.ts";
import { Worker } from "#slack/work/worker.ts";
import { emptyInbox, freshWorkspace } from "../fixtures/database.ts";
import { BOT, RecordingSlack } from "../fixtures/recording-slack.ts";
import { soon } from "../fixtures/soon.ts";

const log = createLog("silent");
const HASTE = { ...TIMING, settle: 1, flush: 1, poll: 20, drain: 100, call: 60_000 };

let slack: RecordingSlack;
let database: Database;
let workspaceId: number;
let workers: Worker[];
/** Each test has a Slack team of its own. */
let team: string;

beforeEach(async () => {
  slack = await RecordingSlack.start();
  const fresh = await freshWorkspace();
  database = fresh.database;
  workspaceId = fresh.actor.workspaceId;
  team = `T${workspaceId}`;
  workers = [];
  await emptyInbox(database);
});
afterEach(async () => {
  await Promise.all(workers.map((each) => each.drain()));
  await slack.close();
});

type Listener = (job: Job, event: { text: string; channel: string; ts: string; thread_ts?: string }) => Promise<void>;

/** A process with a worker whose only listener is this one. */
function open(listener: Listener, timing: Partial<typeof HASTE> = {}) {
  const calling = clientOptions({ apiUrl: slack.apiUrl, log, timeout: HASTE.call });
  const access = new Access(onlyTeam({ ...BOT, teamId: team }), log);
  const app: App = openApp(access, calling, log);
  app.message(async ({ event, context }) => listener(context.job as Job, event as Parameters<Listener>[1]));
  app.event("app_home_opened", () => Promise.reject(new Error("no Home here")));
  const house = {
    log,
    database,
    workspaceForTeam: async ({ id }: { id: string }) => (id === team ? { id: workspaceId } : null),
  } as unknown as SlackHouse; // as much of the house as a worker touches
  const patience = { ...HASTE, ...timing };
  const askerOf = async () => Promise.reject(new Error("nobody asks here"));
  const bench = new Bench(app, {
    house,
    access,
    askerOf,
    clientOptions: calling,
    apiUrl: slack.apiUrl,
    timing: patience,
  });
  const worker = new Worker({ database, log, timing: patience, perform: (running) => bench.perform(running) });
  workers.push(worker);
  return { worker, bench, access };
}

const answer: Listener = async (job, { channel, ts, thread_ts: thread, text }) => {
  await job.post.message("answer", { channel, thread: thread ?? ts }, { text: `You asked: ${text}`, blocks: [] });
};

const bodyOf = (text: string, more: object = {}) => ({
  type: "event_callback",
  team_id: team,
  authorizations: [{ team_id: team, user_id: BOT.botUserId }],
  event: { type: "message", channel: "D1", channel_type: "im", user: "U1", text, ts: "1700000000.000001", ...more },
});

/** As if it had come in by Slack. */
async function arrives(text: string, more: object = {}): Promise<void> {
  const body = bodyOf(text, more);
  const what = arrivalOf(readBody(body)!, BOT.botUserId);
  if (what === null || what === "at once") throw new Error("not kept");
  await keep(database, { ...what, workspaceId, body });
}

const rows = () =>
  database.directory((reading) =>
    reading.many(
      z.object({ key: z.string(), state: z.string(), attempts: z.number(), note: z.string().nullable() }),
      sql`select key, state, attempts, note from inbox where workspace_id = ${workspaceId} order by inbox_id`,
    ),
  );
const states = async () => (await rows()).map((each) => each.state);
const isOver = (...expected: string[]) => soon(async () => expect(await states()).toEqual(expected));
const texts = (channel: string) => slack.in(channel).map((each) => each.text);
const leasesRunOut = () =>
  database.maintain((writing) => writing.run(sql`update inbox set lease_until = now() where state = 'working'`));

/** A process that claimed everything and was killed. */
const claimAndDie = async () => {
  const claimed = await claim(database, { worker: "dead", leaseSeconds: 30, limit: 10 });
  return { claimed, leasesRunOut };
};

describe("a question", () => {
  test("that was written down is answered, and its words are kept no longer", async () => {
    await arrives("Is Acme at risk?");
    open(answer).worker.start();
    await isOver("done");
    expect(texts("D1")).toEqual(["You asked: Is Acme at risk?"]);
    const kept = await database.directory((reading) =>
      reading.one(z.object({ body: z.unknown() }), sql`select body from inbox where workspace_id = ${workspaceId}`),
    );
    expect(kept.body).toBeNull();
  });

  test("of a thread waits for the one before it, and other threads do not", async () => {
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    await arrives("first", { ts: "1.1" });
    await arrives("second", { ts: "1.2", thread_ts: "1.1" });
    await arrives("elsewhere", { ts: "1.3" });
    open(async (_, { text }) => {
      if (text === "first") await gate.promise;
      order.push(text);
      if (text === "elsewhere") gate.resolve();
    }).worker.start();
    await isOver("done", "done", "done");
    expect(order).toEqual(["elsewhere", "first", "second"]);
  });
});

describe("killed", () => {
  test("after the question was written down: the next process answers it", async () => {
    await arrives("Acme?");
    open(answer).worker.start();
    await isOver("done");
    expect(texts("D1")).toEqual(["You asked: Acme?"]);
  });

  test("after it was claimed: it is answered when the lease has run out", async () => {
    await arrives("Acme?");
    const dead = await claimAndDie();
    open(answer).worker.start();
    expect(await states()).toEqual(["working"]);
    await dead.leasesRunOut();
    await isOver("done");
    expect(texts("D1")).toEqual(["You asked: Acme?"]);
  });

  test("after the answer reached Slack and nobody noted it: it is not answered again", async () => {
    await arrives("Acme?");
    const { claimed } = await claimAndDie();
    const place = { channel: "D1", thread: "1700000000.000001" };
    await startPosting(database, claimed[0]!, "answer", place);
    slack.write({
      channel: "D1",
      thread_ts: place.thread,
      user: BOT.botUserId,
      text: "The first answer",
      metadata: markOf(claimed[0]!, "answer"),
    });
    await leasesRunOut();
    open(answer).worker.start();
    await isOver("done");
    expect(texts("D1")).toEqual(["The first answer"]);
  });

  test("again and again by one question: it is given up with a sentence, and does not end the next process", async () => {
    await arrives("poison");
    await database.directory((writing) =>
      writing.run(sql`update inbox set attempts = 8 where workspace_id = ${workspaceId}`),
    );
    const listener = vi.fn(answer);
    open(listener).worker.start();
    await isOver("failed");
    expect(listener).not.toHaveBeenCalled();
    expect(texts("D1")[0]).toMatch(/failed on my side \(ref \w+\)/);
  });

  test("while two processes work: each question is answered once", async () => {
    for (let at = 0; at < 30; at++) await arrives(`q${at}`, { ts: `2.${at}` });
    open(answer).worker.start();
    open(answer).worker.start();
    await soon(async () => expect(new Set(await states())).toEqual(new Set(["done"])));
    expect(texts("D1").toSorted()).toEqual(Array.from({ length: 30 }, (_, at) => `You asked: q${at}`).toSorted());
  });
});

describe("what went wrong", () => {
  test("somebody who may not ask is told why, and only they see it in a channel", async () => {
    await arrives("<@UBOT> Acme?", { channel: "C1", channel_type: "channel" });
    open(() => Promise.reject(new SlackRefusal("Guests cannot ask me."))).worker.start();
    await isOver("done");
    expect(slack.made("chat.postEphemeral")).toMatchObject([
      { channel: "C1", user: "U1", text: "Guests cannot ask me." },
    ]);
    expect(texts("C1")).toEqual([]);
  });

  test("what nobody waits for is not told to anybody", async () => {
    const body = {
      ...bodyOf(""),
      event_id: "Ev1",
      event: { type: "app_home_opened", user: "U1", channel: "D1", tab: "home" },
    };
    const what = arrivalOf(readBody(body)!, BOT.botUserId);
    await keep(database, { ...(what as { key: string; kind: "event"; lane: string }), workspaceId, body });
    open(answer).worker.start();
    await isOver("failed");
    expect(slack.messages).toEqual([]);
  });

  test("bots get no answer at all", async () => {
    await arrives("beep");
    open(() => Promise.reject(new SlackRefusal("a bot", { quiet: true }))).worker.start();
    await isOver("done");
    expect(slack.messages).toEqual([]);
  });

  test("what the asker can put right is said in the thread", async () => {
    await arrives("Acme?");
    open(() => Promise.reject(new AskAgain("Which one: Acme Ltd, Acme Inc?"))).worker.start();
    await isOver("done");
    expect(slack.in("D1")).toMatchObject([{ text: "Which one: Acme Ltd, Acme Inc?", thread_ts: "1700000000.000001" }]);
  });

  test("a fault of ours has a reference and no inner words", async () => {
    await arrives("Acme?");
    open(() => Promise.reject(new Error("relation account_secret does not exist"))).worker.start();
    await isOver("failed");
    expect(texts("D1")[0]).toMatch(/^That failed on my side \(ref \w+\)\.$/);
  });

  test("what may pass is tried again, and then told", async () => {
    let times = 0;
    await arrives("Acme?");
    open(async () => {
      times += 1;
      await database.maintain((writing) => writing.run(sql`select 1`));
      throw new Unavailable("The database went away. Ask again in a moment.");
    }).worker.start();
    await soon(async () => {
      await database.maintain((w) => w.run(sql`update inbox set due_at = now() where state = 'waiting'`));
      expect(await states()).toEqual(["failed"]);
    });
    expect(times).toBe(3);
    expect(texts("D1")).toEqual(["The database went away. Ask again in a moment."]);
  });

  test("in an archived channel the person is told in a direct message", async () => {
    await arrives("<@UBOT> Acme?", { channel: "C1", channel_type: "channel" });
    open(() => Promise.reject(slackFault("is_archived"))).worker.start();
    await isOver("failed");
    expect(texts("DU1")[0]).toMatch(/archived/);
    expect(texts("C1")).toEqual([]);
  });

  test("a half-grown answer ends with the sentence instead of hanging", async () => {
    await arrives("Acme?");
    open(async (job) => {
      const stream = await job.post.stream(
        "answer",
        { channel: "D1", thread: "1700000000.000001" },
        { userId: "U1", teamId: team },
      );
      stream.append("Acme is ");
      await soon(() => expect(slack.in("D1")).toHaveLength(1));
      throw new Error("inner");
    }).worker.start();
    await isOver("failed");
    expect(texts("D1")).toEqual([expect.stringMatching(/failed on my side/)]);
  });

  test("the half that a killed process left ends with the sentence too, and a whole answer stays alone", async () => {
    const place = { channel: "D1", thread: "1700000000.000001" };
    for (const whole of [false, true]) {
      await arrives("Acme?", { ts: whole ? "1700000000.000002" : "1700000000.000001", thread_ts: place.thread });
      const { claimed } = await claimAndDie();
      await startPosting(database, claimed[0]!, "answer", place);
      slack.write({
        ...{ channel: "D1", thread_ts: place.thread, user: BOT.botUserId, text: whole ? "whole" : "half" },
        ...(whole ? { metadata: markOf(claimed[0]!, "answer") } : { streaming: true }),
      });
      await leasesRunOut();
      const { worker } = open(() => Promise.reject(new AskAgain("Which one: Acme Ltd, Acme Inc?")));
      worker.start();
      await isOver(...(whole ? ["done", "done"] : ["done"]));
      await worker.drain();
    }
    expect(texts("D1")).toEqual(["Which one: Acme Ltd, Acme Inc?", "whole"]);
  });

  test("a team whose token is revoked is not spoken to any more", async () => {
    await arrives("one", { ts: "3.1" });
    const { worker } = open(answer);
    slack.plan("chat.postMessage", { error: "token_revoked" });
    worker.start();
    await isOver("failed");
    const before = slack.calls.length;
    await arrives("two", { ts: "3.2" });
    await isOver("failed", "failed");
    expect(slack.calls.length).toBe(before);
  });
});

describe("the stop button", () => {
  const waiting = () => {
    const begun = Promise.withResolvers<void>();
    const reasons: string[] = [];
    const listener: Listener = async (job) => {
      begun.resolve();
      await new Promise((_, reject) => job.signal.addEventListener("abort", () => reject(job.signal.reason))).catch(
        (why) => {
          reasons.push((why as JobEnded).why);
          throw why;
        },
      );
    };
    return { begun: begun.promise, reasons, listener };
  };

  test("ends the work of that thread, and says so", async () => {
    const { begun, reasons, listener } = waiting();
    await arrives("Acme?");
    const { worker } = open(listener);
    worker.start();
    await begun;
    worker.stopTalk({ workspaceId, talk: "D1:some.other" });
    worker.stopTalk({ workspaceId, talk: "D1:1700000000.000001" });
    await isOver("done");
    expect(reasons).toEqual(["stopped"]);
    expect(texts("D1")).toEqual(["Stopped."]);
  });

  test("pressed at another process, it ends the work here", async () => {
    const { begun, listener } = waiting();
    await arrives("Acme?");
    open(listener, { extend: 20 }).worker.start();
    await begun;
    await askToStop(database, { workspaceId, lane: "D1:1700000000.000001" });
    await isOver("done");
    expect(texts("D1")).toEqual(["Stopped."]);
  });
});

describe("at shutdown", () => {
  test("a running job may finish", async () => {
    await arrives("Acme?");
    const begun = Promise.withResolvers<void>();
    const { worker } = open(
      async (job, event) => {
        begun.resolve();
        await new Promise((resolve) => setTimeout(resolve, 50));
        await answer(job, event);
      },
      { drain: 60_000 },
    );
    worker.start();
    await begun.promise;
    await worker.drain();
    expect(await states()).toEqual(["done"]);
  });

  test("one that takes too long is given back, its attempt not counted, and answered once by the next process", async () => {
    const reasons: string[] = [];
    await arrives("Acme?");
    const begun = Promise.withResolvers<void>();
    const { worker } = open(async (job, event) => {
      begun.resolve();
      await new Promise((resolve) => job.signal.addEventListener("abort", resolve));
      reasons.push((job.signal.reason as JobEnded).why);
      await answer(job, event);
    });
    worker.start();
    await begun.promise;
    await worker.drain();
    expect(reasons).toEqual(["shutdown"]);
    expect(await rows()).toMatchObject([{ state: "waiting", attempts: 0 }]);
    expect(texts("D1")).toEqual([]);
    open(answer).worker.start();
    await isOver("done");
    expect(texts("D1")).toEqual(["You asked: Acme?"]);
  });
});

describe("a job that another process has taken over", () => {
  test("is ended here and says nothing", async () => {
    await arrives("Acme?");
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<string>();
    const { worker } = open(
      async (job, event) => {
        begun.resolve();
        await new Promise((resolve) => job.signal.addEventListener("abort", resolve));
        ended.resolve((job.signal.reason as JobEnded).why);
        await answer(job, event);
      },
      { extend: 20 },
    );
    worker.start();
    await begun.promise;
    await database.maintain((writing) =>
      writing.run(sql`update inbox set lease_token = lease_token + 1 where workspace_id = ${workspaceId}`),
    );
    expect(await ended.promise).toBe("lost");
    await worker.drain();
    expect(texts("D1")).toEqual([]);
  });
});

describe("what was said while nobody listened", () => {
  const caughtUp = (bench: Bench, access: Access, onNew = () => undefined) =>
    access.of(team).then(async (found) =>
      catchUp({
        database,
        log,
        calls: bench.calls(found!, new AbortController().signal),
        access: found!,
        workspaceId,
        known: await lastMessages(database, workspaceId),
        onNew,
      }),
    );

  test("is taken up where the bot was asked before: in the channel and in its threads, once", async () => {
    const first = slack.write({ channel: "D1", text: "before" });
    await arrives("before", { ts: first.ts });
    slack.write({ channel: "D1", text: "missed" });
    slack.write({ channel: "D1", text: "missed in the thread", thread_ts: first.ts });
    slack.write({ channel: "D1", text: "our own", user: BOT.botUserId });
    slack.write({ channel: "D2", text: "never asked here" });
    const { worker, bench, access } = open(answer);
    expect(await caughtUp(bench, access)).toBe(2);
    expect(await caughtUp(bench, access)).toBe(0);
    worker.start();
    await isOver("done", "done", "done");
    expect(texts("D1").filter((each) => each.startsWith("You asked"))).toEqual(
      expect.arrayContaining(["You asked: missed", "You asked: missed in the thread"]),
    );
  });

  test("in channels only what names the bot", async () => {
    const first = slack.write({ channel: "C1", text: "<@UBOT> before" });
    await arrives("<@UBOT> before", { channel: "C1", channel_type: "channel", ts: first.ts });
    slack.write({ channel: "C1", text: "lunch?" });
    slack.write({ channel: "C1", text: "<@UBOT> missed" });
    const { bench, access } = open(answer);
    expect(await caughtUp(bench, access)).toBe(1);
  });

  test("a channel that is closed to us by now does not keep the others back", async () => {
    for (const channel of ["D1", "D2"]) {
      const first = slack.write({ channel, text: "before" });
      await arrives("before", { channel, ts: first.ts });
      slack.write({ channel, text: "missed" });
    }
    slack.plan("conversations.history", { error: "channel_not_found" });
    const { bench, access } = open(answer);
    expect(await caughtUp(bench, access)).toBe(1);
  });
});
