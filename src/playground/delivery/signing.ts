import { createHmac } from "node:crypto";

/** The headers by which a bot knows that a request is Slack's: `v0=` and an HMAC over version, time and body. `at`: ms since 1970. */
export function signedHeaders(signingSecret: string, body: string, at: number): Record<string, string> {
  const seconds = String(Math.floor(at / 1000));
  return {
    "x-slack-request-timestamp": seconds,
    "x-slack-signature": `v0=${createHmac("sha256", signingSecret).update(`v0:${seconds}:${body}`).digest("hex")}`,
  };
}
