import { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type Claimed, claim, keep, LeaseLost, notePosting, startPosting } from "#inbox/inbox.ts";
import { createLog } from "#log.ts";
import { clientOptions } from "#slack/access.ts";
import { SlackFault } from "#slack/faults.ts";
import type { Message } from "#slack/message.ts";
import { Calls, RateLimits } from "#slack/post/calls.ts";
import { markOf } from "#slack/post/mark.ts";
import { Queues } from "#slack/post/queues.ts";
import { SlackPoster } from "#slack/post/slack-poster.ts";
import { TIMING, type Timing } from "#slack/timing.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { BOT, RecordingSlack } from "../fixtures/recording-slack.ts";
import { soon } from "../fixtures/soon.ts";

const log = createLog("silent");
const HASTE: Timing = { ...TIMING, settle: 1, flush: 1, call: 60_000 };
const READER = { userId: "U1", teamId: BOT.teamId };
const THREAD = { channel: "D1", thread: "1700000000.000001" };

let slack: RecordingSlack;
let database: Database;
let claimed: Claimed;
let lane: string;
let shared: { limits: RateLimits; queues: Queues };

beforeEach(async () => {
  slack = await RecordingSlack.start();
  shared = { limits: new RateLimits(), queues: new Queues() };
  const fresh = await freshWorkspace();
  database = fresh.database;
  const { workspaceId } = fresh.actor;
  lane = `post-${workspaceId}`;
  await keep(database, { workspaceId, key: "message:D1:1", kind: "message", lane, body: {} });
  claimed = await claimAgain();
});
afterEach(() => slack.close());

/** The next attempt at the same job, as if the process before had died some time ago. */
async function claimAgain(): Promise<Claimed> {
  await database.maintain((rows) => rows.run(sql`update inbox set lease_until = now() where state = 'working'`));
  const [mine] = await claim(database, { worker: "test", leaseSeconds: 30, limit: 1, lanes: [lane] });
  return mine!;
}

const poster = (of: Claimed = claimed, timing: Partial<Timing> = {}, signal = new AbortController().signal) => {
  const options = clientOptions({ apiUrl: slack.apiUrl, log, timeout: HASTE.call });
  const client = new WebClient(BOT.botToken, options);
  return new SlackPoster({
    database,
    claimed: of,
    calls: new Calls({ client, teamId: BOT.teamId, limits: shared.limits, signal, patience: 60_000 }),
    queues: shared.queues,
    teamId: BOT.teamId,
    botUserId: BOT.botUserId,
    apiUrl: slack.apiUrl,
    log,
    timing: { ...HASTE, ...timing },
    directMessages: new Map(),
  });
};

const says = (text: string, blocks: Message["blocks"] = []): Message => ({ text, blocks });
const section = (text: string): Message["blocks"][number] => ({ type: "section", text: { type: "mrkdwn", text } });
const texts = (channel: string) => slack.in(channel).map((each) => each.text);
const posting = (part: string) =>
  database.directory((rows) =>
    rows.maybe(
      z.object({ state: z.string(), ts: z.string().nullable() }),
      sql`select state, ts from posting where inbox_id = ${claimed.inboxId} and part = ${part}`,
    ),
  );

describe("a message", () => {
  test("is posted with our mark, and so that nothing in it links, mentions or unfurls by itself", async () => {
    const ts = await poster().message("answer", THREAD, says("<!channel> is only text", [section("Acme")]));
    const [message] = slack.in("D1");
    expect(message).toMatchObject({ ts, thread_ts: THREAD.thread, metadata: markOf(claimed, "answer") });
    expect(slack.made("chat.postMessage")[0]).toMatchObject({
      parse: "none",
      link_names: "false",
      unfurl_links: "false",
      unfurl_media: "false",
    });
  });

  test("said twice by one job stands once", async () => {
    const post = poster();
    const first = await post.message("answer", THREAD, says("42"));
    expect(await post.message("answer", THREAD, says("42"))).toBe(first);
    expect(texts("D1")).toEqual(["42"]);
  });

  test("messages of a channel stand in the order in which they were said", async () => {
    const post = poster();
    const parts = ["a", "b", "c", "d", "e"];
    await Promise.all(parts.map((each) => post.message(each, { channel: "C1" }, says(each))));
    expect(texts("C1")).toEqual(parts);
  });
});

