import { z } from "zod";
import { SlackError } from "../../world/slack-error.ts";
import { bot, joinedChannel, json, type Method, read, word } from "../call.ts";

export const sessionStatus = z.enum(["active", "processing", "suspended", "closed"]);

const MOST_PROMPTS = 4;
const prompts = z
  .array(z.looseObject({ title: z.string().min(1), message: z.string().min(1) }))
  .min(1)
  .max(MOST_PROMPTS);
const lines = z.array(z.string()).max(10);

export const agents: Record<string, Method> = {
  "assistant.threads.setStatus": bot(["assistant:write", "chat:write"], (call) => {
    const said = read(call.args, {
      channel_id: word,
      thread_ts: word,
      status: z.string(),
      loading_messages: json.optional(),
    });
    const { channel_id: channel, thread_ts, status } = said;
    joinedChannel(call, channel);
    call.world.agent.setStatus({
      channel,
      thread_ts,
      status,
      loading_messages: lines.catch([]).parse(said.loading_messages),
    });
    return {};
  }),

  /** For apps of the agent view, prompts belong to the Messages tab: with a thread Slack says ok and does nothing. */
  "assistant.threads.setSuggestedPrompts": bot(["assistant:write"], (call) => {
    const said = read(call.args, {
      channel_id: word,
      thread_ts: word.optional(),
      title: word.optional(),
      prompts: json.pipe(prompts),
    });
    joinedChannel(call, said.channel_id);
    if (said.thread_ts !== undefined) return {};
    const kept = said.prompts.map(({ title, message }) => ({ title, message }));
    call.world.agent.setPrompts({ channel: said.channel_id, title: said.title ?? "", prompts: kept });
    return {};
  }),

  "assistant.threads.setTitle": bot(["assistant:write"], (call) => {
    const { channel_id, thread_ts, title } = read(call.args, {
      channel_id: word,
      thread_ts: word,
      title: z.string().min(1),
    });
    joinedChannel(call, channel_id);
    if (call.world.agent.session(channel_id, thread_ts) !== null) call.world.agent.rename(channel_id, thread_ts, title);
    return {};
  }),

  "agents.sessions.setStatus": bot(["chat:write"], (call) => {
    const said = read(call.args, {
      channel_id: word,
      thread_ts: word,
      status: sessionStatus,
      title: z.string().max(200).optional(),
      initiator_user_id: word.optional(),
    });
    const channel = joinedChannel(call, said.channel_id);
    if (said.initiator_user_id !== undefined && !channel.members.has(said.initiator_user_id)) {
      throw new SlackError("user_not_in_channel");
    }
    const session = call.world.agent.setSession(channel.id, said.thread_ts, said.status, said.title);
    const { events } = call.world.app;
    const heard = events === null || events.includes("agent_session_stopped");
    const warning = heard ? {} : { warning: "missing_agent_session_stopped_event_subscription" };
    return { status: session.status, agent_status: session.status, title: session.title, ...warning };
  }),

  "agents.sessions.rename": bot(["chat:write"], (call) => {
    const said = read(call.args, { channel_id: word, thread_ts: word, title: z.string().min(1).max(200) });
    joinedChannel(call, said.channel_id);
    return { title: call.world.agent.rename(said.channel_id, said.thread_ts, said.title).title };
  }),
};
