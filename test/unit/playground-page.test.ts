import { describe, expect, test } from "vitest";
import { chartRows } from "#playground/page/state/chart-data.ts";
import {
  changedBy,
  openThread,
  runningSession,
  saidTo,
  statusOf,
  turnsOf,
} from "#playground/page/state/conversation.ts";
import { actionOf, refusals, valuesOf } from "#playground/page/state/forms.ts";
import { hintsFor, withHint } from "#playground/page/state/hints.ts";
import { arranged, cellOf, pageOf } from "#playground/page/state/table-rows.ts";
import { slackDate } from "#playground/page/text/dates.ts";
import { parseInline, parseMrkdwn } from "#playground/page/text/mrkdwn.ts";
import { safeUrl } from "#playground/page/text/names.ts";
import { toWire } from "#playground/page/text/wire.ts";
import type { Block, PageHistory, PageMessage, PageWorld } from "#playground/page-api/types.ts";
import { browserFile } from "#playground/vendor.ts";

const text = (words: string) => ({ kind: "text", text: words });

describe("mrkdwn", () => {
  test("marks style whole words only", () => {
    expect(parseInline("*At risk* since _Monday_, ~not~ now")).toEqual([
      { kind: "bold", of: [text("At risk")] },
      text(" since "),
      { kind: "italic", of: [text("Monday")] },
      text(", "),
      { kind: "strike", of: [text("not")] },
      text(" now"),
    ]);
    expect(parseInline("usage_daily_rows 2*3*4 * no *")).toEqual([text("usage_daily_rows 2*3*4 * no *")]);
  });

  test("styles nest, and a link inside bold stays a link", () => {
    expect(parseInline("*see <https://a.example/*x*|the _page_>*")).toEqual([
      { kind: "bold", of: [text("see "), { kind: "link", url: "https://a.example/*x*", label: "the _page_" }] },
    ]);
  });

  test("code keeps its marks and shows what was escaped", () => {
    expect(parseInline("`a *b* &lt;c&gt;`")).toEqual([{ kind: "code", text: "a *b* <c>" }]);
    expect(parseMrkdwn("before\n```\nselect *\nfrom &lt;x&gt;\n```\nafter")).toEqual([
      { kind: "lines", of: [[text("before")]] },
      { kind: "code", text: "select *\nfrom <x>" },
      { kind: "lines", of: [[text("after")]] },
    ]);
  });

  test("an escaped amount of markup is not read as markup", () => {
    expect(parseInline("&lt;@U1&gt; &amp;lt; &lt;!channel&gt;")).toEqual([text("<@U1> &lt; <!channel>")]);
  });

  test("people, channels, groups, everybody, days and emoji are told apart", () => {
    expect(
      parseInline("<@U1> <#C1|sales> <!subteam^S1|@reps> <!here> :seedling:").filter(({ kind }) => kind !== "text"),
    ).toEqual([
      { kind: "user", id: "U1" },
      { kind: "channel", id: "C1", label: "sales" },
      { kind: "group", id: "S1", label: "@reps" },
      { kind: "broadcast", range: "here" },
      { kind: "emoji", name: "seedling" },
    ]);
    expect(parseInline("<!date^1795330000^{date_short} at {time}^https://a.example|22 Nov>")).toEqual([
      {
        kind: "date",
        seconds: 1795330000,
        format: "{date_short} at {time}",
        url: "https://a.example",
        fallback: "22 Nov",
      },
    ]);
  });

  test("quoted lines stand together", () => {
    expect(parseMrkdwn("&gt; one\n> two\nthree").map(({ kind }) => kind)).toEqual(["quote", "lines"]);
  });

  test("links that run something are not opened", () => {
    expect(["javascript:alert(1)", "data:text/html,x", "not a link", "//evil.example"].map(safeUrl)).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(safeUrl("https://a.example/x")).toBe("https://a.example/x");
  });
});

