/** One permission of the app: what for, and which methods and events want it. */
export interface Scope {
  scope: string;
  /** What the bot does with it; doctor and docs/slack.md say it in these words. */
  why: string;
  methods: readonly string[];
  events: readonly string[];
  /** Only where links to the CRM are set to unfurl. */
  onlyForLinks?: true;
}

const HISTORY = ["conversations.history", "conversations.replies"];
const INFO = ["conversations.info"];

/** Every scope that the bot asks for. A method or event that is missing here fails a test, and so does a scope that nothing uses. */
export const SCOPES: readonly Scope[] = [
  {
    scope: "app_mentions:read",
    why: "hear a question where somebody mentions it",
    methods: [],
    events: ["app_mention"],
  },
  {
    scope: "assistant:write",
    why: "be an agent with a Messages tab: suggested questions, and what it is doing right now",
    methods: ["assistant.threads.setStatus", "assistant.threads.setSuggestedPrompts"],
    events: ["app_context_changed"],
  },
  {
    scope: "chat:write",
    why: "answer, redraw its own cards, and show a stop button while it works",
    methods: [
      "chat.postMessage",
      "chat.postEphemeral",
      "chat.update",
      "chat.startStream",
      "chat.appendStream",
      "chat.stopStream",
      "agents.sessions.setStatus",
    ],
    events: ["agent_session_stopped"],
  },
  { scope: "commands", why: "/perennial and the two shortcuts", methods: [], events: [] },
  {
    scope: "im:history",
    why: "hear questions in direct messages, and find after an outage those that it missed",
    methods: HISTORY,
    events: ["message.im"],
  },
  {
    scope: "channels:history",
    why: "follow its threads in public channels it was invited to, and see there after a crash whether the answer was posted",
    methods: HISTORY,
    events: ["message.channels"],
  },
  {
    scope: "groups:history",
    why: "follow its threads in private channels it was invited to",
    methods: HISTORY,
    events: ["message.groups"],
  },
  { scope: "mpim:history", why: "follow its threads in group messages", methods: HISTORY, events: ["message.mpim"] },
  {
    scope: "channels:read",
    why: "see whether people of another company are in a public channel, before it answers there",
    methods: INFO,
    events: ["member_joined_channel"],
  },
  {
    scope: "groups:read",
    why: "see whether people of another company are in a private channel",
    methods: INFO,
    events: ["member_joined_channel"],
  },
  {
    scope: "mpim:read",
    why: "see whether people of another company are in a group message",
    methods: INFO,
    events: [],
  },
  {
    scope: "im:write",
    why: "open the direct message for “Show me privately” and for answers that do not belong in a channel",
    methods: ["conversations.open"],
    events: [],
  },
  {
    scope: "users:read",
    why: "tell members from guests, strangers and bots, and show days in the reader's time zone",
    methods: ["users.info", "bots.info"],
    events: ["user_change"],
  },
  {
    scope: "users:read.email",
    why: "know by the e-mail address which accounts of the CRM are yours",
    methods: ["users.info"],
    events: [],
  },
  {
    scope: "files:write",
    why: "hand out a list as CSV",
    methods: ["files.getUploadURLExternal", "files.completeUploadExternal"],
    events: [],
  },
  {
    scope: "links:read",
    why: "see links to accounts of your CRM",
    methods: [],
    events: ["link_shared"],
    onlyForLinks: true,
  },
  {
    scope: "links:write",
    why: "show the account card under such a link",
    methods: ["chat.unfurl"],
    events: [],
    onlyForLinks: true,
  },
];

/** Events that no scope stands for. */
const EVENTS_WITHOUT_SCOPE = ["app_home_opened", "tokens_revoked", "app_uninstalled"];

/** The scopes of a bot; those for links only where it has any. */
export const scopesFor = (links: boolean): Scope[] => SCOPES.filter(({ onlyForLinks }) => links || !onlyForLinks);

/** The events it wants to hear, by name. */
export const eventsFor = (links: boolean): string[] =>
  [...new Set([...EVENTS_WITHOUT_SCOPE, ...scopesFor(links).flatMap(({ events }) => events)])].sort();
