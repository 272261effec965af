import { z } from "zod";
import type { Channel, Installation, User } from "../world/shapes.ts";
import { SlackError } from "../world/slack-error.ts";
import type { World } from "../world/world.ts";

export type Answer = Record<string, unknown>;

/** Where this Slack is reached, for addresses in answers. */
export interface Addresses {
  /** http://127.0.0.1:1234, without a slash at the end. */
  origin(): string;
  /** A ws:// address that lets one Socket Mode connection in. */
  socketAddress(): string;
}

/** A call of a bot: whose token, and with which arguments. */
export interface Call {
  world: World;
  at: Addresses;
  by: Installation;
  bot: User;
  args: Record<string, unknown>;
}

/** A call before any token was looked at. */
export type OpenCall = Pick<Call, "world" | "at" | "args"> & { token: string | null };

export type Method =
  /** One of `scopes` is enough; none: any token may. */
  | { token: "bot"; scopes: string[]; run: (call: Call) => Answer }
  /** Checks by itself who calls: by an app's token or secret. */
  | { token: "own"; run: (call: OpenCall) => Answer };

export const bot = (scopes: string[], run: (call: Call) => Answer): Method => ({ token: "bot", scopes, run });
export const own = (run: (call: OpenCall) => Answer): Method => ({ token: "own", run });

/** Arguments come as text from forms and typed from JSON; both are read here. Throws SlackError invalid_arguments. */
export function read<T extends z.ZodRawShape>(args: Record<string, unknown>, shape: T): z.infer<z.ZodObject<T>> {
  const parsed = z.object(shape).safeParse(args);
  if (parsed.success) return parsed.data;
  const messages = parsed.error.issues.map(({ path, message }) =>
    args[String(path[0])] === undefined
      ? `[ERROR] missing required field: ${path.join("/")}`
      : `[ERROR] ${message} [json-pointer:/${path.join("/")}]`,
  );
  throw new SlackError("invalid_arguments", { response_metadata: { messages } });
}

/** Missing stays missing, where coercion would make "undefined" of it. */
export const word = z.union([z.string(), z.number()]).transform(String);
export const flag = z.union([
  z.boolean(),
  z.enum(["true", "false", "1", "0"]).transform((said) => said === "true" || said === "1"),
]);
export const count = z.coerce.number().int();
/** JSON in a form's field, or the thing itself. */
export const json = z.unknown().transform((value, context) => {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "must be valid JSON" });
    return z.NEVER;
  }
});

/** Throws SlackError missing_scope, telling what is needed. */
export function requireScope({ by }: Call, ...anyOf: string[]): void {
  if (anyOf.length === 0 || anyOf.some((scope) => by.scopes.includes(scope))) return;
  throw new SlackError("missing_scope", { needed: anyOf.join(","), provided: by.scopes.join(",") });
}

const ROOM = { channel: "channels", group: "groups", im: "im", mpim: "mpim" };

/** "channels:history", "im:read": which scope a channel of this kind takes. */
export const scopeOf = (channel: Channel, what: "history" | "read" | "write"): string =>
  `${ROOM[channel.kind]}:${what}`;

/** A channel that the bot may know of. Throws SlackError channel_not_found. */
export function knownChannel({ world, bot, by }: Call, id: string): Channel {
  const channel = world.channel(id);
  if (channel.members.has(bot.id)) return channel;
  if (channel.kind !== "channel" || !channel.shared_team_ids.includes(by.teamId))
    throw new SlackError("channel_not_found");
  return channel;
}

/** A channel that the bot is in. Throws SlackError channel_not_found, not_in_channel. */
export function joinedChannel(call: Call, id: string): Channel {
  const channel = knownChannel(call, id);
  if (!channel.members.has(call.bot.id)) throw new SlackError("not_in_channel");
  return channel;
}

/** One page of a list, by a cursor that says where the next begins. Throws SlackError invalid_cursor. */
export function paged<T>(all: T[], { cursor, limit }: { cursor?: string | undefined; limit: number }) {
  const from = cursor
    ? Number(
        Buffer.from(cursor, "base64")
          .toString()
          .replace(/^next:/, ""),
      )
    : 0;
  if (!Number.isInteger(from)) throw new SlackError("invalid_cursor");
  const more = from + limit < all.length;
  const next_cursor = more ? Buffer.from(`next:${from + limit}`).toString("base64") : "";
  return { items: all.slice(from, from + limit), more, response_metadata: { next_cursor } };
}
