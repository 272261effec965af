import type { Channel, Ephemeral, Message, RegisteredApp, Team, User, View, ViewState } from "../world/shapes.ts";

/** The bodies of interactions, as Slack writes them. Pure: everything comes in, nothing is looked up. */

type Fields = Record<string, unknown>;

/** Who does something, and to which app. `team`: the person's own, or that of the app where it differs by Slack's rules. */
export interface Doing {
  app: RegisteredApp;
  team: Team;
  user: User;
}

const common = ({ app, team }: Doing): Fields => ({
  token: app.verificationToken,
  api_app_id: app.id,
  team: { id: team.id, domain: team.domain },
  enterprise: null,
  is_enterprise_install: false,
});

const person = (user: User): Fields => ({
  id: user.id,
  username: user.name,
  name: user.name,
  team_id: user.team_id,
});

/** In payloads private channels and direct messages do not tell their names. */
const named = ({ id, name, kind }: Channel): Fields => ({
  id,
  name: { channel: name, group: "privategroup", im: "directmessage", mpim: name || "mpdm" }[kind],
});

/** Where a pressed element stands. */
export type Surface =
  | { kind: "message"; channel: Channel; message: Message | Ephemeral; state: ViewState; unfurl: Fields | null }
  | { kind: "view"; view: View; installedIn: Team };

const isEphemeral = (message: Message | Ephemeral): message is Ephemeral => "is_ephemeral" in message;

function container(surface: Surface): Fields {
  if (surface.kind === "view") return { type: "view", view_id: surface.view.id };
  const { message, channel, unfurl } = surface;
  return {
    type: unfurl ? "message_attachment" : "message",
    message_ts: message.ts,
    ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
    channel_id: channel.id,
    is_ephemeral: isEphemeral(message),
    ...(unfurl ? { attachment_id: unfurl.id, is_app_unfurl: true, app_unfurl_url: unfurl.from_url } : {}),
  };
}

/** A view as the app is told of it, with what the person has put in. */
export const toldView = (view: View, installedIn: Team): Fields => ({ ...view, app_installed_team_id: installedIn.id });

/** What the surface adds to a payload. An ephemeral message is not repeated: Slack tells where it stands only. */
function shown(surface: Surface): Fields {
  if (surface.kind === "view") return { view: toldView(surface.view, surface.installedIn) };
  const { channel, message, unfurl } = surface;
  return {
    channel: named(channel),
    ...(isEphemeral(message) ? {} : { message }),
    ...(unfurl ? { app_unfurl: unfurl } : {}),
  };
}

export const blockActions = (
  doing: Doing,
  surface: Surface,
  more: { action: Fields; trigger: string; responseUrl: string | null },
): Fields => ({
  type: "block_actions",
  user: person(doing.user),
  ...common(doing),
  container: container(surface),
  trigger_id: more.trigger,
  ...shown(surface),
  ...(surface.kind === "message" ? { state: { values: surface.state } } : {}),
  ...(more.responseUrl ? { response_url: more.responseUrl } : {}),
  actions: [more.action],
});

export const blockSuggestion = (
  doing: Doing,
  surface: Surface,
  asked: { block_id: string; action_id: string; value: string },
): Fields => ({
  type: "block_suggestion",
  user: person(doing.user),
  ...common(doing),
  container: container(surface),
  ...asked,
  ...shown(surface),
});

export const viewSubmission = (doing: Doing, view: View, installedIn: Team, trigger: string): Fields => ({
  type: "view_submission",
  user: person(doing.user),
  ...common(doing),
  trigger_id: trigger,
  view: toldView(view, installedIn),
  response_urls: [],
});

export const viewClosed = (doing: Doing, view: View, installedIn: Team, isCleared: boolean): Fields => ({
  type: "view_closed",
  user: person(doing.user),
  ...common(doing),
  view: toldView(view, installedIn),
  is_cleared: isCleared,
});

export const messageAction = (
  doing: Doing,
  on: { channel: Channel; message: Message },
  more: { callbackId: string; trigger: string; responseUrl: string; actionTs: string },
): Fields => ({
  type: "message_action",
  user: person(doing.user),
  ...common(doing),
  action_ts: more.actionTs,
  callback_id: more.callbackId,
  trigger_id: more.trigger,
  response_url: more.responseUrl,
  channel: named(on.channel),
  message_ts: on.message.ts,
  message: on.message,
});

export const globalShortcut = (
  doing: Doing,
  more: { callbackId: string; trigger: string; actionTs: string },
): Fields => ({
  type: "shortcut",
  user: person(doing.user),
  ...common(doing),
  action_ts: more.actionTs,
  callback_id: more.callbackId,
  trigger_id: more.trigger,
});

/** A command is a flat form. */
export const slashCommand = (
  { app, team, user }: Doing,
  channel: Channel,
  more: { command: string; text: string; trigger: string; responseUrl: string },
): Fields => {
  const { id, name } = named(channel);
  return {
    token: app.verificationToken,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: id,
    channel_name: name,
    user_id: user.id,
    user_name: user.name,
    command: more.command,
    text: more.text,
    api_app_id: app.id,
    is_enterprise_install: "false",
    response_url: more.responseUrl,
    trigger_id: more.trigger,
  };
};
