import type { IncomingMessage } from "node:http";

const LOOPBACK_NAMES = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Whether a request names this machine. A page of another site that had its name resolved to us (DNS rebinding) does not. */
export function namesLoopback(request: IncomingMessage): boolean {
  const host = request.headers.host;
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  return LOOPBACK_NAMES.has(new URL(`http://${host}`).hostname);
}

/** Whether a request comes from our own page, or from no page at all, as those of tests and terminals do. */
export function isOwnPage(request: IncomingMessage): boolean {
  const { origin, host, "sec-fetch-site": site = "none" } = request.headers;
  return (site === "same-origin" || site === "none") && (origin === undefined || origin === `http://${host}`);
}

/** Sent with everything: nothing from outside, no inline script or style, no frame, no guessing of types. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};
