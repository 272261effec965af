import { CALLBACKS } from "./actions.ts";
import { eventsFor, scopesFor } from "./scopes.ts";
import type { SlackSettings } from "./settings.ts";

/** How the app is to be reached. */
export interface Reach {
  /** Where Slack sends events and browsers install, without a slash at the end. Absent: Socket Mode, and no install page. */
  publicUrl?: string;
  /** Socket Mode also where there is an install page. */
  socket?: boolean;
  /** Addresses of accounts in the CRM, as PERENNIAL_CRM_LINKS has them. */
  crmLinks?: readonly string[];
}

/** What api.slack.com takes under “From a manifest”; see docs.slack.dev/reference/app-manifest. */
export type SlackManifest = ReturnType<typeof manifest>;

const MOST_DOMAINS = 5; // that Slack unfurls for one app

/** The app as Slack is to set it up. manifest.json beside the README is `manifest({})`. */
export function manifest({ publicUrl, socket = publicUrl === undefined, crmLinks = [] }: Reach) {
  const domains = [...new Set(crmLinks.map((link) => new URL(link.replaceAll("{id}", "1")).hostname))];
  const links = domains.length > 0;
  const requestUrl = socket ? {} : { request_url: `${publicUrl}${EVENTS_PATH}` };
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: "Perennial",
      description: "Answers questions about your customers and says what to do next.",
      long_description:
        "Ask what stage a customer is in, why, and what to do next. Perennial answers from the rows of your CRM data, cites the playbook passage that fits, and says where data is missing or old. In channels it keeps out what customers wrote.",
      background_color: "#1f5a41",
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "Perennial", always_online: true },
      agent_view: {
        agent_description: "Knows your customers' stage, health and renewals, and the next step your playbooks advise.",
        suggested_prompts: SUGGESTED,
      },
      shortcuts: SHORTCUTS,
      slash_commands: [{ ...COMMAND, ...(socket ? {} : { url: `${publicUrl}${EVENTS_PATH}` }) }],
      ...(links ? { unfurl_domains: domains.slice(0, MOST_DOMAINS) } : {}),
    },
    oauth_config: {
      ...(publicUrl ? { redirect_urls: [`${publicUrl}${REDIRECT_PATH}`] } : {}),
      scopes: { bot: scopesFor(links).map(({ scope }) => scope) },
    },
    settings: {
      event_subscriptions: { ...requestUrl, bot_events: eventsFor(links) },
      interactivity: {
        is_enabled: true,
        ...requestUrl,
        ...(socket ? {} : { message_menu_options_url: `${publicUrl}${EVENTS_PATH}` }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: socket,
      token_rotation_enabled: false,
    },
  };
}

/** The manifest that these settings want. HTTP without a public address leaves its place open. */
export function manifestFor({ transport, team, crmLinks }: SlackSettings): SlackManifest {
  const publicUrl = team.kind === "oauth" ? team.publicUrl : undefined;
  const socket = transport.kind === "socket";
  if (socket) return manifest({ ...(publicUrl ? { publicUrl } : {}), socket, crmLinks });
  return manifest({ publicUrl: publicUrl ?? "https://YOUR-HOST", socket, crmLinks });
}

/** Where Slack sends everything, over HTTP. */
export const EVENTS_PATH = "/slack/events";
/** Where a browser begins an install, and where Slack sends it back. */
export const INSTALL_PATH = "/slack/install";
export const REDIRECT_PATH = "/slack/oauth_redirect";

const COMMAND = {
  command: "/perennial",
  description: "Ask about your customers; only you see the answer",
  usage_hint: "[how is Acme doing? | overview Acme | help]",
  should_escape: true, // so that a mention is told from text that looks like one
};

// Slack takes at most 24 characters for a name.
const SHORTCUTS = [
  {
    name: "Look up an account",
    type: "global",
    callback_id: CALLBACKS.lookUp,
    description: "Search an account and see its stage, health, renewal and open tickets",
  },
  {
    name: "What to do about this?",
    type: "message",
    callback_id: CALLBACKS.whatToDo,
    description: "What the playbooks advise for this message; only you see the answer",
  },
];

const SUGGESTED = [
  { title: "My renewals", message: "Which of my accounts renew in the next 30 days?" },
  { title: "Where all accounts stand", message: "How many accounts are in each stage?" },
  { title: "An angry customer", message: "A customer is furious about an outage. What do I write?" },
  { title: "What can you do?", message: "What can you do?" },
];
