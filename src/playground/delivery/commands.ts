import type { BotAnswer } from "../page-api/types.ts";
import { SlackError } from "../world/slack-error.ts";
import { channelsNamed } from "../world/typed-text.ts";
import { actingUser, type Desk, doing, installedIn, lateAnswers, refusedBy, seenMessage, told } from "./desk.ts";
import { globalShortcut, messageAction, slashCommand } from "./payloads.ts";
import { readResponse, respond } from "./responses.ts";

interface Typed {
  channel: string;
  /** The whole line, "/perennial overview Acme". */
  text: string;
  thread_ts?: string | undefined;
}

/** Somebody sends a slash command. What goes wrong is said as Slack says it. */
export async function command(desk: Desk, userId: string, { channel, text, thread_ts }: Typed): Promise<BotAnswer> {
  const { world } = desk;
  const user = actingUser(world, userId);
  const [name = "", ...rest] = text.trim().split(/\s+/);
  if (!world.app.commands.some((each) => each.command === name) || !isInstalled(desk, user.team_id))
    return refusedBy(world, user, `${name} is not a valid command.`);
  if (thread_ts) return refusedBy(world, user, `${name} is not supported in threads. Sorry!`);
  const place = world.channel(channel);
  if (!place.members.has(user.id)) throw new SlackError("not_in_channel");
  const target = {
    ...{ teamId: user.team_id, user: user.id, channel, message_ts: null, thread_ts: null },
    is_ephemeral: false,
  };
  const outcome = await desk.wire().send({
    kind: "slash_commands",
    payload: slashCommand(doing(world, user, user.team_id), place, {
      ...{
        command: name,
        text: rest.length === 0 ? "" : channelsNamed(world, user, text.trim().slice(name.length).trim()),
      },
      trigger: world.trigger(user.id),
      responseUrl: lateAnswers(desk, target),
    }),
  });
  const failed = (code: string) => refusedBy(world, user, `${name} failed with the error "${code}"`);
  if (outcome.state === "failed")
    return failed(outcome.reason === "http_timeout" ? "operation_timeout" : "dispatch_failed");
  try {
    const said = readResponse(outcome.answer);
    if (said !== null) respond(world, target, said);
    return { ok: true };
  } catch (refused) {
    if (refused instanceof SlackError) return failed(refused.code);
    throw refused;
  }
}

const isInstalled = ({ world }: Desk, teamId: string): boolean =>
  world.installations.alive().some((each) => each.teamId === teamId);

/** Somebody uses a shortcut, on a message or anywhere. */
export async function shortcut(
  desk: Desk,
  userId: string,
  used: { callback_id: string; channel?: string | undefined; message_ts?: string | undefined },
): Promise<BotAnswer> {
  const { world } = desk;
  const user = actingUser(world, userId);
  const known = world.app.shortcuts.find(({ callbackId }) => callbackId === used.callback_id);
  if (known === undefined) throw new SlackError("shortcut_not_found");
  const { teamId } = installedIn(world, user.team_id);
  const more = { callbackId: known.callbackId, trigger: world.trigger(user.id), actionTs: world.ids.ts() };
  const payload =
    known.type === "global"
      ? globalShortcut(doing(world, user, teamId), more)
      : onMessage(desk, userId, { teamId, channel: used.channel ?? "", ts: used.message_ts ?? "" }, more);
  return told(desk, user, await desk.wire().send({ kind: "interactive", payload }));
}

function onMessage(
  desk: Desk,
  userId: string,
  at: { teamId: string; channel: string; ts: string },
  more: { callbackId: string; trigger: string; actionTs: string },
): Record<string, unknown> {
  const { world } = desk;
  const user = actingUser(world, userId);
  const message = seenMessage(world, user, at.channel, at.ts);
  const responseUrl = lateAnswers(desk, {
    ...{ teamId: at.teamId, user: user.id, channel: at.channel, message_ts: null },
    ...{ thread_ts: message.thread_ts ?? null, is_ephemeral: false },
  });
  const on = { channel: world.channel(at.channel), message };
  return messageAction(doing(world, user, at.teamId), on, { ...more, responseUrl });
}
