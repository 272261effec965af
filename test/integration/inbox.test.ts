import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import {
  type Arrival,
  askToStop,
  type Claimed,
  cancelPosting,
  claim,
  extendLease,
  finish,
  finishPosting,
  forget,
  giveBack,
  inboxState,
  keep,
  LeaseLost,
  lastMessages,
  notePosting,
  postingState,
  retryLater,
  startPosting,
  stopAsked,
} from "#inbox/inbox.ts";
import { emptyWorkspace } from "#workspaces/empty.ts";
import { allWorkspaces } from "#workspaces/workspace.ts";
import { emptyInbox, freshWorkspace } from "../fixtures/database.ts";

let database: Database;
let actor: Actor;

// A worker claims from every workspace, so each test begins with an inbox that holds its own rows only.
beforeEach(async () => {
  ({ database, actor } = await freshWorkspace());
  await emptyInbox(database);
});

const arrival = (key: string, more: Partial<Arrival> = {}): Arrival => ({
  workspaceId: actor.workspaceId,
  key,
  kind: "message",
  lane: key,
  body: { text: `about ${key}` },
  ...more,
});
const taken = (more: { limit?: number; leaseSeconds?: number; worker?: string; lanes?: string[] } = {}) =>
  claim(database, { worker: "one", leaseSeconds: 60, limit: 10, ...more });
const keys = (claimed: Claimed[]) => claimed.map(({ key }) => key);
async function keptAndTaken(key: string, more: Partial<Arrival> = {}): Promise<Claimed> {
  await keep(database, arrival(key, more));
  const [claimed] = await taken({ lanes: [more.lane ?? key] });
  return claimed!;
}
const bodyOf = (key: string) =>
  database.directory((rows) =>
    rows.one(z.object({ body: z.unknown(), state: z.string() }), sql`select body, state from inbox where key = ${key}`),
  );
const PLACE = { channel: "C1", thread: "1700000000.000100" };

test("what Slack sends again is known, also after it was answered, and in its own workspace only", async () => {
  expect(await keep(database, arrival("message:C1:1.1"))).toBe("new");
  expect(await keep(database, arrival("message:C1:1.1", { kind: "event" }))).toBe("seen");
  const [claimed] = await taken();
  expect(claimed).toMatchObject({ kind: "message", attempt: 1, body: { text: "about message:C1:1.1" } });
  expect(await finish(database, claimed!, { state: "done" })).toBe(true);
  expect(await keep(database, arrival("message:C1:1.1"))).toBe("seen");
  const { actor: other } = await freshWorkspace();
  expect(await keep(database, arrival("message:C1:1.1", { workspaceId: other.workspaceId }))).toBe("new");
});

test("the words of an answered question are gone at once; those of a failed one stay to be looked into", async () => {
  await finish(database, await keptAndTaken("good"), { state: "done" });
  await finish(database, await keptAndTaken("bad"), { state: "failed", note: "Slack said\u0000 no" });
  expect(await bodyOf("good")).toEqual({ state: "done", body: null });
  expect(await bodyOf("bad")).toEqual({ state: "failed", body: { text: "about bad" } });
});

test("characters that PostgreSQL does not take are left out, and nothing else is", async () => {
  const body = {
    text: "a\u0000b \ud800 c \\u0000 \\\u0000 👩‍🚀 \\ud800",
    "na\u0000me": ["x", 1, null, true],
    long: "ü".repeat(300_000),
  };
  expect(await keep(database, arrival("odd\u0000", { body }))).toBe("new");
  const [claimed] = await taken();
  expect(claimed).toMatchObject({ key: "odd", lane: "odd" });
  expect(claimed!.body).toEqual({
    text: "ab \ufffd c \\u0000 \\ 👩‍🚀 \\ud800",
    name: ["x", 1, null, true],
    long: body.long,
  });
  await keep(database, arrival("nothing", { body: undefined }));
  expect((await taken())[0]!.body).toBeNull();
});

test("the oldest come first, and the questions of a thread one after the other", async () => {
  for (const [key, lane] of [
    ["a1", "a"],
    ["a2", "a"],
    ["b1", "b"],
    ["a3", "a"],
    ["c1", "c"],
  ] as const)
    await keep(database, arrival(key, { lane }));
  const first = await taken({ limit: 2 });
  expect(keys(first)).toEqual(["a1", "b1"]);
  expect(keys(await taken())).toEqual(["c1"]);
  await finish(database, first[0]!, { state: "failed" });
  const second = await taken();
  expect(keys(second)).toEqual(["a2"]);
  await finish(database, second[0]!, { state: "done" });
  expect(keys(await taken({ lanes: ["b"] }))).toEqual([]);
  expect(keys(await taken({ lanes: ["a"] }))).toEqual(["a3"]);
  expect(await taken({ limit: 0 })).toEqual([]);
});

