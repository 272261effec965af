import { describe, expect, test } from "vitest";
import { arrivalOf, stoppedTalk } from "#slack/receive/arrival-of.ts";
import { leaving, originOf, readBody, teamOf } from "#slack/receive/body.ts";

const BOT = "UBOT";
const arrival = (body: object) => arrivalOf(readBody(body)!, BOT);
const event = (given: object, more: object = {}) => ({
  type: "event_callback",
  event_id: "Ev1",
  team_id: "T1",
  authorizations: [{ team_id: "T1", user_id: BOT }],
  event: given,
  ...more,
});
const said = (more: object) =>
  event({ type: "message", channel: "C1", channel_type: "channel", user: "U1", text: "hello", ts: "10.1", ...more });

describe("what is written down", () => {
  test("a direct message", () => {
    expect(arrival(said({ channel: "D1", channel_type: "im" }))).toEqual({
      key: "message:D1:10.1",
      kind: "message",
      lane: "D1:10.1",
    });
  });

  test("a mention, once: both of its twins are one", () => {
    const text = `<@${BOT}> Acme?`;
    const message = arrival(said({ text }));
    const mention = arrival({
      ...event({ type: "app_mention", channel: "C1", user: "U1", text, ts: "10.1" }),
      event_id: "Ev2",
    });
    expect(message).toMatchObject({ key: "message:C1:10.1" });
    expect(mention).toEqual(message);
  });

  test("a reply in a thread waits for the thread's other questions", () => {
    expect(arrival(said({ thread_ts: "9.9" }))).toMatchObject({ key: "message:C1:10.1", lane: "C1:9.9" });
  });

  test("a file that was sent with words, and a reply that is shown in the channel too", () => {
    expect(
      arrival(said({ channel: "D1", channel_type: "im", subtype: "file_share", files: [{ id: "F1" }] })),
    ).not.toBeNull();
    expect(arrival(said({ subtype: "thread_broadcast", thread_ts: "9.9" }))).not.toBeNull();
  });

  test("a command, by the trigger that only one has", () => {
    expect(
      arrival({ command: "/perennial", trigger_id: "1.2.x", user_id: "U1", channel_id: "C1", team_id: "T1" }),
    ).toEqual({
      key: "command:1.2.x",
      kind: "command",
      lane: "command:1.2.x",
    });
  });

  test("two presses of one person are two, and in order; the same one twice is one", () => {
    const press = (at: string, action: string) =>
      arrival({
        type: "block_actions",
        team: { id: "T1" },
        user: { id: "U1" },
        channel: { id: "C1" },
        container: { message_ts: "10.1" },
        actions: [{ action_id: action, action_ts: at, block_id: "b" }],
      });
    expect(press("5.1", "choose_account:1")).toEqual(press("5.1", "choose_account:1"));
    expect(press("5.1", "choose_account:1")).not.toEqual(press("5.2", "choose_account:1"));
    expect(press("5.1", "choose_account:1")).toMatchObject({ lane: "press:C1:10.1:choose_account" });
    expect(press("5.2", "choose_account:2")).toMatchObject({ lane: "press:C1:10.1:choose_account" });
    expect(press("5.2", "open_playbook")).toMatchObject({ lane: "press:C1:10.1:open_playbook" });
  });

  test("a submitted window once, however often it is pressed", () => {
    const submit = { type: "view_submission", team: { id: "T1" }, user: { id: "U1" }, view: { id: "V1", hash: "h1" } };
    expect(arrival(submit)).toEqual({ key: "view:V1:h1", kind: "view", lane: "user:U1" });
  });

  test("shortcuts", () => {
    expect(
      arrival({ type: "shortcut", callback_id: "look_up_account", trigger_id: "7.8", user: { id: "U1" } }),
    ).toMatchObject({
      key: "shortcut:7.8",
      kind: "shortcut",
    });
  });

  test("the stop button does not wait for the work that it stops", () => {
    const stop = arrival(event({ type: "agent_session_stopped", channel: "D1", thread_ts: "10.1", user: "U1" }));
    const question = arrival(said({ channel: "D1", channel_type: "im" }));
    expect(stop).toMatchObject({ kind: "event" });
    if (typeof stop !== "object" || typeof question !== "object") throw new Error("both are written down");
    expect(stop?.lane).not.toBe(question?.lane);
    expect(stoppedTalk(stop!.lane)).toBe(question?.lane);
  });
});

