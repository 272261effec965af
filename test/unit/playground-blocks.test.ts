import { describe, expect, test } from "vitest";
import { validateAttachments, validateBlocks, validateView } from "#playground/world/validate-blocks.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const button = (more: object = {}) => ({ type: "button", text: plain("Why?"), action_id: "why", ...more });
const rich = (text: string) => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
});
const raw = (text: string) => ({ type: "raw_text", text });
const option = (text: string, value = text) => ({ text: plain(text), value });
const series = (name: string, ...labels: string[]) => ({
  name,
  data: labels.map((label, value) => ({ label, value })),
});
const chart = (more: object) => ({ type: "data_visualization", title: "MRR by month", chart: more });
const fill = (count: number) => Array.from({ length: count }, (_, at) => at);

/** One of everything that a bot may send in a message, as it should be. */
const fine: Record<string, unknown>[] = [
  { type: "section", text: mrkdwn("*Brightwater*"), accessory: button(), expand: true },
  { type: "section", fields: [mrkdwn("*Stage*\nAdoption"), plain("since May")] },
  { type: "header", text: plain("Renewals") },
  { type: "divider" },
  {
    type: "context",
    elements: [mrkdwn("data of today"), { type: "image", image_url: "https://x.example/a.png", alt_text: "a" }],
  },
  { type: "actions", elements: [button(), button({ action_id: "steps", value: "{}", style: "primary" })] },
  {
    type: "actions",
    elements: [
      {
        type: "static_select",
        action_id: "pick",
        options: [option("One"), option("Two")],
        initial_option: option("Two"),
      },
    ],
  },
  {
    type: "actions",
    elements: [{ type: "overflow", action_id: "more", options: [{ ...option("Open"), url: "https://crm.example/1" }] }],
  },
  { type: "image", image_url: "https://x.example/a.png", alt_text: "a chart" },
  {
    type: "input",
    label: plain("Why?"),
    element: { type: "plain_text_input", action_id: "reason", multiline: true },
    optional: true,
  },
  {
    type: "input",
    label: plain("Account"),
    element: { type: "external_select", action_id: "account", min_query_length: 0 },
  },
  { type: "input", label: plain("When"), element: { type: "datepicker", initial_date: "2026-11-22" } },
  rich("plain words"),
  { type: "markdown", text: "**Brightwater** is at risk" },
  {
    type: "table",
    rows: [
      [raw("Account"), raw("MRR")],
      [rich("Brightwater"), { type: "raw_number", value: 1200, text: "1,200" }],
    ],
    column_settings: [{ is_wrapped: true }, { align: "right" }],
  },
  { type: "data_table", caption: "Renewals", page_size: 10, rows: [[raw("Account")], [rich("Brightwater")]] },
  chart({ type: "pie", segments: [{ label: "Adoption", value: 3 }] }),
  chart({
    type: "line",
    series: [series("MRR", "Jan", "Feb")],
    axis_config: { categories: ["Jan", "Feb"], y_label: "EUR" },
  }),
  { type: "task_card", task_id: "1", title: "Looking up Brightwater", status: "in_progress", details: rich("by name") },
  {
    type: "plan",
    title: "Looking it up",
    tasks: [{ type: "task_card", task_id: "1", title: "Facts", status: "complete" }],
  },
  { type: "card", title: mrkdwn("Brightwater"), body: mrkdwn("at risk"), actions: [button()] },
  {
    type: "carousel",
    elements: [
      { type: "card", title: plain("A") },
      { type: "card", title: plain("B") },
    ],
  },
  {
    type: "container",
    title: plain("Evidence"),
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: [{ type: "divider" }],
  },
  {
    type: "context_actions",
    elements: [
      {
        type: "feedback_buttons",
        action_id: "feedback",
        positive_button: { text: plain("Good"), value: "good" },
        negative_button: { text: plain("Bad"), value: "bad" },
      },
    ],
  },
];

