import type { Actor } from "#actor.ts";
import type { Claimed } from "#inbox/inbox.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import type { SlackHouse } from "./house.ts";
import type { Poster } from "./post/poster.ts";

/** One thing to do for Slack: an event, command, press, shortcut or submitted modal, with everything that answering it takes. */
export interface Job {
  claimed: Claimed;
  workspace: Workspace;
  house: SlackHouse;
  post: Poster;
  /** Our own user in this team. */
  botUserId: string;
  teamId: string;
  /** Aborted by the stop button, at shutdown, and when another process took the job over. */
  signal: AbortSignal;
  /** Who asks, in front of whom. Throws SlackRefusal with a sentence for strangers, guests, bots and deactivated people. */
  asker(userId: string, where: Where): Promise<Asker>;
}

/** Where somebody speaks, as the payload tells it. */
export interface Where {
  channel: string;
  kind: "im" | "mpim" | "channel" | "group";
  /** People of another company are in it. */
  shared: boolean;
}

/** A person of the workspace who asks. */
export interface Asker {
  actor: Actor;
  userId: string;
  /** As the CRM names an owner; null where the person owns nothing there. */
  ownerName: string | null;
  name: string;
  zone: string;
  isAdmin: boolean;
}
