import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { AskAgain } from "#errors.ts";

const personal = z.object({
  /** null: the one that Slack tells, else the workspace's. */
  zone: z.string().nullable().default(null),
  digest: z.enum(["off", "daily", "weekly"]).default("off"),
});

/** What a person has chosen. */
export type PersonSettings = z.infer<typeof personal>;

const inChannel = z.object({
  /** mentions: only when it is mentioned; threads: also in threads that it is part of; never: not at all. */
  speak: z.enum(["mentions", "threads", "never"]).default("threads"),
});

/** When Perennial may speak in a channel. */
export type ChannelSettings = z.infer<typeof inChannel>;

const personalRow = z.object({ settings: personal });
const channelRow = z.object({ settings: inChannel });

/** What a person has chosen, or what holds until they choose. */
export const personSettings = async (rows: Reading, personId: number): Promise<PersonSettings> =>
  (await rows.maybe(personalRow, sql`select settings from person where person_id = ${personId}`))?.settings ??
  personal.parse({});

/** Keeps what a person chose; what is not given stays. Throws AskAgain for a time zone that does not exist. */
export async function keepPersonSettings(
  rows: Writing,
  personId: number,
  chosen: Partial<PersonSettings>,
): Promise<void> {
  if (chosen.zone && !isZone(chosen.zone))
    throw new AskAgain(`There is no time zone “${chosen.zone}”. Choose one like Europe/Berlin.`);
  await rows.run(
    sql`update person set settings = settings || ${JSON.stringify(chosen)}::jsonb where person_id = ${personId}`,
  );
}

/** When Perennial may speak in a channel; unless set, when it is mentioned and in threads that it is part of. */
export const channelSettings = async (rows: Reading, channel: string): Promise<ChannelSettings> =>
  (await rows.maybe(channelRow, sql`select settings from slack_channel where channel = ${channel}`))?.settings ??
  inChannel.parse({});

/** Keeps what holds in a channel. */
export async function keepChannelSettings(
  rows: Writing,
  channel: string,
  chosen: Partial<ChannelSettings>,
): Promise<void> {
  await rows.run(
    sql`insert into slack_channel (workspace_id, channel, settings)
        values (current_workspace(), ${channel}, ${JSON.stringify(chosen)}::jsonb)
        on conflict (workspace_id, channel) do update set settings = slack_channel.settings || excluded.settings`,
  );
}

function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}
