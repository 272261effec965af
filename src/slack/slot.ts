import { z } from "zod";
import type { Arrival } from "#inbox/inbox.ts";
import type { Schedule } from "#schedules/schedule.ts";

/** What stands in the inbox for a report that is due; no event of Slack's is called so. */
export const SLOT_EVENT = "perennial_slot";

const slotBody = z.object({
  event: z.object({ schedule: z.number(), slot: z.string(), asked: z.boolean().default(false) }),
});
export type Slot = z.output<typeof slotBody>["event"];

export const readSlot = (body: unknown): Slot => slotBody.parse(body).event;

/** What stands in the inbox for news of a schedule that its owner is to be told. */
export const OWNER_EVENT = "perennial_owner_news";

const ownerNews = z.object({
  schedule: z.number(),
  /** The newest one that it is about. */
  slot: z.string(),
  news: z.union([
    z.object({ kind: z.literal("failed"), because: z.string() }),
    /** So many slots that were due while nobody ran. */
    z.object({ kind: z.literal("missed"), count: z.number() }),
  ]),
});
export type OwnerNews = z.output<typeof ownerNews>;

export const readOwnerNews = (body: unknown): OwnerNews => z.object({ event: ownerNews }).parse(body).event;

/** News for the owner, in a lane of its own: it may have to wait for the end of their quiet hours, and reports do not. */
export const ownerArrival = (schedule: Schedule, { slot, news }: Pick<OwnerNews, "slot" | "news">): Arrival =>
  ownEvent(schedule, {
    key: `owner:${schedule.id}:${news.kind}:${new Date(slot).toISOString()}`,
    lane: `schedule-owner:${schedule.id}`,
    event: { type: OWNER_EVENT, schedule: schedule.id, slot, news },
  });

/** A slot as the worker takes it: with lease, marks and repetitions like everything that comes from Slack. */
export const slotArrival = (schedule: Schedule, slot: string, { asked = false } = {}): Arrival =>
  ownEvent(schedule, {
    key: `slot:${schedule.id}:${new Date(slot).toISOString()}`,
    lane: `schedule:${schedule.id}`,
    event: { type: SLOT_EVENT, schedule: schedule.id, slot, asked },
  });

/** An event of our own, as if Slack had sent it to the team in which the schedule was made. */
export const ownEvent = (
  { workspaceId, slackTeam }: Pick<Schedule, "workspaceId" | "slackTeam">,
  { key, lane, event }: { key: string; lane: string; event: object },
): Arrival => ({
  ...{ workspaceId, key, kind: "event", lane },
  body: {
    type: "event_callback",
    team_id: slackTeam,
    authorizations: [{ team_id: slackTeam, is_bot: true }],
    event_id: key,
    event,
  },
});
