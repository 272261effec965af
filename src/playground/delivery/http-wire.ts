import { signedHeaders } from "./signing.ts";
import { failed, type Outcome, type Parcel, type Spans, type Wire } from "./wire.ts";

interface HttpWireSettings {
  requestUrl: string;
  signingSecret: string;
  spans: Pick<Spans, "ack">;
  /** ms since 1970; the signature carries it. */
  now: () => number;
}

const FORM = "application/x-www-form-urlencoded";

/** Signed POSTs to the bot's request URL, as Slack sends them: events as JSON, the rest as forms. */
export class HttpWire implements Wire {
  readonly #settings: HttpWireSettings;

  constructor(settings: HttpWireSettings) {
    this.#settings = settings;
  }

  get requestUrl(): string {
    return this.#settings.requestUrl;
  }

  async send(parcel: Parcel): Promise<Outcome> {
    const { body, type } = written(parcel);
    const headers: Record<string, string> = {
      "content-type": type,
      "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
      ...signedHeaders(this.#settings.signingSecret, body, this.#settings.now()),
    };
    if (parcel.retry) {
      headers["x-slack-retry-num"] = String(parcel.retry.num);
      headers["x-slack-retry-reason"] = parcel.retry.reason;
    }
    return this.#post(body, headers);
  }

  /** Whether the bot at the request URL answers Slack's challenge, which Slack asks before it takes an address. */
  async verify(token: string): Promise<Outcome> {
    const challenge = crypto.randomUUID();
    const outcome = await this.send({ kind: "events_api", payload: { token, challenge, type: "url_verification" } });
    if (outcome.state === "failed") return outcome;
    const said = outcome.answer;
    const repeated = typeof said === "string" ? said : (said as { challenge?: unknown } | null)?.challenge; // checked below
    return repeated === challenge ? outcome : failed("http_error", "the challenge was not repeated");
  }

  async #post(body: string, headers: Record<string, string>): Promise<Outcome> {
    const { requestUrl, spans } = this.#settings;
    try {
      const signal = AbortSignal.timeout(spans.ack);
      const response = await fetch(requestUrl, { method: "POST", body, headers, redirect: "manual", signal });
      const said = await response.text();
      if (response.ok) return { state: "acked", answer: readAnswer(said) };
      return failed("http_error", `HTTP ${response.status}`, response.headers.get("x-slack-no-retry") === "1");
    } catch (fault) {
      if (fault instanceof DOMException && fault.name === "TimeoutError")
        return failed("http_timeout", `no answer within ${spans.ack} ms`);
      return failed("connection_failed", String(fault instanceof Error ? (fault.cause ?? fault) : fault));
    }
  }
}

/** Events are JSON; a command is a form of its fields; everything else is a form with one field, `payload`. */
function written({ kind, payload }: Parcel): { body: string; type: string } {
  if (kind === "events_api") return { body: JSON.stringify(payload), type: "application/json" };
  if (kind === "interactive")
    return { body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), type: FORM };
  const fields = Object.entries(payload).map(([name, value]): [string, string] => [name, String(value)]);
  return { body: new URLSearchParams(fields).toString(), type: FORM };
}

/** JSON where it is JSON, else the words as they are; null for nothing. */
function readAnswer(said: string): unknown {
  if (said === "") return null;
  try {
    return JSON.parse(said);
  } catch (notJson) {
    if (notJson instanceof SyntaxError) return said;
    throw notJson;
  }
}