describe("blocks as Slack takes them", () => {
  test.each(fine.map((block) => [block.type, block]))("%s passes", (_, block) => {
    expect(validateBlocks([block], "message")).toEqual([]);
  });

  const wrong: [string, unknown, string][] = [
    ["no such block", { type: "accordion" }, "unsupported type: accordion [json-pointer:/blocks/0/type]"],
    ["no type at all", { text: "hi" }, "missing required field: type [json-pointer:/blocks/0]"],
    [
      "a field that a block has not",
      { type: "divider", color: "red" },
      "invalid additional property: color [json-pointer:/blocks/0]",
    ],
    ["a section that says nothing", { type: "section" }, "missing required field: text or fields"],
    [
      "a section's text of 3,001",
      { type: "section", text: mrkdwn("x".repeat(3001)) },
      "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ],
    ["an empty text", { type: "section", text: mrkdwn("") }, "must be more than 0 characters"],
    [
      "eleven fields",
      { type: "section", fields: fill(11).map(() => plain("a")) },
      "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ],
    ["a field of 2,001", { type: "section", fields: [plain("x".repeat(2001))] }, "must be less than 2001 characters"],
    ["a header of 151", { type: "header", text: plain("x".repeat(151)) }, "must be less than 151 characters"],
    ["a header in mrkdwn", { type: "header", text: mrkdwn("*a*") }, "must be one of plain_text"],
    ["context of 11", { type: "context", elements: fill(11).map(() => plain("a")) }, "no more than 10 items allowed"],
    [
      "26 buttons",
      { type: "actions", elements: fill(26).map((at) => button({ action_id: `b${at}` })) },
      "no more than 25 items allowed",
    ],
    ["two buttons of one action", { type: "actions", elements: [button(), button()] }, "action_id already exists: why"],
    [
      "a button's label of 76",
      { type: "actions", elements: [button({ text: plain("x".repeat(76)) })] },
      "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ],
    [
      "a value of 2,001",
      { type: "actions", elements: [button({ value: "x".repeat(2001) })] },
      "must be less than 2001 characters",
    ],
    [
      "an action_id of 256",
      { type: "actions", elements: [button({ action_id: "x".repeat(256) })] },
      "must be less than 256 characters",
    ],
    ["a purple button", { type: "actions", elements: [button({ style: "purple" })] }, "must be one of primary, danger"],
    [
      "101 options",
      { type: "actions", elements: [{ type: "static_select", options: fill(101).map((at) => option(`o${at}`)) }] },
      "no more than 100 items allowed",
    ],
    [
      "an option of 76",
      { type: "actions", elements: [{ type: "static_select", options: [option("x".repeat(76), "x")] }] },
      "must be less than 76 characters",
    ],
    [
      "chosen, but not offered",
      { type: "actions", elements: [{ type: "static_select", options: [option("A")], initial_option: option("B") }] },
      "initial option must be one of the options",
    ],
    [
      "six overflow options",
      { type: "actions", elements: [{ type: "overflow", options: fill(6).map((at) => option(`o${at}`)) }] },
      "no more than 5 items allowed",
    ],
    [
      "an input in actions",
      { type: "actions", elements: [{ type: "plain_text_input" }] },
      "unsupported type: plain_text_input",
    ],
    ["a block_id of 256", { type: "divider", block_id: "x".repeat(256) }, "must be less than 256 characters"],
    ["a table of 101 rows", { type: "table", rows: fill(101).map(() => [raw("a")]) }, "no more than 100 items allowed"],
    ["a table of 21 columns", { type: "table", rows: [fill(21).map(() => raw("a"))] }, "no more than 20 items allowed"],
    [
      "a data table without rows",
      { type: "data_table", caption: "x", rows: [[raw("a")]] },
      "no less than 2 items allowed",
    ],
    [
      "a data table of 102 rows",
      { type: "data_table", caption: "x", rows: fill(102).map(() => [raw("a")]) },
      "no more than 101 items allowed",
    ],
    [
      "a data table of 10,001 characters",
      { type: "data_table", caption: "x", rows: [[raw("a")], [raw("x".repeat(10_000))]] },
      "must be less than 10001 characters across all cells",
    ],
    [
      "a crooked data table",
      { type: "data_table", caption: "x", rows: [[raw("a")], [raw("a"), raw("b")]] },
      "all rows must have the same number of cells",
    ],
    [
      "an empty cell",
      { type: "data_table", caption: "x", rows: [[raw("a")], [raw("")]] },
      "must be more than 0 characters",
    ],
    [
      "rich text in a data table's header",
      { type: "data_table", caption: "x", rows: [[rich("a")], [raw("b")]] },
      "rich_text is not allowed in the header",
    ],
    [
      "seven segments",
      chart({ type: "pie", segments: fill(7).map((at) => ({ label: `s${at}`, value: 1 })) }),
      "no more than 6 items allowed",
    ],
    ["an empty segment", chart({ type: "pie", segments: [{ label: "none", value: 0 }] }), "must be more than 0"],
    [
      "seven series",
      chart({
        type: "bar",
        series: fill(7).map((at) => series(`s${at}`, "Jan")),
        axis_config: { categories: ["Jan"] },
      }),
      "no more than 6 items allowed",
    ],
    [
      "21 categories",
      chart({ type: "bar", series: [series("a", "Jan")], axis_config: { categories: fill(21).map(String) } }),
      "no more than 20 items allowed",
    ],
    [
      "a series that leaves a category out",
      chart({ type: "line", series: [series("a", "Jan")], axis_config: { categories: ["Jan", "Feb"] } }),
      "must have each category exactly once",
    ],
    [
      "a label of 21",
      chart({ type: "pie", segments: [{ label: "x".repeat(21), value: 1 }] }),
      "must be less than 21 characters",
    ],
    [
      "a card with nothing on it",
      { type: "card", subtitle: plain("a") },
      "at least one of hero_image, title, actions or body is required",
    ],
    ["a card's body of 201", { type: "card", body: plain("x".repeat(201)) }, "must be less than 201 characters"],
    [
      "eleven cards",
      { type: "carousel", elements: fill(11).map(() => ({ type: "card", title: plain("a") })) },
      "no more than 10 items allowed",
    ],
    [
      "a list in a container",
      { type: "container", title: plain("a"), child_blocks: [rich("a")] },
      "unsupported type: rich_text",
    ],
    [
      "six context actions",
      {
        type: "context_actions",
        elements: fill(6).map((at) => ({ type: "icon_button", action_id: `i${at}`, icon: "trash", text: plain("a") })),
      },
      "no more than 5 items allowed",
    ],
    [
      "a task that is neither",
      { type: "task_card", task_id: "1", title: "a", status: "done" },
      "must be one of pending, in_progress, complete, error",
    ],
    ["an alert in a message", { type: "alert", text: plain("a") }, "unsupported type: alert"],
    ["a file that an app cannot send", { type: "file", source: "remote", external_id: "1" }, "unsupported type: file"],
  ];
  test.each(wrong)("refuses %s", (_, block, words) => {
    expect(validateBlocks([block], "message").join("\n")).toContain(words);
  });

  test("counts a whole message: 50 blocks, 12,000 of markdown, two charts, one table, each block_id once", () => {
    const markdown = { type: "markdown", text: "x".repeat(7000) };
    const pie = chart({ type: "pie", segments: [{ label: "a", value: 1 }] });
    const table = { type: "table", rows: [[raw("a")]] };
    const twins = [
      { type: "divider", block_id: "a" },
      { type: "divider", block_id: "a" },
    ];
    expect(
      validateBlocks(
        fill(51).map(() => ({ type: "divider" })),
        "message",
      ),
    ).toEqual(["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]);
    expect(validateBlocks([markdown, markdown], "message").join()).toContain("12001");
    expect(validateBlocks([pie, pie], "message")).toEqual([]);
    expect(validateBlocks([pie, pie, pie], "message").join()).toContain("no more than 2 data_visualization");
    expect(validateBlocks([table, table], "message").join()).toContain("only_one_table_allowed");
    expect(validateBlocks(twins, "message").join()).toContain("block_id already exists");
  });

  test("one action may stand in two blocks", () => {
    const row = { type: "section", text: plain("a"), accessory: button() };
    expect(validateBlocks([row, row], "message")).toEqual([]);
  });

  test("an attachment's blocks are checked where they stand", () => {
    expect(validateAttachments([{ color: "#fff", text: "old" }])).toEqual([]);
    expect(validateAttachments([{ blocks: [{ type: "nope" }] }])[0]).toContain("/attachments/0/blocks/0/type");
    expect(validateAttachments(fill(101).map(() => ({})))[0]).toContain("no more than 100");
  });

  test.each([null, "text", 7, {}])("blocks that are no list are refused: %j", (blocks) => {
    expect(validateBlocks(blocks, "message")).toEqual(["[ERROR] must be a valid array [json-pointer:/blocks]"]);
  });
});

describe("views as Slack takes them", () => {
  const asking = { type: "input", label: plain("Account"), element: { type: "plain_text_input" } };
  const modal = (more: object = {}) => ({
    type: "modal",
    title: plain("Look up"),
    submit: plain("Go"),
    blocks: [asking],
    ...more,
  });

  test("a modal passes, and an alert in it", () => {
    expect(
      validateView(modal({ blocks: [asking, { type: "alert", text: plain("Careful"), level: "warning" }] }), "modal"),
    ).toEqual([]);
  });

  test.each([
    ["a title of 25", modal({ title: plain("x".repeat(25)) }), "/view/title/text"],
    ["no title", { type: "modal", blocks: [] }, "missing required field: title"],
    ["an input that cannot be sent", modal({ submit: undefined }), "must define `submit`"],
    ["private_metadata of 3,001", modal({ private_metadata: "x".repeat(3001) }), "must be less than 3001 characters"],
    ["101 blocks", modal({ blocks: fill(101).map(() => ({ type: "divider" })) }), "no more than 100 items"],
    ["a chart in a modal", modal({ blocks: [{ type: "data_visualization" }] }), "unsupported type: data_visualization"],
    ["a field of nobody", modal({ footer: "x" }), "invalid additional property: footer"],
    ["nothing", undefined, "/view"],
  ])("refuses %s", (_, view, words) => {
    expect(validateView(view, "modal").join("\n")).toContain(words);
  });

  test("a Home tab has no title and takes no alert", () => {
    expect(validateView({ type: "home", blocks: [{ type: "header", text: plain("Today") }] }, "home")).toEqual([]);
    expect(validateView({ type: "home", title: plain("a"), blocks: [] }, "home")[0]).toContain("title");
    expect(validateView({ type: "home", blocks: [{ type: "alert", text: plain("a") }] }, "home")[0]).toContain("alert");
  });
});
