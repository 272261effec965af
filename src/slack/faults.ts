import {
  type WebAPICallResult,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from "@slack/web-api";

interface FaultKind {
  sentence: string;
  /** The same call may succeed in a moment. */
  retry?: boolean;
  /** Nothing can be said where it was asked; only to the person. */
  personal?: boolean;
  /** The token is over: nothing at all can be said in this team. */
  endsTeam?: boolean;
  /** It may have happened all the same. */
  unsure?: boolean;
}

/** Slack refused or did not answer. The message is a sentence for the person, with the cure. */
export class SlackFault extends Error {
  override readonly name = "SlackFault";
  /** Slack's own word: "channel_not_found". */
  readonly code: string;
  readonly retry: boolean;
  readonly personal: boolean;
  readonly endsTeam: boolean;
  readonly unsure: boolean;
  /** What Slack says about the blocks that it refused. */
  readonly details: string[];
  /** When Slack wants to be asked again, in seconds; null: it did not say. */
  readonly retryAfter: number | null;

  constructor(code: string, kind: FaultKind, more: { cause?: unknown; details?: string[]; retryAfter?: number } = {}) {
    super(kind.sentence, { cause: more.cause });
    this.code = code;
    this.retry = kind.retry ?? false;
    this.personal = kind.personal ?? false;
    this.endsTeam = kind.endsTeam ?? false;
    this.unsure = kind.unsure ?? false;
    this.details = more.details ?? [];
    this.retryAfter = more.retryAfter ?? null;
  }
}

const INVITE = "Invite me with /invite @Perennial and ask again, or ask me in a direct message.";
const TOKEN_OVER: FaultKind = {
  sentence: "Perennial was removed from this workspace. An admin can install it again.",
  endsTeam: true,
};
const SLACK_TROUBLE: FaultKind = {
  sentence: "Slack had trouble for a moment. Please ask again.",
  retry: true,
  unsure: true,
};
const TOO_LATE: FaultKind = { sentence: "That took too long; please press again." };
const GONE: FaultKind = { sentence: "That message is gone, or not mine to change. Please ask again." };
const NO_POSTING: FaultKind = {
  sentence: "Posting is restricted in that channel. Ask me in a direct message.",
  personal: true,
};

const KINDS: Record<string, FaultKind> = {
  channel_not_found: { sentence: `I cannot reach that channel. ${INVITE}`, personal: true },
  not_in_channel: { sentence: `I am not in that channel. ${INVITE}`, personal: true },
  is_archived: {
    sentence: "That channel is archived, so I cannot answer there. Ask me in a direct message.",
    personal: true,
  },
  restricted_action: NO_POSTING,
  restricted_action_read_only_channel: NO_POSTING,
  restricted_action_thread_only_channel: NO_POSTING,
  restricted_action_non_threadable_channel: NO_POSTING,
  restricted_action_thread_locked: NO_POSTING,
  thread_not_found: { sentence: "The thread in which you asked is gone. Please ask again.", personal: true },
  token_revoked: TOKEN_OVER,
  token_expired: TOKEN_OVER,
  account_inactive: TOKEN_OVER,
  invalid_auth: TOKEN_OVER,
  not_authed: TOKEN_OVER,
  team_disabled: TOKEN_OVER,
  msg_too_long: { sentence: "The answer is too long for Slack. Ask for less at once, such as one account." },
  msg_blocks_too_long: { sentence: "The answer is too long for Slack. Ask for less at once, such as one account." },
  view_too_large: { sentence: "That is too much for one window. Ask me in a message." },
  expired_trigger_id: TOO_LATE,
  exchanged_trigger_id: TOO_LATE,
  expired_url: { sentence: "That took too long, so Slack lets me no longer answer there. Please ask again." },
  used_url: { sentence: "Slack lets me answer there no more. Please ask again." },
  hash_conflict: { sentence: "That window was changed meanwhile. Please try again." },
  not_found: { sentence: "That window was closed. Please open it again." },
  message_not_found: GONE,
  cant_update_message: GONE,
  edit_window_closed: GONE,
  user_not_found: { sentence: "Slack does not know that person." },
  user_not_in_channel: { sentence: "I can show that only to people of this channel. Ask me in a direct message." },
  cannot_dm_bot: { sentence: "I cannot write to another bot." },
  fatal_error: SLACK_TROUBLE,
  internal_error: SLACK_TROUBLE,
  service_unavailable: SLACK_TROUBLE,
  request_timeout: SLACK_TROUBLE,
};

/** A fault of Slack's by its word, for what is found out without a call. */
export const slackFault = (code: string, cause?: unknown): SlackFault =>
  new SlackFault(code, KINDS[code] ?? unknown(code), { cause });

/** What a failed call means for a person. Anything but the errors of Slack's client comes back as it is. */
export function faultOf(error: unknown): unknown {
  if (error instanceof WebAPIPlatformError) return platformFault(error);
  if (error instanceof WebAPIRateLimitedError) return rateLimited(error.retryAfter, error);
  if (error instanceof WebAPIRequestError) return new SlackFault("no_answer", SLACK_TROUBLE, { cause: error });
  if (error instanceof WebAPIHTTPError) {
    return error.statusCode >= 500
      ? new SlackFault(`http_${error.statusCode}`, SLACK_TROUBLE, { cause: error })
      : new SlackFault(`http_${error.statusCode}`, unknown(`HTTP ${error.statusCode}`), { cause: error });
  }
  return error;
}

/** Slack asks to slow down, and longer than a job can wait. */
export const rateLimited = (seconds: number, cause?: unknown): SlackFault =>
  new SlackFault(
    "ratelimited",
    { sentence: `Slack asks me to slow down. I try again in ${seconds} seconds.`, retry: true },
    { cause, retryAfter: seconds },
  );

function platformFault(error: WebAPIPlatformError): SlackFault {
  const data: WebAPICallResult & { error: string; needed?: unknown } = error.data;
  const details = (data.response_metadata?.messages ?? []).map(String);
  if (data.error === "missing_scope") return missingScope(typeof data.needed === "string" ? data.needed : null, error);
  return new SlackFault(data.error, KINDS[data.error] ?? unknown(data.error), { cause: error, details });
}

const missingScope = (needed: string | null, cause: unknown): SlackFault =>
  new SlackFault(
    "missing_scope",
    {
      sentence: `Slack does not let me do that: the permission ${needed ?? "for it"} is missing. A workspace admin adds it under “OAuth & Permissions” of the app and installs the app again.`,
    },
    { cause },
  );

const unknown = (code: string): FaultKind => ({ sentence: `Slack refused that (${code}).` });

/** Whether Slack refused the blocks, not the message: its text alone can still be said. */
export const refusesBlocks = (error: unknown): error is SlackFault =>
  error instanceof SlackFault && (error.code.startsWith("invalid_blocks") || error.code === "msg_blocks_too_long");

/** Why a job ended before it was done. */
export class JobEnded extends Error {
  override readonly name = "JobEnded";
  /** stopped: by the stop button; shutdown: another process goes on; lost: another process has it already. */
  readonly why: "stopped" | "shutdown" | "lost";
  constructor(why: "stopped" | "shutdown" | "lost") {
    super(`the job ended: ${why}`);
    this.why = why;
  }
}