describe("killed", () => {
  test("after the part was marked and before it was posted: the next attempt posts it", async () => {
    await startPosting(database, claimed, "answer", THREAD);
    const next = await claimAgain();
    await poster(next).message("answer", THREAD, says("42"));
    expect(texts("D1")).toEqual(["42"]);
  });

  test("after Slack stored it and before its reply came: the next attempt finds it", async () => {
    await startPosting(database, claimed, "answer", THREAD);
    const dead = slack.write({
      channel: "D1",
      thread_ts: THREAD.thread,
      user: BOT.botUserId,
      text: "42",
      metadata: markOf(claimed, "answer"),
    });
    const next = await claimAgain();
    expect(await poster(next).message("answer", THREAD, says("42"))).toBe(dead.ts);
    expect(texts("D1")).toEqual(["42"]);
    expect(await posting("answer")).toEqual({ state: "sent", ts: dead.ts });
  });

  test("after it was noted as sent: the next attempt says nothing", async () => {
    const ts = await poster().message("answer", { channel: "C1" }, says("42"));
    const next = await claimAgain();
    expect(await poster(next).message("answer", { channel: "C1" }, says("42"))).toBe(ts);
    expect(texts("C1")).toEqual(["42"]);
  });

  test("and another has the job by now: nothing is posted any more", async () => {
    const late = poster(claimed);
    await claimAgain();
    await expect(late.message("answer", THREAD, says("42"))).rejects.toThrow(LeaseLost);
    expect(slack.made("chat.postMessage")).toEqual([]);
  });

  test("shutting down, it says nothing any more", async () => {
    const ended = AbortSignal.abort(new Error("over"));
    await expect(poster(claimed, {}, ended).message("answer", THREAD, says("42"))).rejects.toThrow("over");
    expect(texts("D1")).toEqual([]);
  });
});

describe("Slack in trouble", () => {
  test.each([
    ["the reply is lost", "lost"],
    ["the connection breaks before", "cut"],
    ["an HTTP error", { status: 502 }],
    ["internal_error", { error: "internal_error" }],
  ] as const)("%s: the message stands once", async (_, trouble) => {
    slack.plan("chat.postMessage", trouble);
    await poster().message("answer", THREAD, says("42"));
    expect(texts("D1")).toEqual(["42"]);
  });

  test("a rate limit holds up its channel alone, and keeps the order there", async () => {
    const elsewhere = Promise.withResolvers<void>();
    slack.plan("chat.postMessage", { limited: 1 });
    slack.held.set("C1", elsewhere.promise); // a busy machine may take longer elsewhere than the limit lasts
    const post = poster();
    const slow = Promise.all([
      post.message("a", { channel: "C1" }, says("first")),
      post.message("b", { channel: "C1" }, says("second")),
    ]);
    await post.message("c", { channel: "C2" }, says("elsewhere"));
    elsewhere.resolve();
    await slow;
    expect(slack.messages.map((each) => each.text)).toEqual(["elsewhere", "first", "second"]);
  });

  test("blocks that Slack refuses are left out, and the text says all of it", async () => {
    slack.plan("chat.postMessage", { error: "invalid_blocks" });
    await poster().message("answer", THREAD, says("Acme is at risk", [section("Acme")]));
    expect(slack.in("D1")).toMatchObject([{ text: "Acme is at risk", blocks: [] }]);
  });

  test("a message that is too long is cut, and says so", async () => {
    slack.plan("chat.postMessage", { error: "msg_too_long" });
    await poster().message("answer", THREAD, says("long ".repeat(9_000)));
    expect(texts("D1")[0]).toMatch(/Ask for less/);
    expect(texts("D1")[0]!.length).toBeLessThan(4_000);
  });

  test("a channel that is gone is told to the person, and the next attempt looks up nothing", async () => {
    slack.plan("chat.postMessage", { error: "channel_not_found" });
    const refused = poster().message("answer", { channel: "C9" }, says("42"));
    await expect(refused).rejects.toThrow(/cannot reach that channel/);
    await expect(refused).rejects.toMatchObject({ code: "channel_not_found", personal: true, retry: false });
    expect(await posting("answer")).toBeNull();
    expect(slack.made("conversations.history")).toEqual([]);
  });

  test("a missing scope names the scope and who can add it", async () => {
    slack.plan("chat.postMessage", { error: "missing_scope", more: { needed: "chat:write" } });
    await expect(poster().message("answer", THREAD, says("42"))).rejects.toThrow(/chat:write is missing.*admin/);
  });

  test("a revoked token ends the team", async () => {
    slack.plan("chat.postMessage", { error: "token_revoked" });
    const refused = await poster()
      .message("answer", THREAD, says("42"))
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SlackFault);
    expect(refused).toMatchObject({ endsTeam: true });
  });
});