test("a moment is written in the reader's zone, and near days by their names", () => {
  const moment = Date.parse("2026-11-22T23:30:00Z") / 1000;
  const now = Date.parse("2026-11-22T12:00:00Z");
  expect(slackDate(moment, "{date_num} {time}", { zone: "UTC", now })).toBe("2026-11-22 23:30");
  expect(slackDate(moment, "{date_num} {time}", { zone: "Europe/Berlin", now })).toBe("2026-11-23 00:30");
  expect(slackDate(moment, "{date_short_pretty}", { zone: "Europe/Berlin", now })).toBe("tomorrow");
  expect(slackDate(moment, "{date_short_pretty}", { zone: "America/New_York", now })).toBe("today");
  expect(slackDate(moment, "{unheard} {ago}", { zone: "UTC", now: now - 86_400_000 })).toBe("{unheard} tomorrow");
});

const world = {
  team: { id: "T1", name: "Larkspur", domain: "larkspur" },
  users: [
    { id: "U1", realName: "Ann", kind: "member", title: "Sales" },
    { id: "U2", realName: "Ann Lee", kind: "admin", title: null },
  ],
  channels: [{ id: "C1", name: "sales", type: "channel", topic: "Deals" }],
  bot: { userId: "UB", botId: "BB", appId: "A1", name: "Perennial", dmChannel: "D1" },
  commands: [{ command: "/perennial", description: "Ask about a customer", usageHint: "overview Acme" }],
} as unknown as PageWorld; // only what is read here

describe("what a person types", () => {
  test("names become mentions, the longest first; the rest is escaped", () => {
    expect(toWire("@perennial is @Ann Lee's <big> & @Ann in #sales? #salesforce", world)).toBe(
      "<@UB> is <@U2>'s &lt;big&gt; &amp; <@U1> in <#C1|sales>? #salesforce",
    );
    expect(toWire("see https://crm.example/1?a=1&b=2.", world)).toBe("see <https://crm.example/1?a=1&amp;b=2>.");
  });

  test("a slash brings commands, an at sign people, and taking one puts it in", () => {
    expect(hintsFor("/pe", world).map(({ words, complete }) => [words, complete])).toEqual([["/perennial", false]]);
    expect(hintsFor("/perennial overview", world)).toEqual([]);
    expect(hintsFor("hello @an", world).map(({ words }) => words)).toEqual(["@Ann", "@Ann Lee"]);
    expect(hintsFor("mail@an", world)).toEqual([]);
    expect(withHint("hello @an", hintsFor("hello @an", world)[1]!)).toBe("hello @Ann Lee ");
  });
});

