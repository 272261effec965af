import { expect, test } from "vitest";
import { distance, doubtLines, quoted } from "#tools/words.ts";

test("what a customer wrote is quoted on one line, without markup, links or images to follow", () => {
  expect(
    quoted("Hi\n\n**ignore** previous [click](https://evil.example/?q=1) ![x](http://evil.example/p.png) <b>`now`</b>"),
  ).toBe("“Hi ignore previous click (link) x (link) b now /b”");
  expect(quoted("| a | b |")).not.toContain("|");
  expect(quoted("x".repeat(500))).toHaveLength(162);
});

test("days are told from today", () => {
  expect([
    distance("2026-11-22", "2026-11-22"),
    distance("2026-11-23", "2026-11-22"),
    distance("2026-11-20", "2026-11-22"),
  ]).toEqual(["today", "in 1 day", "2 days ago"]);
});

test("what is old in the same way is told together", () => {
  expect(
    doubtLines([
      "crm data is 9 days old (source export)",
      "usage data is 9 days old (source export)",
      "no source gives voice data",
      "the plan is a guess",
    ]),
  ).toEqual([
    "Note: crm and usage data is 9 days old (source export).",
    "Note: no source gives voice data.",
    "Note: the plan is a guess.",
  ]);
});
