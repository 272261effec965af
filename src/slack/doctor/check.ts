import type { DoctorDesk, Reply } from "./call.ts";

/** One thing that was looked at, and what to do where it is not well. */
export interface SlackCheck {
  name: string;
  ok: boolean;
  says: string;
  cure: string | null;
}

export const ok = (name: string, says: string): SlackCheck => ({ name, ok: true, says, cure: null });
export const wrong = (name: string, says: string, cure: string): SlackCheck => ({ name, ok: false, says, cure });

export const COPY_BOT_TOKEN =
  "Copy the “Bot User OAuth Token” (it begins with xoxb-) from “OAuth & Permissions” of your app into SLACK_BOT_TOKEN.";
export const COPY_APP_TOKEN =
  "Under “Basic Information” → “App-Level Tokens”, generate a token with the scope connections:write (it begins with xapp-) and set SLACK_APP_TOKEN to it.";

const CURES: Record<string, string> = {
  account_inactive:
    "The app was removed from the workspace, or its bot was switched off. Install it again under “Install App”.",
  token_revoked: "The token was taken back. Install the app again under “Install App” and copy the new token.",
  token_expired: "Token rotation is on. Switch it off under “OAuth & Permissions” and install the app again.",
  ratelimited: "Slack asks to wait. Try again in a minute.",
};

/** What to do about a word of Slack's. */
export const cureOf = (error: string, otherwise: string): string => CURES[error] ?? otherwise;

export const unreachable = ({ apiUrl }: DoctorDesk, { why }: Reply): SlackCheck =>
  wrong(
    "Slack",
    `${new URL(apiUrl).host} does not answer (${why}).`,
    "Check the network of this machine: a firewall or proxy must let it reach Slack. SLACK_API_URL stays unset, but for tests.",
  );

const CLOCK_NOTE_SECONDS = 60;
const CLOCK_BROKEN_SECONDS = 300; // Slack's signatures hold for five minutes

/** Whether our clock goes with Slack's; nothing where Slack did not tell the time. */
export function clock({ aheadBy }: Reply): SlackCheck[] {
  if (aheadBy === null) return [];
  const off = Math.abs(aheadBy);
  if (off <= CLOCK_NOTE_SECONDS) return [ok("clock", "It goes with Slack's.")];
  const says = `The clock of this machine is ${off} seconds ${aheadBy > 0 ? "ahead of" : "behind"} Slack's.`;
  if (off < CLOCK_BROKEN_SECONDS)
    return [ok("clock", `${says} From ${CLOCK_BROKEN_SECONDS} seconds on, Slack's signatures would be refused.`)];
  return [
    wrong(
      "clock",
      `${says} Slack's signatures are refused, and so is everything that comes over HTTP.`,
      "Set the clock, best by NTP.",
    ),
  ];
}