describe("a conversation", () => {
  const message = (ts: string, more: Partial<PageMessage> = {}): PageMessage => ({
    ...{ channel: "C1", ts, threadTs: null, user: "U1", botId: null, subtype: null, text: ts, mrkdwn: true },
    ...{ blocks: [], attachments: [], files: [], reactions: [], edited: null, isEphemeral: false, isStreaming: false },
    ...{ replyCount: 0, latestReply: null, replies: [], ...more },
  });
  const empty = {
    channel: { id: "C1" },
    messages: [],
    statuses: [],
    prompts: null,
    sessions: [],
  } as unknown as PageHistory;
  const said = (history: PageHistory, each: PageMessage, type: "message" | "changed" | "ephemeral" = "message") =>
    changedBy(history, { type, channel: each.channel, message: each });

  test("a reply that is told twice is there once, and a change of its question keeps it", () => {
    let history = said(empty, message("1.0"));
    const reply = message("2.0", { threadTs: "1.0", user: "UB" });
    history = said(said(history, reply), reply);
    expect(history.messages[0]).toMatchObject({ replyCount: 1, replies: [{ ts: "2.0" }] });
    history = said(history, message("1.0", { text: "edited", replyCount: 1 }), "changed");
    expect(history.messages[0]).toMatchObject({ text: "edited", replyCount: 1, replies: [{ ts: "2.0" }] });
  });

  test("what only I see is not counted as a reply", () => {
    const history = said(
      said(empty, message("1.0")),
      message("2.0", { threadTs: "1.0", isEphemeral: true }),
      "ephemeral",
    );
    expect(history.messages[0]).toMatchObject({ replyCount: 0, replies: [{ isEphemeral: true }] });
    expect(openThread(history)).toBe("1.0");
  });

  test("what only one person was told stands among what was said before and after it", () => {
    const history = said(
      said(
        said(said(empty, message("1.0")), message("2.0", { threadTs: "1.0" })),
        message("3.0", { isEphemeral: true }),
        "ephemeral",
      ),
      message("4.0", { threadTs: "1.0" }),
    );
    const turns = turnsOf(history.messages);
    expect(turns.map(({ message: { ts } }) => ts)).toEqual(["1.0"]);
    expect(saidTo(turns[0]!).map(({ ts }) => ts)).toEqual(["2.0", "3.0", "4.0"]);
  });

  test("late news of an earlier moment stands in its place, and another channel's does not come in", () => {
    const history = said(said(said(empty, message("3.0")), message("1.0")), message("2.0", { channel: "C2" }));
    expect(history.messages.map(({ ts }) => ts)).toEqual(["1.0", "3.0"]);
  });

  test("a deleted reply is gone and no longer counted", () => {
    const history = said(said(empty, message("1.0")), message("2.0", { threadTs: "1.0" }));
    const left = changedBy(history, { type: "deleted", channel: "C1", ts: "2.0", threadTs: "1.0" });
    expect(left.messages[0]).toMatchObject({ replyCount: 0, replies: [] });
  });

  test("a status goes away when it is empty, and only a session at work can be stopped", () => {
    const status = { channel: "C1", threadTs: "1.0", status: "is looking…", loadingMessages: [] };
    const looking = changedBy(empty, { type: "status", status });
    expect(statusOf(looking, "1.0")?.status).toBe("is looking…");
    expect(statusOf(changedBy(looking, { type: "status", status: { ...status, status: "" } }), "1.0")).toBeNull();
    const session = (state: string) =>
      changedBy(empty, { type: "session", session: { channel: "C1", threadTs: "1.0", status: state, title: null } });
    expect(runningSession(session("processing"), "1.0")).not.toBeNull();
    expect(runningSession(session("active"), "1.0")).toBeNull();
  });
});

describe("a form", () => {
  const option = (value: string) => ({ text: { type: "plain_text", text: value }, value });
  const field = (block_id: string, element: Record<string, unknown>, more = {}): Block => ({
    ...{
      type: "input",
      block_id,
      label: { type: "plain_text", text: block_id },
      element: { action_id: "a", ...element },
    },
    ...more,
  });

  test("shows what the bot put in, and keeps what a person put in where the field is still the same", () => {
    const blocks = [
      field("name", { type: "plain_text_input", initial_value: "Acme" }),
      field("kind", { type: "static_select", options: [option("x")], initial_option: option("x") }),
      {
        type: "container",
        child_blocks: [{ type: "actions", block_id: "in", elements: [{ type: "checkboxes", action_id: "c" }] }],
      },
    ];
    expect(valuesOf(blocks)).toEqual({
      name: { a: { type: "plain_text_input", value: "Acme" } },
      kind: { a: { type: "static_select", selected_option: option("x") } },
      in: { c: { type: "checkboxes", selected_options: [] } },
    });
    const kept = { name: { a: { type: "plain_text_input", value: "Typed" } }, kind: { a: { type: "radio_buttons" } } };
    expect(valuesOf(blocks, kept)).toMatchObject({
      name: { a: { value: "Typed" } },
      kind: { a: { type: "static_select" } },
    });
  });

  test("is not sent while something is missing or wrong, and says so at its field", () => {
    const blocks = [
      field("empty", { type: "external_select" }),
      field("may", { type: "plain_text_input" }, { optional: true }),
      field("mail", { type: "email_text_input", initial_value: "nobody" }),
      field("count", { type: "number_input", initial_value: "2.5", is_decimal_allowed: false }),
      field("short", { type: "plain_text_input", initial_value: "ab", min_length: 3 }),
    ];
    expect(Object.keys(refusals(blocks, valuesOf(blocks)))).toEqual(["empty", "mail", "count", "short"]);
  });

  test("a press says what Slack would say of it", () => {
    const button = { type: "button", action_id: "why", text: { type: "plain_text", text: "Why?" } };
    expect(actionOf("b", button, "{}")).toEqual({ ...button, block_id: "b", value: "{}" });
    expect(actionOf("b", { type: "overflow", action_id: "o" }, option("x"))).toMatchObject({
      selected_option: option("x"),
    });
    expect(actionOf("b", { type: "datepicker", action_id: "d" }, "2026-12-20")).toMatchObject({
      selected_date: "2026-12-20",
    });
  });
});

