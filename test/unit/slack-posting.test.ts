import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api";
import { describe, expect, test } from "vitest";
import { faultOf, type SlackFault } from "#slack/faults.ts";
import { restAfter } from "#slack/post/growing-message.ts";
import { Queues } from "#slack/post/queues.ts";
import { isSlacks } from "#slack/post/response-url.ts";

const SLACK = "https://slack.com/api/";

describe("an address to answer at", () => {
  test.each([
    ["https://hooks.slack.com/commands/T1/2/abc", true],
    ["https://hooks.slack-gov.com/actions/T1/2/abc", true],
    ["http://hooks.slack.com/commands/T1", false],
    ["https://hooks.slack.com.evil.example/x", false],
    ["https://evil.example/hooks.slack.com", false],
    ["https://hooks.slack.com@evil.example/x", false],
    ["https://user:pass@hooks.slack.com/x", false],
    ["https://hooks.slack.com:8443/x", false],
    ["http://169.254.169.254/latest/meta-data", false],
    ["file:///etc/passwd", false],
    ["not an address", false],
  ])("%s", (address, expected) => expect(isSlacks(address, SLACK)).toBe(expected));

  test("of the playground is the playground's own", () => {
    const playground = "http://127.0.0.1:4400/api/";
    expect(isSlacks("http://127.0.0.1:4400/response/1", playground)).toBe(true);
    expect(isSlacks("http://127.0.0.1:4401/response/1", playground)).toBe(false);
    expect(isSlacks("https://hooks.slack.com/x", playground)).toBe(false);
  });
});

describe("what Slack says no to", () => {
  const platform = (error: string, more: object = {}) =>
    faultOf(new WebAPIPlatformError({ ok: false, error, ...more }));

  test.each([
    ["channel_not_found", { personal: true, retry: false }],
    ["not_in_channel", { personal: true }],
    ["is_archived", { personal: true }],
    ["token_revoked", { endsTeam: true }],
    ["account_inactive", { endsTeam: true }],
    ["invalid_auth", { endsTeam: true }],
    ["expired_trigger_id", { message: "That took too long; please press again.", retry: false }],
    ["fatal_error", { retry: true, unsure: true }],
    ["internal_error", { retry: true, unsure: true }],
    ["msg_too_long", { retry: false }],
    ["user_not_found", { retry: false }],
    ["cannot_dm_bot", { retry: false }],
    ["hash_conflict", { retry: false }],
    ["view_too_large", { retry: false }],
  ])("%s", (code, expected) => {
    const fault = platform(code);
    expect(fault).toMatchObject({ code, ...expected });
    expect((fault as SlackFault).message).toMatch(/^[A-Z].*\.$/);
  });

  test("an error that nobody has met is told by its word, and is not tried again", () => {
    expect(platform("brand_new_error")).toMatchObject({
      message: "Slack refused that (brand_new_error).",
      retry: false,
    });
  });

  test("no answer may have been carried out, a rate limit has not", () => {
    expect(faultOf(new WebAPIRequestError(new Error("reset")))).toMatchObject({ unsure: true, retry: true });
    expect(faultOf(new WebAPIHTTPError(503, "x", {}))).toMatchObject({ unsure: true, retry: true });
    expect(faultOf(new WebAPIHTTPError(404, "x", {}))).toMatchObject({ unsure: false, retry: false });
    expect(faultOf(new WebAPIRateLimitedError(30))).toMatchObject({ unsure: false, retry: true });
  });

  test("errors of our own stay what they are", () => {
    const own = new TypeError("ours");
    expect(faultOf(own)).toBe(own);
  });
});

describe("the end of a growing message", () => {
  const answer = (text: string) => ({
    text,
    blocks: [{ type: "markdown" as const, text }, { type: "divider" as const }],
  });

  test("adds what has not been said yet", () => {
    expect(restAfter("Acme is ", answer("Acme is at risk."))).toEqual({
      blocks: [{ type: "divider" }],
      chunks: [{ type: "markdown_text", text: "at risk." }],
    });
    expect(restAfter("All of it.", answer("All of it."))).toEqual({ blocks: [{ type: "divider" }] });
    expect(restAfter("One. ", answer("One.\n\nTwo."))?.chunks).toEqual([{ type: "markdown_text", text: "\n\nTwo." }]);
  });

  test("is redrawn where the answer reads otherwise, or nothing was said", () => {
    expect(restAfter("Acme churned.", answer("Acme is at risk."))).toBeNull();
    expect(restAfter("", answer("Acme is at risk."))).toBeNull();
    expect(restAfter("Acme", { text: "Acme", blocks: [{ type: "divider" }] })).toBeNull();
  });
});

describe("a channel's queue", () => {
  test("goes on after a failure, and others do not wait for it", async () => {
    const queues = new Queues();
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = queues.run("C1", async () => {
      await gate.promise;
      throw new Error("refused");
    });
    const second = queues.run("C1", async () => order.push("C1"));
    await queues.run("C2", async () => order.push("C2"));
    gate.resolve();
    await expect(first).rejects.toThrow("refused");
    await second;
    expect(order).toEqual(["C2", "C1"]);
  });
});