describe("a growing message", () => {
  const markdown = (text: string): Message["blocks"][number] => ({ type: "markdown", text });
  /** Resolves once Slack has been told so many pieces. */
  const grown = (pieces: number) =>
    soon(() =>
      expect([...slack.made("chat.startStream"), ...slack.made("chat.appendStream")].length).toBeGreaterThanOrEqual(
        pieces,
      ),
    );

  test("grows, and ends whole and marked, as one message", async () => {
    const stream = await poster().stream("answer", THREAD, READER);
    stream.task("1", "Account overview", "in_progress");
    stream.append("Acme is at risk. ");
    await grown(1);
    expect(slack.in("D1")).toMatchObject([{ streaming: true }]);
    stream.append("It renews soon.");
    const ts = await stream.finish(says("Acme …", [markdown("Acme is at risk. It renews soon."), section("card")]));
    expect(slack.in("D1")).toMatchObject([
      {
        ts,
        text: "Acme is at risk. It renews soon.",
        blocks: [{ type: "section" }],
        metadata: markOf(claimed, "answer"),
      },
    ]);
  });

  test("what would call or link somebody is only text", async () => {
    const stream = await poster().stream("answer", THREAD, READER);
    stream.append("<!channel> <@U2> [Acme](https://evil.example) @here");
    await grown(1);
    await stream.finish(says("done"));
    const [begun] = slack.made("chat.startStream");
    expect(JSON.stringify(begun?.chunks)).not.toMatch(/<!channel>|<@U2>|\]\(https|@here/);
  });

  test("words that were taken back do not stand in the end", async () => {
    const stream = await poster().stream("answer", THREAD, READER);
    stream.append("Acme churned.");
    await grown(1);
    stream.restart();
    stream.append("Acme is at risk.");
    await stream.finish(says("Acme is at risk.", [markdown("Acme is at risk.")]));
    expect(slack.in("D1")).toMatchObject([{ text: "Acme is at risk.", streaming: false }]);
  });

  test("older than Slack allows, it is finished by an update", async () => {
    const stream = await poster(claimed, { stream: 0 }).stream("answer", THREAD, READER);
    stream.append("Acme ");
    await grown(1);
    stream.append("is at risk.");
    await stream.finish(says("Acme is at risk.", [markdown("Acme is at risk.")]));
    expect(texts("D1")).toEqual(["Acme is at risk."]);
    expect(slack.made("chat.update")).toHaveLength(1);
  });

  test("stopped by Slack in between, it is finished by an update", async () => {
    const stream = await poster().stream("answer", THREAD, READER);
    stream.append("Acme ");
    await grown(1);
    slack.in("D1")[0]!.streaming = false;
    await stream.finish(says("Stopped."));
    expect(texts("D1")).toEqual(["Stopped."]);
  });

  test("where streams are not allowed, the answer is a plain message", async () => {
    slack.plan("chat.startStream", { error: "channel_type_not_supported" });
    const stream = await poster().stream("answer", THREAD, READER);
    stream.append("Acme ");
    await grown(1);
    await stream.finish(says("Acme is at risk."));
    expect(slack.in("D1")).toMatchObject([{ text: "Acme is at risk.", metadata: markOf(claimed, "answer") }]);
  });

  test.each([
    ["chat.startStream", "lost"],
    ["chat.appendStream", "lost"],
    ["chat.stopStream", "lost"],
    ["chat.update", "lost"],
    ["chat.startStream", "cut"],
  ] as const)("%s %s: one whole message", async (method, trouble) => {
    slack.plan(method, trouble);
    const stream = await poster().stream("answer", THREAD, READER);
    stream.append("Acme ");
    await grown(1);
    stream.append("is ");
    if (method !== "chat.startStream") await grown(2); // a stream that did not begin takes no more
    await stream.finish(says("Acme is at risk.", [markdown("Acme is at risk."), section("card")]));
    expect(slack.in("D1")).toHaveLength(1);
    expect(slack.in("D1")[0]).toMatchObject({
      metadata: markOf(claimed, "answer"),
      text: expect.stringMatching(/^Acme is at risk\.$/),
    });
  });

  describe("killed in the middle", () => {
    async function half(): Promise<string> {
      const stream = await poster().stream("answer", THREAD, READER);
      stream.append("Acme is ");
      await grown(1);
      return slack.in("D1")[0]!.ts;
    }

    test("the next attempt finishes the same message by an update", async () => {
      const ts = await half();
      const stream = await poster(await claimAgain()).stream("answer", THREAD, READER);
      stream.append("Acme is ");
      expect(await stream.finish(says("Acme is at risk."))).toBe(ts);
      expect(slack.in("D1")).toMatchObject([{ text: "Acme is at risk.", streaming: false }]);
    });

    test("also where the next attempt has nothing to stream", async () => {
      const ts = await half();
      expect(await poster(await claimAgain()).message("answer", THREAD, says("Stopped."))).toBe(ts);
      expect(texts("D1")).toEqual(["Stopped."]);
    });

    test("before its ts was noted: it is found in the thread", async () => {
      await startPosting(database, claimed, "answer", THREAD);
      const dead = slack.write({
        ...THREAD,
        thread_ts: THREAD.thread,
        user: BOT.botUserId,
        text: "Acme",
        streaming: true,
      });
      const stream = await poster(await claimAgain()).stream("answer", THREAD, READER);
      expect(await stream.finish(says("Acme is at risk."))).toBe(dead.ts);
      expect(texts("D1")).toEqual(["Acme is at risk."]);
    });

    test("after it was whole and before that was noted: it stays as it is", async () => {
      await startPosting(database, claimed, "answer", THREAD);
      const metadata = markOf(claimed, "answer");
      const dead = slack.write({ ...THREAD, thread_ts: THREAD.thread, user: BOT.botUserId, text: "whole", metadata });
      const stream = await poster(await claimAgain()).stream("answer", THREAD, READER);
      expect(await stream.finish(says("whole, again"))).toBe(dead.ts);
      expect(texts("D1")).toEqual(["whole"]);
    });

    test("and somebody removed the half: the answer is a new message", async () => {
      await half();
      const next = await claimAgain();
      slack.messages.length = 0;
      await poster(next).message("answer", THREAD, says("Acme is at risk."));
      expect(texts("D1")).toEqual(["Acme is at risk."]);
    });
  });
});

