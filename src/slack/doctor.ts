import { ok, type SlackCheck, wrong } from "./doctor/check.ts";
import { examineTeam } from "./doctor/team.ts";
import { examineClient, examineSocket } from "./doctor/ways-in.ts";
import { EVENTS_PATH } from "./manifest.ts";
import { eventsFor } from "./scopes.ts";
import type { SlackSettings } from "./settings.ts";

export type { SlackCheck } from "./doctor/check.ts";

/** What is right and wrong with the connection to Slack, as far as these settings let one ask. Changes nothing there. */
export async function examineSlack(settings: SlackSettings, ask: typeof fetch = fetch): Promise<SlackCheck[]> {
  const { transport, team, apiUrl } = settings;
  const desk = { ask, apiUrl, links: settings.crmLinks.length > 0 };
  const appToken = transport.kind === "socket" ? transport.appToken : null;
  const told = await Promise.all([
    team.kind === "token" ? examineTeam(desk, team.botToken, appToken) : examineClient(desk, team),
    appToken ? examineSocket(desk, appToken) : [overHttp(settings)],
  ]);
  const once = new Map([...told.flat(), events(desk.links)].map((check) => [JSON.stringify(check), check]));
  return [...once.values()]; // two tokens, and one network that is down
}

function overHttp({ team }: SlackSettings): SlackCheck {
  const address = `${team.kind === "oauth" ? team.publicUrl : "https://YOUR-HOST"}${EVENTS_PATH}`;
  if (!address.startsWith("https://"))
    return wrong(
      "HTTP",
      `Slack sends only to https addresses, and PERENNIAL_PUBLIC_URL gives ${address}.`,
      "Put a proxy with a certificate in front, and set PERENNIAL_PUBLIC_URL to its address.",
    );
  return ok(
    "HTTP",
    `Slack sends to ${address}. Whether it gets there cannot be asked from here: under “Event Subscriptions” the Request URL must be verified.`,
  );
}

/** Slack tells no app what it is subscribed to, so the person has to look. */
const events = (links: boolean): SlackCheck =>
  ok(
    "events",
    `Which events Slack sends cannot be asked with these tokens. Under “Event Subscriptions” of your app these must stand: ${eventsFor(links).join(", ")}. If one is missing, paste manifest.json under “App Manifest” and install the app again.`,
  );
