import { rateLimited, slackFault } from "../faults.ts";
import type { Message } from "../message.ts";
import { wordsOf } from "./shown.ts";

const SLACK_HOSTS = new Set(["hooks.slack.com", "hooks.slack-gov.com"]);

/** Whether an address that came with a payload is Slack's own. `apiUrl` is Slack's, or the playground's. */
export function isSlacks(address: string, apiUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") return false;
  const ours = new URL(apiUrl);
  if (ours.hostname === "slack.com")
    return url.protocol === "https:" && url.port === "" && SLACK_HOSTS.has(url.hostname);
  return url.origin === ours.origin;
}

/** Answers at the address that came with a command or a press. Throws SlackFault. */
export async function respondAt(
  address: string,
  message: Message,
  how: { replace: boolean; timeout: number; signal: AbortSignal },
): Promise<void> {
  const body = JSON.stringify({
    ...wordsOf(message),
    ...(how.replace
      ? { replace_original: true, blocks: message.blocks }
      : { response_type: "ephemeral", replace_original: false }),
  });
  const response = await send(address, body, how);
  if (response.ok) return;
  const said = (await response.text()).slice(0, 300);
  if (response.status === 429) throw rateLimited(Number(response.headers.get("retry-after") ?? 1));
  if (response.status >= 500) throw slackFault("service_unavailable", said);
  throw slackFault(
    /expired_url|used_url|invalid_blocks\w*|msg_too_long|no_text|channel_not_found|is_archived/.exec(said)?.[0] ??
      "expired_url",
    said,
  );
}

async function send(address: string, body: string, { timeout, signal }: { timeout: number; signal: AbortSignal }) {
  signal.throwIfAborted();
  try {
    return await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body,
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw slackFault("service_unavailable", cause);
  }
}
