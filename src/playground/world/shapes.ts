/** What there is in a Slack: teams, people, channels, messages, views. Fields carry Slack's own names, so that an answer of the Web API is the thing itself. */

export interface Team {
  id: string;
  name: string;
  domain: string;
}

/** How somebody belongs to a team: guest is `is_restricted`, single_channel_guest `is_ultra_restricted`. */
export type PersonKind = "owner" | "admin" | "member" | "guest" | "single_channel_guest" | "bot";

export interface User {
  id: string;
  team_id: string;
  /** The handle, "owen.fairclough". */
  name: string;
  real_name: string;
  email: string | null;
  kind: PersonKind;
  deleted: boolean;
  /** IANA zone. */
  tz: string;
  title: string;
  /** Bots only. */
  bot_id: string | null;
  app_id: string | null;
}

export type ChannelKind = "channel" | "group" | "im" | "mpim";

export interface Channel {
  id: string;
  /** Without "#"; empty for direct messages. */
  name: string;
  kind: ChannelKind;
  /** Whose channel it is; a shared one is seen by several teams. */
  team_id: string;
  shared_team_ids: string[];
  is_archived: boolean;
  /** Posting is kept to admins: others get restricted_action. */
  admins_only: boolean;
  topic: string;
  purpose: string;
  creator: string;
  /** Seconds since 1970. */
  created: number;
  members: Set<string>;
  /** Every message that is still there, replies too, oldest first. Ephemerals are not among them. */
  messages: Message[];
}

/** A block as it came: validated, not typed. */
export interface Block {
  type: string;
  block_id?: string;
  [field: string]: unknown;
}

export interface Attachment {
  id?: number;
  fallback?: string;
  blocks?: Block[];
  [field: string]: unknown;
}

export interface Reaction {
  name: string;
  users: string[];
  count: number;
}

export interface Metadata {
  event_type: string;
  event_payload: Record<string, unknown>;
}

export interface BotProfile {
  id: string;
  app_id: string;
  name: string;
  team_id: string;
  deleted: boolean;
}

/** A message as `conversations.history` shows it. */
export interface Message {
  type: "message";
  subtype?: string;
  ts: string;
  user: string;
  text: string;
  team: string;
  client_msg_id?: string;
  bot_id?: string;
  app_id?: string;
  bot_profile?: BotProfile;
  /** Set where a bot wrote under another name. */
  username?: string;
  icons?: Record<string, string>;
  thread_ts?: string;
  parent_user_id?: string;
  reply_count?: number;
  reply_users?: string[];
  reply_users_count?: number;
  latest_reply?: string;
  blocks?: Block[];
  attachments?: Attachment[];
  files?: SlackFile[];
  edited?: { user: string; ts: string };
  reactions?: Reaction[];
  metadata?: Metadata;
  /** Messages that grow, or grew. */
  streaming_state?: "in_progress" | "completed" | "errored";
  /** A reply that is shown in the channel too. */
  root?: { ts: string; text: string; user: string };
  inviter?: string;
}

/** Only one person sees it; it is in no history. */
export interface Ephemeral extends Message {
  channel: string;
  is_ephemeral: true;
  /** Who sees it. */
  to: string;
}

export interface SlackFile {
  id: string;
  created: number;
  timestamp: number;
  name: string;
  title: string;
  mimetype: string;
  filetype: string;
  user: string;
  size: number;
  mode: "hosted" | "snippet";
  is_external: false;
  is_public: boolean;
  channels: string[];
  groups: string[];
  ims: string[];
  url_private: string;
  url_private_download: string;
  permalink: string;
}

/** What a bot sends as a view, checked but not typed. */
export interface ViewBody {
  type: "modal" | "home";
  title?: { type: "plain_text"; text: string };
  submit?: { type: "plain_text"; text: string };
  close?: { type: "plain_text"; text: string };
  blocks: Block[];
  callback_id: string;
  private_metadata: string;
  external_id: string;
  clear_on_close: boolean;
  notify_on_close: boolean;
}

/** A view as Slack answers it. */
export interface View extends ViewBody {
  id: string;
  team_id: string;
  app_id: string;
  bot_id: string;
  hash: string;
  root_view_id: string;
  previous_view_id: string | null;
  state: { values: ViewState };
}

/** `values[block_id][action_id]`, as Slack tells it. */
export type ViewState = Record<string, Record<string, Record<string, unknown>>>;

export type SessionStatus = "active" | "processing" | "suspended" | "closed";

/** An agent's conversation in a thread. */
export interface Session {
  channel: string;
  thread_ts: string;
  status: SessionStatus;
  title: string;
}

/** "Perennial is looking it up…", until the next message of the bot or two minutes. */
export interface Status {
  channel: string;
  thread_ts: string;
  status: string;
  loading_messages: string[];
}

export interface Prompts {
  channel: string;
  title: string;
  prompts: { title: string; message: string }[];
}

/** An app in a team: what its bot token may do. */
export interface Installation {
  teamId: string;
  botToken: string;
  botUserId: string;
  botId: string;
  scopes: string[];
  installedBy: string;
  /** Why the token no longer works; null: it does. */
  ended: "token_revoked" | "account_inactive" | null;
}

/** The app as it is registered: what its manifest says, and its secrets. */
export interface RegisteredApp {
  id: string;
  name: string;
  signingSecret: string;
  clientId: string;
  clientSecret: string;
  /** xapp-…, for Socket Mode. */
  appToken: string;
  verificationToken: string;
  /** What a new installation is asked for. */
  scopes: string[];
  /** Event types that Slack sends; null: all of them. */
  events: string[] | null;
  commands: { command: string; description: string; usageHint: string }[];
  shortcuts: { callbackId: string; name: string; type: "message" | "global" }[];
  /** Hosts whose links are told as link_shared. */
  unfurlDomains: string[];
  redirectUrls: string[];
}

/** One call of the Web API, as the page's raw view shows it. */
export interface ApiCall {
  /** 1, 2, 3, …: ask for those after the last one seen. */
  n: number;
  method: string;
  /** As sent, without the token. */
  args: Record<string, unknown>;
  status: number;
  answer: Record<string, unknown>;
  at: string;
  ms: number;
}
