import type { OAuthSettings } from "../settings.ts";
import { call, type DoctorDesk } from "./call.ts";
import { COPY_APP_TOKEN, clock, cureOf, ok, type SlackCheck, unreachable, wrong } from "./check.ts";

/** The app-level token: whether it opens a socket. The address that Slack gives is not used. */
export async function examineSocket(desk: DoctorDesk, appToken: string): Promise<SlackCheck[]> {
  if (!appToken.startsWith("xapp-"))
    return [wrong("app token", "SLACK_APP_TOKEN is not an app-level token.", COPY_APP_TOKEN)];
  const opened = await call(desk, "apps.connections.open", appToken);
  if (opened.ok) return [ok("Socket Mode", "Slack opens a socket for SLACK_APP_TOKEN.")];
  if (opened.error === "no_answer") return [unreachable(desk, opened)];
  const cure = `${cureOf(opened.error, COPY_APP_TOKEN)} “Socket Mode” must be switched on as well.`;
  return [wrong("Socket Mode", `Slack opens no socket for SLACK_APP_TOKEN (${opened.error}).`, cure)];
}

/** Client id and secret, asked with a code that no install gave: Slack looks at the pair first. */
export async function examineClient(
  desk: DoctorDesk,
  { clientId, clientSecret }: OAuthSettings,
): Promise<SlackCheck[]> {
  const told = await call(desk, "oauth.v2.access", null, {
    client_id: clientId,
    client_secret: clientSecret,
    code: "perennial-doctor",
  });
  if (told.error === "no_answer") return [unreachable(desk, told)];
  const pair = CLIENT_FAULTS[told.error];
  if (pair)
    return [
      wrong(
        "OAuth client",
        `Slack does not know the pair: ${pair} (${told.error}).`,
        "Copy both from “Basic Information” → “App Credentials”.",
      ),
      ...clock(told),
    ];
  return [
    ok("OAuth client", "Slack knows SLACK_CLIENT_ID with its secret. Tokens come with each install."),
    ...clock(told),
  ];
}

const CLIENT_FAULTS: Record<string, string> = {
  invalid_client_id: "SLACK_CLIENT_ID is of no app",
  bad_client_secret: "SLACK_CLIENT_SECRET is not the one of this app",
  invalid_client: "SLACK_CLIENT_ID or SLACK_CLIENT_SECRET is wrong",
};