describe("a data table", () => {
  const words = (of: string) => cellOf({ type: "raw_text", text: of });
  const amount = (value: number) => cellOf({ type: "raw_number", value, text: `€${value}` });
  const rows = [
    [words("Tessel Foods"), amount(900)],
    [words("Alder & Finch"), amount(12_000)],
    [
      cellOf({
        type: "rich_text",
        elements: [
          {
            type: "rich_text_section",
            elements: [
              { type: "text", text: "Ünder" },
              { type: "link", url: "https://u.example" },
            ],
          },
        ],
      }),
      amount(70),
    ],
  ];
  const names = (left: typeof rows) => left.map(([name]) => name!.text);

  test("sorts amounts by their size and names as people do", () => {
    expect(names(arranged(rows, "", { column: 1, direction: "descending" }))).toEqual([
      "Alder & Finch",
      "Tessel Foods",
      "Ünderhttps://u.example",
    ]);
    expect(names(arranged(rows, "", { column: 0, direction: "ascending" }))[2]).toContain("Ünder");
  });

  test("finds words in any cell, a rich one's too", () => {
    expect(names(arranged(rows, "  ünder ", null))).toHaveLength(1);
    expect(names(arranged(rows, "€12000", null))).toEqual(["Alder & Finch"]);
  });

  test("never stands behind its last page", () => {
    expect(pageOf(rows, 9, 2)).toMatchObject({ page: 1, pages: 2, rows: [rows[2]] });
    expect(pageOf([], 3, 5)).toMatchObject({ page: 0, pages: 1, rows: [] });
  });
});

test("a chart reads its points by their labels, and one that cannot be drawn is refused", () => {
  const chart = (of: Record<string, unknown>) => chartRows({ type: "data_visualization", title: "MRR", chart: of });
  const series = [
    {
      name: "EMEA",
      data: [
        { label: "Feb", value: 2 },
        { label: "Jan", value: 1 },
      ],
    },
  ];
  expect(chart({ type: "bar", series, axis_config: { categories: ["Jan", "Feb", "Mar"] } })).toMatchObject({
    labels: ["Jan", "Feb", "Mar"],
    series: [{ name: "EMEA", values: [1, 2, null] }],
  });
  expect(chart({ type: "pie", segments: [{ label: "Trial", value: 6 }] })).toMatchObject({ labels: ["Trial"] });
  expect(chart({ type: "radar" })).toBeNull();
});

describe("what the browser may fetch", () => {
  test("the page's own modules come without types, and their libraries by addresses", async () => {
    const page = await browserFile("/");
    expect(page).toMatchObject({ type: "text/html; charset=utf-8" });
    expect(page!.body).not.toMatch(/<script(?![^>]*\bsrc=)|https?:\/\//);
    const module = await browserFile("/text/markdown.ts");
    expect(module).toMatchObject({ type: "text/javascript; charset=utf-8" });
    expect(module!.body).toContain('from "/vendor/marked.js"');
    expect(module!.body).not.toContain(": string");
    expect((await browserFile("/vendor/marked.js"))!.body.length).toBeGreaterThan(10_000);
  });

  test("nothing else of the machine", async () => {
    const wanted = [
      "/../vendor.ts",
      "/text/../../vendor.ts",
      "/%2e%2e/vendor.ts",
      "/browser.d.ts",
      "/vendor/pg.js",
      "/text/",
      "/nothing.ts",
      "/text\\mrkdwn.ts",
    ];
    expect(await Promise.all(wanted.map(browserFile))).toEqual(wanted.map(() => null));
  });
});
