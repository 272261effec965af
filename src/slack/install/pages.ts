import type { ServerResponse } from "node:http";

/** A page of the install: what it says, and at most one thing to press. */
export interface Page {
  title: string;
  says: string;
  press?: { label: string; url: string };
}

/** The page that an install begins with. */
export const installPage = (url: string): Page => ({
  title: "Install Perennial",
  says: "Perennial answers questions about your customers in Slack; Slack shows you what it may do before you agree.",
  press: { label: "Install in a Slack workspace", url },
});

export const installedPage = (team: string, url: string): Page => ({
  title: "Perennial is installed",
  says: `Perennial is in ${team} now. Open its Messages tab and ask, or mention it in a channel.`,
  press: { label: "Open Slack", url },
});

/** An install that did not happen, with what to do about it. */
export const notInstalledPage = (says: string, url: string): Page => ({
  title: "Perennial was not installed",
  says,
  press: { label: "Begin again", url },
});

/** The page as HTML that needs no script and nothing from outside. */
export const html = ({ title, says, press }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0 auto; padding: 12vh 1.5rem; max-width: 34rem; font: 1.05rem/1.6 system-ui, sans-serif; }
h1 { font-size: 1.5rem; }
a { display: inline-block; margin-top: 1rem; padding: 0.7rem 1.2rem; border-radius: 0.5rem; background: #1f5a41; color: #fff; text-decoration: none; }
a:focus-visible { outline: 3px solid #7fb69b; outline-offset: 3px; }
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(says)}</p>
${press ? `<a href="${escaped(press.url)}">${escaped(press.label)}</a>` : ""}
</main>
</body>
</html>
`;

/** The address of the page holds a code and a state: nothing may keep it or hand it on. */
export const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** Sends a page. */
export function show(response: ServerResponse, status: number, page: Page): void {
  response.writeHead(status, PAGE_HEADERS).end(html(page));
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!); // each has one