test("one workspace's thread does not hold up another's of the same name", async () => {
  const { actor: other } = await freshWorkspace();
  await keep(database, arrival("k", { lane: "same" }));
  await keep(database, arrival("k", { lane: "same", workspaceId: other.workspaceId }));
  expect((await taken()).map(({ workspaceId }) => workspaceId)).toEqual([actor.workspaceId, other.workspaceId]);
});

test("an older question that was committed late waits for the one at work, and holds up nobody else", async () => {
  await keptAndTaken("a2", { lane: "a" });
  await keep(database, arrival("a1", { lane: "a" }));
  await keep(database, arrival("b1", { lane: "b" }));
  await database.directory((rows) => rows.run(sql`update inbox set inbox_id = -1 where key = 'a1'`));
  expect(keys(await taken())).toEqual(["b1"]);
});

test("the database itself refuses a second worker in a thread", async () => {
  await keptAndTaken("a1", { lane: "a" });
  await keep(database, arrival("a2", { lane: "a" }));
  await expect(
    database.directory((rows) => rows.run(sql`update inbox set state = 'working' where key = 'a2'`)),
  ).rejects.toThrow(/inbox_lane_taken/);
});

test("what a dead worker had is taken up again, and the dead one may change nothing when it comes back", async () => {
  await keep(database, arrival("q", { lane: "a" }));
  await keep(database, arrival("later", { lane: "a" }));
  const [dead] = await taken({ leaseSeconds: 0, worker: "dead" });
  const [alive] = await taken({ worker: "alive" });
  expect(alive).toMatchObject({ key: "q", attempt: 2 });
  expect(alive!.token).toBeGreaterThan(dead!.token);

  expect(await extendLease(database, dead!, 60)).toBe(false);
  expect(await finish(database, dead!, { state: "done" })).toBe(false);
  expect(await retryLater(database, dead!, 0)).toBe(false);
  await giveBack(database, dead!);
  for (const late of [
    () => startPosting(database, dead!, "answer", PLACE),
    () => notePosting(database, dead!, "answer", "1.1"),
    () => finishPosting(database, dead!, "answer", "1.1"),
    () => cancelPosting(database, dead!, "answer"),
  ])
    await expect(late()).rejects.toBeInstanceOf(LeaseLost);
  expect(await postingState(database, alive!, "answer")).toEqual({ state: "none" });
  expect(await bodyOf("q")).toEqual({ state: "working", body: { text: "about q" } });

  expect(await finish(database, alive!, { state: "done" })).toBe(true);
  expect(await finish(database, alive!, { state: "failed" })).toBe(false);
});

test("a worker that asks for more time keeps its row", async () => {
  await keep(database, arrival("q"));
  const [slow] = await taken({ leaseSeconds: 0 });
  expect(await extendLease(database, slow!, 60)).toBe(true);
  expect(await taken()).toEqual([]);
});

test("while something is being posted nobody else begins, also when the lease was about to run out", async () => {
  await keep(database, arrival("q"));
  const [slow] = await taken({ leaseSeconds: 0 });
  await startPosting(database, slow!, "answer", PLACE);
  expect(await taken()).toEqual([]);
});

test("a message is begun once: after a crash it is unsure, after its end it is known by its ts", async () => {
  await keep(database, arrival("q"));
  const [first] = await taken();
  expect(await postingState(database, first!, "answer")).toEqual({ state: "none" });
  expect(await startPosting(database, first!, "answer", PLACE)).toEqual({ state: "fresh" });
  expect(await startPosting(database, first!, "card", PLACE)).toEqual({ state: "fresh" });
  await notePosting(database, first!, "card", "1700000009.000100");
  await giveBack(database, first!);

  const [second] = await taken();
  const unsure = await startPosting(database, second!, "answer", PLACE);
  expect(unsure).toEqual({ state: "unsure", ts: null, since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });
  expect(await startPosting(database, second!, "card", PLACE)).toMatchObject({
    state: "unsure",
    ts: "1700000009.000100",
  });
  await finishPosting(database, second!, "answer", "1700000010.000100");
  await finishPosting(database, second!, "card", null);
  expect(await startPosting(database, second!, "answer", PLACE)).toEqual({ state: "sent", ts: "1700000010.000100" });
  expect(await postingState(database, second!, "card")).toEqual({ state: "sent", ts: "1700000009.000100" });
});

test("what Slack refused is begun afresh; what stands is not taken back", async () => {
  const claimed = await keptAndTaken("q");
  await startPosting(database, claimed, "answer", PLACE);
  await cancelPosting(database, claimed, "answer");
  expect(await startPosting(database, claimed, "answer", PLACE)).toEqual({ state: "fresh" });
  await finishPosting(database, claimed, "answer", "1.1");
  await cancelPosting(database, claimed, "answer");
  expect(await postingState(database, claimed, "answer")).toEqual({ state: "sent", ts: "1.1" });
});

