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

/** A slot as the worker takes it: with lease, marks and repetitions like everything that comes from Slack. */
export function slotArrival(schedule: Schedule, slot: string, { asked = false } = {}): Arrival {
  const { workspaceId, id, slackTeam } = schedule;
  const key = `slot:${id}:${new Date(slot).toISOString()}`;
  return {
    workspaceId,
    key,
    kind: "event",
    lane: `schedule:${id}`,
    body: {
      type: "event_callback",
      team_id: slackTeam,
      authorizations: [{ team_id: slackTeam, is_bot: true }],
      event_id: key,
      event: { type: SLOT_EVENT, schedule: id, slot, asked },
    },
  };
}
