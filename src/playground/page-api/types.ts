/**
 * What the playground's page and its server say to each other: JSON over fetch, and one stream of server-sent events.
 * Blocks, views and attachments travel as Slack writes them; everything else is written for the page.
 *
 *   GET  /page-api/world?as=U                    → PageWorld   without `as`: of the first person who can speak
 *   GET  /page-api/history?as=U&channel=C        → PageHistory
 *   GET  /page-api/thread?as=U&channel=C&ts=…    → PageThread
 *   GET  /page-api/home-view?as=U                → { view: PageView | null }
 *   GET  /page-api/views?as=U                    → { views: PageView[] }   open modals, the top one last
 *   GET  /page-api/calls?after=n                 → { calls: PageCall[] }
 *   GET  /page-api/file?id=F…&as=U               → the file itself
 *   GET  /page-api/events?as=U                   → text/event-stream of PageEvent (all under the event name "message")
 *   POST /page-api/say                           SayInput → { ts }
 *   POST /page-api/command                       CommandInput → BotAnswer
 *   POST /page-api/press                         PressInput → BotAnswer
 *   POST /page-api/options                       OptionsInput → OptionsAnswer
 *   POST /page-api/submit                        SubmitInput → SubmitAnswer
 *   POST /page-api/close                         CloseInput → { ok: true }
 *   POST /page-api/shortcut                      ShortcutInput → BotAnswer
 *   POST /page-api/home                          HomeInput → { ok: true }
 *   POST /page-api/react                         ReactInput → { ok: true }   a second time takes it away
 *   POST /page-api/stop                          StopInput → { ok: true }
 *
 * A request the server cannot carry out answers 4xx with `{ error: "code", message: "a sentence for the person" }`.
 * What a bot fails to do (no answer in time, no listener) is not an HTTP error: it is `BotAnswer.failed`, and a toast too.
 */

export type Block = Record<string, unknown> & { type: string };

/** The kind of person, for the switcher. `other-bot` cannot be spoken as. */
export type PersonKind =
  | "member"
  | "admin"
  | "owner"
  | "guest"
  | "single-channel guest"
  | "stranger"
  | "bot"
  | "deactivated";

export interface PageUser {
  id: string;
  /** Login name, e.g. "ingrid.sandoval". */
  name: string;
  realName: string;
  kind: PersonKind;
  /** Job title, when the profile has one. */
  title: string | null;
  /** IANA zone, e.g. "Europe/Berlin". */
  tz: string;
  /** Name of the user's own team; differs from the page's team for strangers. */
  teamName: string;
  /** Deactivated people and bots cannot act. */
  canSpeak: boolean;
}

export interface PageChannel {
  id: string;
  /** Without "#"; of a DM: the partner's name. */
  name: string;
  type: "channel" | "group" | "im" | "mpim";
  isMember: boolean;
  isShared: boolean;
  isArchived: boolean;
  topic: string;
  /** The partner's user id, of a DM. */
  with: string | null;
  /** The bot is in it. */
  hasBot: boolean;
}

export interface PageWorld {
  team: { id: string; name: string; domain: string };
  me: PageUser;
  /** Everybody, for mentions and the switcher. */
  users: PageUser[];
  /** What I may see: public channels and those I am in. My DM with the bot is among them and has `with: bot.userId`. */
  channels: PageChannel[];
  /** `dmChannel`: null for strangers and deactivated people, who have no direct messages with the bot. */
  bot: { userId: string; botId: string; appId: string; name: string; dmChannel: string | null };
  commands: { command: string; description: string; usageHint: string }[];
  /** `description`: empty where the app gives none. */
  shortcuts: { callback_id: string; name: string; type: "global" | "message"; description: string }[];
  /** A line to show on top, e.g. that no model is configured. */
  notice: string | null;
  /** A bot is connected (a socket, or a request URL). */
  connected: boolean;
}

export interface PageFile {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  /** Bytes. */
  size: number;
  /** Path of the download on this server, `as` included. */
  url: string;
}

export interface PageMessage {
  channel: string;
  ts: string;
  /** The thread it belongs to; equals `ts` on a parent with replies; null outside threads. */
  threadTs: string | null;
  user: string | null;
  botId: string | null;
  subtype: string | null;
  text: string;
  /** Plain text of messages with `mrkdwn: false`, else Slack mrkdwn. */
  mrkdwn: boolean;
  blocks: Block[];
  attachments: Record<string, unknown>[];
  files: PageFile[];
  reactions: { name: string; users: string[]; count: number }[];
  edited: { user: string; ts: string } | null;
  /** "Only visible to you". */
  isEphemeral: boolean;
  /** A stream is still open: text grows. */
  isStreaming: boolean;
  replyCount: number;
  latestReply: string | null;
  /** Of top-level messages in /history: the last 50 replies, oldest first, own ephemerals mixed in. Elsewhere empty. */
  replies: PageMessage[];
}

/** "Perennial is looking it up…" under a thread; an empty status takes it away. */
export interface PageStatus {
  channel: string;
  threadTs: string | null;
  status: string;
  loadingMessages: string[];
}

/** An agent session of a thread. While `processing` the page offers Stop. */
export interface PageSession {
  channel: string;
  threadTs: string | null;
  /** As the bot set it; "processing" (or "in_progress") offers Stop. */
  status: string | null;
  title: string | null;
}

