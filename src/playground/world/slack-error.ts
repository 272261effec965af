/** Slack refuses. The Web API answers it as `{ ok: false, error: code, …extra }`. */
export class SlackError extends Error {
  override readonly name = "SlackError";
  readonly code: string;
  readonly extra: Record<string, unknown>;
  constructor(code: string, extra: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}