test("a process that stops gives its work back uncounted; one that failed for a while waits, and its thread with it", async () => {
  const first = await keptAndTaken("q", { lane: "a" });
  await giveBack(database, first);
  const [again] = await taken();
  expect(again).toMatchObject({ key: "q", attempt: 1 });
  expect(again!.token).toBeGreaterThan(first.token);

  await keep(database, arrival("next", { lane: "a" }));
  expect(await retryLater(database, again!, 60)).toBe(true);
  expect(await taken()).toEqual([]);
  await database.directory((rows) => rows.run(sql`update inbox set due_at = now() where key = 'q'`));
  expect(await taken()).toMatchObject([{ key: "q", attempt: 2 }]);
});

test("the stop button reaches the process that is at work, and no other question", async () => {
  const first = await keptAndTaken("q1", { lane: "a" });
  const other = await keptAndTaken("q2", { lane: "b" });
  await keep(database, arrival("q3", { lane: "a" }));
  expect(await stopAsked(database, first)).toBe(false);
  expect(await askToStop(database, { workspaceId: actor.workspaceId, lane: "a" })).toBe(1);
  expect(await askToStop(database, { workspaceId: actor.workspaceId, lane: "a" })).toBe(0);
  expect(await stopAsked(database, first)).toBe(true);
  expect(await stopAsked(database, other)).toBe(false);
  await finish(database, first, { state: "done" });
  const [third] = await taken();
  expect([third!.key, await stopAsked(database, third!)]).toEqual(["q3", false]);
});

test("how the inbox stands is told, and old rows go with what was posted for them", async () => {
  expect(await inboxState(database)).toEqual({ waiting: 0, working: 0, failed: 0, oldestWaitingSeconds: null });
  const done = await keptAndTaken("done");
  await startPosting(database, done, "answer", PLACE);
  await finish(database, done, { state: "done" });
  await finish(database, await keptAndTaken("failed"), { state: "failed" });
  await keptAndTaken("working");
  await keep(database, arrival("waiting"));
  await database.directory((rows) =>
    rows.run(sql`update inbox set received_at = now() - interval '90 seconds' where key = 'waiting'`),
  );
  const state = await inboxState(database);
  expect(state).toMatchObject({ waiting: 1, working: 1, failed: 1 });
  expect(state.oldestWaitingSeconds).toBeGreaterThanOrEqual(90);

  expect(await forget(database, 3)).toBe(0);
  await database.directory((rows) => rows.run(sql`update inbox set done_at = done_at - interval '4 days'`));
  expect(await forget(database, 3)).toBe(2);
  const left = await database.directory((rows) =>
    rows.one(
      z.object({ rows: z.number(), postings: z.number() }),
      sql`select (select count(*) from inbox)::int as rows, (select count(*) from posting)::int as postings`,
    ),
  );
  expect(left).toEqual({ rows: 2, postings: 0 });
  expect(await keep(database, arrival("done"))).toBe("new");
});

test("a catch-up begins at the newest message that each channel is known by", async () => {
  for (const key of ["message:C1:1700000001.000100", "message:C1:1700000002.000100", "message:D2:1700000001.500000"])
    await keep(database, arrival(key));
  await keep(database, arrival("event:Ev1", { kind: "event" }));
  expect(await lastMessages(database, actor.workspaceId)).toEqual([
    { channel: "C1", ts: "1700000002.000100" },
    { channel: "D2", ts: "1700000001.500000" },
  ]);
});

test("those who answer questions cannot read the inbox", async () => {
  await keep(database, arrival("q"));
  const look = database.read(actor, (rows) => rows.many(z.object({ body: z.unknown() }), sql`select body from inbox`));
  await expect(look).rejects.toThrow(/permission denied/);
});

test("an emptied workspace keeps nothing of what was written to it", async () => {
  await startPosting(database, await keptAndTaken("q"), "answer", PLACE);
  const workspace = (await allWorkspaces(database)).find(({ id }) => id === actor.workspaceId)!;
  await emptyWorkspace(database, workspace);
  expect(await inboxState(database)).toMatchObject({ waiting: 0, working: 0 });
});

test("four workers at once take two hundred questions, each once and each thread in its order", async () => {
  const LANES = 40;
  const ROWS = 200;
  for (let at = 0; at < ROWS; at++) await keep(database, arrival(`q${at}`, { lane: `lane${at % LANES}` }));
  const order: string[] = [];
  const atWork = new Set<string>();
  const worker = async (name: string) => {
    while (order.length < ROWS) {
      for (const each of await taken({ worker: name, limit: 5 })) {
        expect(atWork.has(each.lane)).toBe(false);
        atWork.add(each.lane);
        order.push(each.key);
        await startPosting(database, each, "answer", PLACE);
        atWork.delete(each.lane);
        expect(await finish(database, each, { state: "done" })).toBe(true);
      }
    }
  };
  await Promise.all(["w1", "w2", "w3", "w4"].map(worker));
  expect(new Set(order).size).toBe(ROWS);
  expect(order).toHaveLength(ROWS);
  for (let lane = 0; lane < LANES; lane++) {
    const ofLane = order.map((key) => Number(key.slice(1))).filter((at) => at % LANES === lane);
    expect(ofLane).toEqual(ofLane.toSorted((one, other) => one - other));
  }
});
