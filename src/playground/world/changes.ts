import type { ApiCall, Channel, Ephemeral, Message, Prompts, Reaction, Session, Status, User, View } from "./shapes.ts";

export interface Authorization {
  enterprise_id: null;
  team_id: string;
  user_id: string;
  is_bot: true;
  is_enterprise_install: false;
}

/** Something that Slack would tell the app. Delivery wraps it in an `event_callback`. */
export interface AppEvent {
  /** The outer `team_id`: the team of who did it, which in a shared channel may be a stranger's. Never the tenant. */
  teamId: string;
  /** `context_team_id`: the team that installed the app. */
  contextTeamId: string;
  /** The inner event as Slack writes it, with its type. */
  event: { type: string; event_ts: string; [field: string]: unknown };
  /** is_ext_shared_channel */
  shared: boolean;
  authorizations: Authorization[];
}

/** Something that a page showing this Slack would redraw. */
export type PageChange =
  | { type: "message"; channel: string; message: Message }
  | { type: "changed"; channel: string; message: Message }
  | { type: "deleted"; channel: string; ts: string; thread_ts: string | null }
  | { type: "ephemeral"; channel: string; user: string; message: Ephemeral }
  | { type: "ephemeral_changed"; channel: string; user: string; message: Ephemeral }
  | { type: "ephemeral_deleted"; channel: string; user: string; ts: string }
  /** A message that grows: its whole self so far. */
  | { type: "stream"; channel: string; message: Message }
  | { type: "reaction"; channel: string; ts: string; reactions: Reaction[] }
  /** An empty status: it is gone. */
  | { type: "status"; status: Status }
  | { type: "session"; session: Session }
  | { type: "prompts"; prompts: Prompts }
  /** The whole stack of open modals, the lowest first; empty: all are closed. */
  | { type: "view"; user: string; stack: View[] }
  | { type: "home"; user: string; view: View }
  | { type: "channel"; channel: Channel }
  | { type: "user"; user: User }
  | { type: "call"; call: ApiCall }
  /** A word to one person: "Perennial did not respond". */
  | { type: "toast"; user: string; text: string };

export interface WorldEvents {
  app: [AppEvent];
  page: [PageChange];
}
