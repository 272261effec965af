import type { App } from "@slack/bolt";
import { z } from "zod";
import type { SlackHouse } from "../house.ts";
import { forgetMember } from "../members.ts";
import { jobOf } from "./job-of.ts";

const MOST_VIEWERS = 5_000; // of a process; it is a courtesy, and is forgotten when the process ends

const looking = z.object({
  user: z.string(),
  context: z.object({ entities: z.array(z.object({ type: z.string(), value: z.unknown() })).optional() }),
});

/** What each person looks at beside the agent, by team and user: one person's is never another's. */
const lookedAt = new WeakMap<SlackHouse, Map<string, string>>();

/** The channel that a person has open beside the conversation; null where Slack has not said. A hint, never a right. */
export const channelInView = (house: SlackHouse, teamId: string, userId: string): string | null =>
  lookedAt.get(house)?.get(`${teamId}:${userId}`) ?? null;

/** Remembers what people look at, and forgets who they were when their profile changes. */
export function registerContext(app: App): void {
  app.event("app_context_changed", async ({ event, context }) => {
    const { house, teamId } = jobOf(context);
    const read = looking.safeParse(event);
    if (!read.success) return;
    const { user, context: seen } = read.data;
    const channel = seen.entities?.find(({ type }) => type === "slack#/types/channel_id")?.value;
    noteInView(house, `${teamId}:${user}`, typeof channel === "string" ? channel : null);
  });
  app.event("user_change", async ({ event, context }) => {
    const { house, teamId } = jobOf(context);
    forgetMember(house, teamId, event.user.id);
  });
}

function noteInView(house: SlackHouse, who: string, channel: string | null): void {
  const known = lookedAt.get(house) ?? new Map<string, string>();
  lookedAt.set(house, known);
  known.delete(who);
  if (channel !== null) known.set(who, channel);
  for (const oldest of known.keys()) {
    if (known.size <= MOST_VIEWERS) break;
    known.delete(oldest);
  }
}
