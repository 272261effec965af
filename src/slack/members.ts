import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { faultOf } from "./faults.ts";
import type { SlackHouse } from "./house.ts";

/** What somebody is to the team that asks: only members are answered. */
export type Standing = "member" | "guest" | "stranger" | "bot" | "gone";

/** Somebody of Slack, as far as it matters who they are. */
export interface Member {
  userId: string;
  name: string;
  email: string | null;
  zone: string | null;
  isAdmin: boolean;
  standing: Standing;
}

const user = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  tz: z.string().nullish(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_workflow_bot: z.boolean().optional(),
  is_admin: z.boolean().optional(),
  is_owner: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  profile: z.object({ email: z.string().nullish(), real_name: z.string().nullish() }).optional(),
  enterprise_user: z.object({ teams: z.array(z.string()).optional() }).optional(),
});
type User = z.output<typeof user>;

const SLACKBOT = "USLACKBOT"; // Slack does not call it a bot

/** Who a Slack user is to a team. */
export function memberOf(given: User, teamId: string): Member {
  return {
    userId: given.id,
    name: given.profile?.real_name || given.real_name || given.name || given.id,
    email: given.profile?.email || null,
    zone: given.tz || null,
    isAdmin: (given.is_admin ?? false) || (given.is_owner ?? false),
    standing: standingOf(given, teamId),
  };
}

function standingOf(given: User, teamId: string): Standing {
  const teams = [given.team_id, ...(given.enterprise_user?.teams ?? [])];
  if (given.is_bot || given.is_workflow_bot || given.id === SLACKBOT) return "bot";
  if (given.deleted) return "gone";
  if (given.is_stranger || !teams.includes(teamId)) return "stranger";
  return given.is_restricted || given.is_ultra_restricted ? "guest" : "member";
}

/** Where Slack is asked, and on whose behalf. */
export interface Desk {
  client: WebClient;
  house: SlackHouse;
  teamId: string;
}

const KNOWN_FOR_MS = 10 * 60_000;
const MOST_KNOWN = 5_000; // people and channels of a process; more are asked for again

interface Known {
  told: Promise<unknown>;
  at: number;
}
/** What Slack said lately, per process. A house is the key, so that two doors of one process never share it. */
const lately = new WeakMap<SlackHouse, Map<string, Known>>();

/** Asks once in that time, 10 minutes unless given; a failure is not kept. */
export function knownLately<T>(
  house: SlackHouse,
  key: string,
  ask: () => Promise<T>,
  lasts = KNOWN_FOR_MS,
): Promise<T> {
  const known = lately.get(house) ?? new Map<string, Known>();
  lately.set(house, known);
  const before = known.get(key);
  if (before && Date.now() - before.at < lasts) return before.told as Promise<T>; // the key says what it is of
  const told = ask();
  known.delete(key);
  known.set(key, { told, at: Date.now() });
  for (const oldest of known.keys()) {
    if (known.size <= MOST_KNOWN) break;
    known.delete(oldest);
  }
  told.catch(() => known.get(key)?.told === told && known.delete(key));
  return told;
}

/** Lets go of what is known of a person. */
export const forgetMember = (house: SlackHouse, teamId: string, userId: string): void => {
  lately.get(house)?.delete(memberKey(teamId, userId));
};

const memberKey = (teamId: string, userId: string): string => `member:${teamId}:${userId}`;

/** Who that is; null where Slack does not know them here. Throws SlackFault. */
export const lookUpMember = ({ client, house, teamId }: Desk, userId: string): Promise<Member | null> =>
  knownLately(house, memberKey(teamId, userId), async () => {
    try {
      const { user: told } = await client.users.info({ user: userId });
      return memberOf(user.parse(told), teamId);
    } catch (error) {
      if (NOT_HERE.has(slackCode(error) ?? "")) return null;
      throw faultOf(error);
    }
  });

const NOT_HERE = new Set(["user_not_found", "user_not_visible"]);

/** Slack's own word for what went wrong with a call; null when it was something else. */
export function slackCode(error: unknown): string | null {
  const told = z.object({ data: z.object({ error: z.string() }) }).safeParse(error);
  return told.success ? told.data.data.error : null;
}