export interface PagePrompts {
  channel: string;
  title: string | null;
  prompts: { title: string; message: string }[];
}

export interface PageHistory {
  channel: PageChannel;
  /** Top level, oldest first, own ephemerals mixed in. */
  messages: PageMessage[];
  statuses: PageStatus[];
  prompts: PagePrompts | null;
  sessions: PageSession[];
}

export interface PageThread {
  parent: PageMessage;
  /** Oldest first. */
  replies: PageMessage[];
  status: PageStatus | null;
  session: PageSession | null;
}

/** A modal or a Home tab. */
export interface PageView {
  id: string;
  type: "modal" | "home";
  hash: string;
  title: string;
  submit: string | null;
  close: string | null;
  blocks: Block[];
  callbackId: string;
  notifyOnClose: boolean;
  clearOnClose: boolean;
  submitDisabled: boolean;
  previousViewId: string | null;
  rootViewId: string | null;
  /** Values the person has put in so far (kept over updates), block_id → action_id → value. */
  state: ViewState;
}

/** block_id → action_id → what the element holds, in Slack's `state.values` form (`{ type, value | selected_option | … }`). */
export type ViewState = Record<string, Record<string, Record<string, unknown>>>;

export interface PageCall {
  /** Counts up from 1. */
  n: number;
  /** ISO instant. */
  at: string;
  method: string;
  args: Record<string, unknown>;
  answer: Record<string, unknown>;
  ms: number;
}

/** Where the pressed element stands. */
export type Container =
  | { channel: string; message_ts: string; thread_ts?: string | null | undefined; is_ephemeral?: boolean | undefined }
  | { view_id: string };

/** `text` in Slack's own form: mentions as `<@U…>`, links in angle brackets, `&`, `<` and `>` escaped. */
export interface SayInput {
  as: string;
  channel: string;
  text: string;
  thread_ts?: string;
}
export interface CommandInput {
  as: string;
  channel: string;
  /** The whole line: "/perennial overview Acme". */
  text: string;
  thread_ts?: string;
}
/** What was pressed or chosen; the page sends the fields that Slack has for the element's type. */
export interface PressedAction {
  block_id: string;
  action_id: string;
  type: string;
  value?: string;
  text?: Record<string, unknown>;
  selected_option?: Record<string, unknown> | null;
  selected_options?: Record<string, unknown>[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
  selected_user?: string | null;
  selected_users?: string[];
  selected_conversation?: string | null;
  selected_conversations?: string[];
  selected_channel?: string | null;
  selected_channels?: string[];
}
export interface PressInput {
  as: string;
  container: Container;
  action: PressedAction;
  state?: ViewState;
}
export interface OptionsInput {
  as: string;
  container: Container;
  block_id: string;
  action_id: string;
  /** What the person typed so far. */
  value: string;
}
export interface SubmitInput {
  as: string;
  view_id: string;
  state: ViewState;
}
export interface CloseInput {
  as: string;
  view_id: string;
  /** "Close all" of a stack. */
  is_cleared?: boolean;
}
export interface ShortcutInput {
  as: string;
  callback_id: string;
  /** Of a message shortcut: the message it was used on. */
  channel?: string;
  message_ts?: string;
}
export interface HomeInput {
  as: string;
  tab: "home" | "messages";
}
export interface ReactInput {
  as: string;
  channel: string;
  ts: string;
  name: string;
}
export interface StopInput {
  as: string;
  channel: string;
  thread_ts?: string;
}

/** `ok`: the bot took it. `failed`: a sentence for the person ("Perennial did not respond in time."). Both within 3.5 s. */
export type BotAnswer = { ok: true } | { ok: false; failed: string };

export type OptionsAnswer =
  | { ok: true; options: Option[]; option_groups: { label: Record<string, unknown>; options: Option[] }[] }
  | { ok: false; failed: string };
export type Option = Record<string, unknown> & { text: Record<string, unknown>; value: string };

/**
 * `errors`: block_id → sentence, the modal stays open. `closed`: the modal stack that is left after it (empty: all closed).
 * Changes of views come as "view" events too; the answer lets the page act without waiting for them.
 */
export type SubmitAnswer =
  | { ok: true; views: PageView[] }
  | { ok: false; errors: Record<string, string> }
  | { ok: false; failed: string };

/** One change, for the person named by `as` only what that person may see. Every event carries its own number (SSE `id`). */
export type PageEvent =
  | { type: "message"; channel: string; message: PageMessage }
  | { type: "changed"; channel: string; message: PageMessage }
  | { type: "deleted"; channel: string; ts: string; threadTs: string | null }
  | { type: "ephemeral"; channel: string; message: PageMessage }
  | { type: "stream"; channel: string; message: PageMessage }
  | { type: "reaction"; channel: string; message: PageMessage }
  | { type: "status"; status: PageStatus }
  | { type: "session"; session: PageSession }
  | { type: "prompts"; prompts: PagePrompts }
  /** My modals, whole, the top one last; empty: none is open. */
  | { type: "view"; views: PageView[] }
  | { type: "home"; view: PageView | null }
  /** Channels or people changed: fetch /page-api/world again. */
  | { type: "world" }
  | { type: "call"; call: PageCall }
  | { type: "toast"; text: string; tone: "error" | "info" }
  /** Changes were missed (the server was restarted, or the replay is too old): fetch everything again. */
  | { type: "reload" };