describe("what only one person sees", () => {
  test("is said again after a crash, and says that it may be seen twice", async () => {
    await startPosting(database, claimed, "note", { channel: "C1", thread: null });
    await poster(await claimAgain()).privately("note", { channel: "C1", user: "U1" }, says("Only you"));
    expect(slack.made("chat.postEphemeral")).toMatchObject([
      { user: "U1", text: expect.stringMatching(/^Only you\n.*twice/) },
    ]);
  });

  test("an answer goes to Slack's address, and to no other", async () => {
    const post = poster();
    const elsewhere = await RecordingSlack.start();
    await post.respond("answer", `${slack.origin}/response/1`, says("42"));
    await expect(post.respond("leak", `${elsewhere.origin}/response/1`, says("42"))).rejects.toThrow(SlackFault);
    expect(elsewhere.responses).toEqual([]);
    await elsewhere.close();
    expect(slack.responses).toMatchObject([{ text: "42", response_type: "ephemeral", parse: "none" }]);
  });

  test("an address that is over is told", async () => {
    await expect(poster().respond("answer", `${slack.origin}/response-gone`, says("42"))).rejects.toMatchObject({
      code: "expired_url",
    });
  });
});

describe("a file", () => {
  const file = { name: "accounts.csv", title: "Accounts", content: "name\nAcme\n", text: "All accounts" };

  test.each(["lost", "cut"] as const)("is shared once when the reply is %s", async (trouble) => {
    slack.plan("files.completeUploadExternal", trouble);
    const post = poster();
    await post.file("csv", { channel: "C1" }, file).catch(() => undefined);
    await poster(await claimAgain()).file("csv", { channel: "C1" }, file);
    expect(slack.in("C1")).toMatchObject([{ files: [{ id: "F1" }] }]);
  });

  test("killed after it was shared: it is found by its id", async () => {
    await startPosting(database, claimed, "csv", { channel: "C1", thread: null });
    await notePosting(database, claimed, "csv", "F1");
    slack.write({ channel: "C1", user: BOT.botUserId, text: "All accounts", files: [{ id: "F1" }] });
    await poster(await claimAgain()).file("csv", { channel: "C1" }, file);
    expect(slack.in("C1")).toHaveLength(1);
  });
});

describe("windows and courtesies", () => {
  test("an expired trigger is no error: the person is asked to press again", async () => {
    slack.plan("views.open", { error: "expired_trigger_id" });
    expect(await poster().open("1.2", { type: "modal", title: { type: "plain_text", text: "x" }, blocks: [] })).toBe(
      false,
    );
  });

  test("a status that Slack does not take is let go", async () => {
    slack.plan("assistant.threads.setStatus", { limited: 30 });
    await poster().status(THREAD, "is looking");
    expect(slack.made("assistant.threads.setStatus")).toHaveLength(1);
  });

  test("the status and the stop button end with the job", async () => {
    const post = poster();
    await post.status(THREAD, "is looking");
    await post.session(THREAD, "processing");
    await post.close();
    expect(slack.made("assistant.threads.setStatus").at(-1)).toMatchObject({ status: "" });
    expect(slack.made("agents.sessions.setStatus").at(-1)).toMatchObject({ status: "active" });
  });
});
