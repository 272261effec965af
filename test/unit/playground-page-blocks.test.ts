import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { describe, expect, test } from "vitest";
import { Blocks } from "#playground/page/blocks/block.ts";
import { NamesContext, type Surface, SurfaceContext } from "#playground/page/state/context.ts";
import { valuesOf } from "#playground/page/state/forms.ts";
import type { Names } from "#playground/page/text/names.ts";
import type { Block } from "#playground/page-api/types.ts";

const names: Names = {
  user: (id) => ({ U1: "Owen Fairclough" })[id] ?? id,
  channel: (id) => ({ C1: "sales" })[id] ?? id,
  zone: "Europe/Berlin",
};

/** The HTML that blocks become. */
function drawn(blocks: Block[], errors: Record<string, string> = {}): string {
  const surface: Surface = {
    ...{ values: valuesOf(blocks), errors, busy: null, disabled: false },
    ...{ put: () => undefined, act: () => undefined, choices: () => [] },
    options: async () => ({ ok: true, options: [], option_groups: [] }),
  };
  const inSurface = h(SurfaceContext.Provider, { value: surface }, h(Blocks, { blocks }));
  return renderToString(h(NamesContext.Provider, { value: names }, inSurface));
}

const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const words = (html: string) => html.replace(/<[^>]+>/g, "|").replace(/\|+/g, "|");

describe("nothing that a bot sends becomes markup of its own", () => {
  const attack = `<img src=x onerror=alert(1)><script>alert(1)</script>`;
  const blocks: Block[] = [
    { type: "section", text: plain(attack), fields: [mrkdwn(attack)] },
    { type: "header", text: plain(attack) },
    {
      type: "markdown",
      text: `${attack}\n\n# ${attack}\n\n[x](javascript:alert(1)) ![y](javascript:alert(1))\n\n\`\`\`\n${attack}\n\`\`\``,
    },
    { type: "table", rows: [[{ type: "raw_text", text: attack }]] },
    {
      type: "rich_text",
      elements: [
        {
          type: "rich_text_section",
          elements: [
            { type: "text", text: attack },
            { type: "link", url: "javascript:alert(1)", text: "z" },
          ],
        },
      ],
    },
    { type: "made_up", text: attack },
  ];

  for (const block of blocks) {
    test(block.type, () => {
      const html = drawn([block]);
      expect(html).not.toMatch(/<(img|script)|href="javascript/i);
      expect(html).toContain("&lt;img src=x onerror=alert(1)>");
    });
  }
});

test("Markdown keeps its headings, lists, tables and tasks, and knows Slack's mentions", () => {
  const html = drawn([
    {
      type: "markdown",
      text: "## Why\n\n1. **one** :seedling:\n2. <@U1> &amp; co\n\n- [x] done\n\n| A | B |\n|---|--:|\n| 1 | 2 |",
    },
  ]);
  expect(html).toMatch(/<ol><li[^>]*><strong>one/);
  expect(html).toContain("<strong>one</strong> 🌱");
  expect(html).toContain("@Owen Fairclough");
  expect(html).toContain(" &amp; co");
  expect(html).toMatch(/<input[^>]*checkbox[^>]*checked/);
  expect(html).toMatch(/<td class="align-right">2<\/td>/);
});

test("a rich text shows styles, people, lists and quotes", () => {
  const text = (of: string, style?: object) => ({ type: "text", text: of, ...(style && { style }) });
  const html = drawn([
    {
      type: "rich_text",
      elements: [
        {
          type: "rich_text_section",
          elements: [
            text("bold", { bold: true }),
            { type: "user", user_id: "U1" },
            { type: "channel", channel_id: "C1" },
            { type: "emoji", name: "x", unicode: "1f331" },
          ],
        },
        {
          type: "rich_text_list",
          style: "ordered",
          indent: 1,
          elements: [{ type: "rich_text_section", elements: [text("first")] }],
        },
        { type: "rich_text_quote", elements: [text("quoted")] },
      ],
    },
  ]);
  expect(words(html)).toBe("|bold|@Owen Fairclough|#sales|🌱|first|quoted|");
  expect(html).toMatch(/<strong>bold<\/strong>.*<ol class="indent-1">.*<blockquote>quoted/);
});

test("a button says what it is for, and feedback has two", () => {
  const html = drawn([
    {
      type: "actions",
      block_id: "b",
      elements: [
        {
          type: "button",
          action_id: "why",
          text: plain("Why?"),
          style: "primary",
          accessibility_label: "Why is Acme at risk?",
        },
      ],
    },
    {
      type: "context_actions",
      elements: [
        {
          type: "feedback_buttons",
          action_id: "f",
          positive_button: { text: plain("Good"), value: "g" },
          negative_button: { text: plain("Bad"), value: "b" },
        },
      ],
    },
  ]);
  expect(html).toMatch(/<button[^>]*data-action-id="why"[^>]*aria-label="Why is Acme at risk\?"[^>]*>Why\?<\/button>/);
  expect(html.match(/data-action-id="f"/g)).toHaveLength(2);
});

test("an error stands at its field and is tied to it", () => {
  const field = {
    type: "input",
    block_id: "account",
    label: plain("Account"),
    element: { type: "plain_text_input", action_id: "a" },
  };
  const html = drawn([field], { account: "Choose an account." });
  const id = /<p class="input-error" id="([^"]+)" role="alert">Choose an account\.<\/p>/.exec(html)?.[1];
  expect(html).toContain(`aria-describedby="${id}"`);
  expect(html).toMatch(/aria-invalid(="true")?/);
});

test("a data table shows its first page and offers to sort each column", () => {
  const rows = ["Acme", "Brook", "Cedar"].map((name, at) => [
    { type: "raw_text", text: name },
    { type: "raw_number", value: at, text: `€${at}` },
  ]);
  const header = [
    { type: "raw_text", text: "Account" },
    { type: "raw_text", text: "MRR" },
  ];
  const html = drawn([{ type: "data_table", caption: "Renewals", page_size: 2, rows: [header, ...rows] }]);
  expect(words(html)).toContain("|Renewals|");
  expect(html).toContain("Brook");
  expect(html).not.toContain("Cedar");
  expect(html.match(/aria-sort="none"/g)).toHaveLength(2);
  expect(words(html)).toContain("1–2 of 3");
});

test("a task says its state in words too", () => {
  const task = (status: string) => ({ type: "task_card", task_id: status, title: "Read its facts", status });
  const html = drawn([
    { type: "plan", title: "Looking it up", tasks: [task("complete"), task("in_progress"), task("error")] },
  ]);
  expect(words(html)).toContain("1 of 3 done");
  expect(["done", "in progress", "failed"].every((state) => html.includes(`, ${state}</span>`))).toBe(true);
});

test("a block that the page does not know is named and shown as it came", () => {
  const html = drawn([{ type: "hologram", depth: 3 }]);
  expect(words(html)).toContain("Unsupported block |hologram|");
  expect(html).toContain("&quot;depth&quot;: 3");
});
