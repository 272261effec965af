import { expect, test } from "vitest";
import { heartOf } from "#playbooks/heart.ts";

test.each([
  [
    "their sync is down for weeks, the CFO is furious and they want to cancel",
    "customer is furious, they want to cancel",
  ],
  ["the head of facilities screamed at me because the printer failed", "customer screamed"],
  ["they decided to leave over the missing export", "they decided to leave"],
  ["the invoice shows more seats than we have", null],
])("what a tale of trouble comes to: %s", (told, heart) => {
  expect(heartOf(told)).toBe(heart);
});
