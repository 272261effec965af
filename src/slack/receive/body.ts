import { z } from "zod";
import type { TeamAccess } from "../access.ts";

const id = z.object({ id: z.string() });
const authorization = z.object({ team_id: z.string().nullish(), user_id: z.string().nullish() });

/** What we read of a body of Slack's before anybody works on it. Everything else is left as it came. */
const incoming = z.looseObject({
  type: z.string().optional(),
  // events
  event_id: z.string().optional(),
  team_id: z.string().nullish(),
  context_team_id: z.string().nullish(),
  enterprise_id: z.string().nullish(),
  authorizations: z.array(authorization).nullish(),
  event: z
    .looseObject({
      type: z.string(),
      subtype: z.string().optional(),
      channel: z.unknown().optional(),
      channel_type: z.string().optional(),
      user: z.unknown().optional(),
      bot_id: z.string().nullish(),
      text: z.string().nullish(),
      ts: z.string().optional(),
      thread_ts: z.string().optional(),
      message_ts: z.string().optional(),
    })
    .optional(),
  // commands
  command: z.string().optional(),
  trigger_id: z.string().optional(),
  channel_id: z.string().optional(),
  user_id: z.string().optional(),
  response_url: z.string().optional(),
  response_urls: z.array(z.looseObject({ response_url: z.string() })).optional(),
  // presses, views, shortcuts
  team: id.nullish(),
  enterprise: id.nullish(),
  user: z.looseObject({ id: z.string(), team_id: z.string().optional() }).optional(),
  channel: id.nullish(),
  message: z.looseObject({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  container: z
    .looseObject({
      message_ts: z.string().optional(),
      thread_ts: z.string().optional(),
      channel_id: z.string().optional(),
      view_id: z.string().optional(),
    })
    .optional(),
  actions: z
    .array(
      z.looseObject({
        action_id: z.string().optional(),
        action_ts: z.string().optional(),
        block_id: z.string().optional(),
      }),
    )
    .optional(),
  callback_id: z.string().optional(),
  action_ts: z.string().optional(),
  view: z
    .looseObject({ id: z.string(), hash: z.string().optional(), app_installed_team_id: z.string().nullish() })
    .optional(),
});
export type Incoming = z.infer<typeof incoming>;

/** A body as Slack sends them; null for anything else. */
export function readBody(body: unknown): Incoming | null {
  const read = incoming.safeParse(body);
  return read.success ? read.data : null;
}

/** The team that the app is installed in for this body. Never the team of the person, who may be a guest from elsewhere. */
export function teamOf(body: Incoming): { id: string | null; enterpriseId: string | null } {
  const enterpriseId = body.enterprise?.id ?? body.enterprise_id ?? null;
  const team =
    body.view?.app_installed_team_id ??
    body.authorizations?.[0]?.team_id ??
    body.context_team_id ??
    body.team_id ??
    body.team?.id ??
    null;
  return { id: team, enterpriseId };
}

/** Where a body comes from and who caused it, as far as it tells. */
export interface Origin {
  user: string | null;
  channel: string | null;
  /** The ts of the first message of the thread in which an answer belongs. */
  thread: string | null;
  isDirect: boolean;
  responseUrl: string | null;
}

/** Where an answer to this body belongs. */
export function originOf(body: Incoming): Origin {
  const { event } = body;
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  const channel = text(event?.channel) ?? body.channel?.id ?? body.container?.channel_id ?? body.channel_id ?? null;
  const isTalk = event?.type === "message" || event?.type === "app_mention";
  return {
    user: text(event?.user) ?? body.user?.id ?? body.user_id ?? null,
    channel,
    thread:
      event?.thread_ts ??
      (isTalk ? event?.ts : undefined) ??
      body.message?.thread_ts ??
      body.container?.thread_ts ??
      body.message?.ts ??
      body.container?.message_ts ??
      null,
    isDirect: channel?.startsWith("D") ?? false,
    responseUrl: body.response_url ?? body.response_urls?.[0]?.response_url ?? null,
  };
}

/** The events by which a team leaves come when its token is over already. */
export function leaving({ event }: Incoming, teamId: string): TeamAccess | null {
  if (event?.type !== "app_uninstalled" && event?.type !== "tokens_revoked") return null;
  return { teamId, botToken: "", botUserId: "", botId: null };
}
