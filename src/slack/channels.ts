import { z } from "zod";
import { faultOf } from "./faults.ts";
import type { Where } from "./job.ts";
import { type Desk, knownLately, slackCode } from "./members.ts";

const channel = z.object({
  id: z.string(),
  name: z.string().optional(),
  is_im: z.boolean().optional(),
  is_mpim: z.boolean().optional(),
  is_private: z.boolean().optional(),
  is_ext_shared: z.boolean().optional(),
  is_pending_ext_shared: z.boolean().optional(),
});
type Told = z.output<typeof channel>;

const KNOWN_FOR_MS = 60_000; // people of another company may be let in at any time

/** What a channel is, as Slack itself says; null where we may not look (not a member, scope missing). Throws SlackFault. */
export async function lookUpChannel({ client, house, teamId }: Desk, id: string): Promise<Where | null> {
  const ask = async () => whereOf(channel.parse((await client.conversations.info({ channel: id })).channel));
  try {
    return await knownLately(house, `channel:${teamId}:${id}`, ask, KNOWN_FOR_MS);
  } catch (error) {
    if (NOT_TOLD.has(slackCode(error) ?? "")) return null;
    throw faultOf(error);
  }
}

const NOT_TOLD = new Set([
  "channel_not_found",
  "missing_scope",
  "not_in_channel",
  "method_not_supported_for_channel_type",
]);

function whereOf(told: Told): Where {
  return {
    channel: told.id,
    kind: kindOf(told),
    shared: (told.is_ext_shared ?? false) || (told.is_pending_ext_shared ?? false),
  };
}

function kindOf(told: Told): Where["kind"] {
  if (told.is_im) return "im";
  if (told.is_mpim) return "mpim";
  return told.is_private ? "group" : "channel";
}

/** What the id itself tells of a channel, for payloads that say no more. */
export const kindById = (id: string): Where["kind"] => (id.startsWith("D") ? "im" : "channel");