describe("what is not", () => {
  test.each([
    ["our own message", { user: BOT, channel: "D1", channel_type: "im" }],
    ["another bot's message", { bot_id: "B2", channel: "D1", channel_type: "im" }],
    ["a workflow's message", { subtype: "bot_message", bot_id: "B3", text: `<@${BOT}>` }],
    ["an edit", { subtype: "message_changed", channel: "D1", channel_type: "im" }],
    ["a removed message", { subtype: "message_deleted", channel: "D1", channel_type: "im" }],
    ["somebody joining", { subtype: "channel_join", text: `<@${BOT}> has joined` }],
    ["talk in a channel that does not name the bot", {}],
    ["a message that begins a thread and does not name the bot", { thread_ts: "10.1" }],
    ["a message without a person", { user: undefined, channel: "D1", channel_type: "im" }],
  ])("%s", (_, more) => expect(arrival(said(more))).toBeNull());

  test("others joining a channel, and closed windows", () => {
    expect(arrival(event({ type: "member_joined_channel", user: "U1", channel: "C1" }))).toBeNull();
    expect(arrival(event({ type: "member_joined_channel", user: BOT, channel: "C1" }))).not.toBeNull();
    expect(arrival({ type: "view_closed", user: { id: "U1" }, view: { id: "V1" } })).toBeNull();
  });

  test("what must be answered at once", () => {
    expect(arrival({ type: "block_suggestion", action_id: "account_pick", user: { id: "U1" } })).toBe("at once");
  });
});

describe("the team", () => {
  test("is the one in which the app is installed, never the person's", () => {
    const body = readBody(event({ type: "message" }, { team_id: "TSTRANGER", context_team_id: "T1" }))!;
    expect(teamOf(body).id).toBe("T1");
    const withoutAuthorizations = readBody({
      ...event({ type: "message" }),
      authorizations: null,
      context_team_id: "T2",
    })!;
    expect(teamOf(withoutAuthorizations).id).toBe("T2");
    const view = { type: "view_submission", team: { id: "TSTRANGER" }, user: { id: "U1", team_id: "TSTRANGER" } };
    expect(teamOf(readBody({ ...view, view: { id: "V1", app_installed_team_id: "T1" } })!).id).toBe("T1");
    expect(teamOf(readBody({ type: "shortcut", user: { id: "U1", team_id: "TSTRANGER" } })!).id).toBeNull();
  });

  test("may still say that it leaves when its token is over", () => {
    expect(leaving(readBody(event({ type: "app_uninstalled" }))!, "T1")).toMatchObject({ teamId: "T1" });
    expect(leaving(readBody(event({ type: "app_home_opened" }))!, "T1")).toBeNull();
  });
});

describe("an answer belongs", () => {
  test("in the thread of the question", () => {
    expect(originOf(readBody(said({ channel: "D1" }))!)).toMatchObject({
      channel: "D1",
      thread: "10.1",
      isDirect: true,
      user: "U1",
    });
    expect(originOf(readBody(said({ thread_ts: "9.9" }))!)).toMatchObject({ thread: "9.9", isDirect: false });
  });

  test("in the thread of the message that was pressed", () => {
    const press = { type: "block_actions", user: { id: "U1" }, channel: { id: "C1" }, actions: [] };
    expect(originOf(readBody({ ...press, message: { ts: "10.1" } })!)).toMatchObject({ channel: "C1", thread: "10.1" });
    expect(originOf(readBody({ ...press, message: { ts: "10.1", thread_ts: "9.9" } })!)).toMatchObject({
      thread: "9.9",
    });
  });
});

test.each([null, 5, "text", [], { event: "text" }, { event: { type: 5 } }, { team_id: 7 }])(
  "garbage %j is no body of Slack's",
  (body) => {
    expect(readBody(body)).toBeNull();
  },
);
