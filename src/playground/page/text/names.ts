import type { PageWorld } from "../../page-api/types.ts";

/** How the page names what Slack writes as ids, and for whose eyes. */
export interface Names {
  user(id: string): string;
  /** Without "#". */
  channel(id: string): string;
  /** IANA zone of the reader. */
  zone: string;
}

/** Names as the person who looks knows them. An unknown id stays an id. */
export function namesOf(world: PageWorld | null): Names {
  const users = new Map(world?.users.map((user) => [user.id, user.realName]));
  if (world !== null) users.set(world.bot.userId, world.bot.name);
  const channels = new Map(world?.channels.map((channel) => [channel.id, channel.name]));
  return {
    user: (id) => users.get(id) ?? id,
    channel: (id) => channels.get(id) ?? id,
    zone: world?.me.tz ?? "UTC",
  };
}

/** Only addresses that a person may safely open; null for `javascript:` and whatever else there is. */
export function safeUrl(url: string): string | null {
  const parsed = URL.parse(url);
  return parsed !== null && ["http:", "https:", "mailto:", "tel:"].includes(parsed.protocol) ? parsed.href : null;
}
