import { type Ids, secret } from "./ids.ts";
import type { RegisteredApp } from "./shapes.ts";

/** What an app of ours asks for, unless a test or the manifest says otherwise. */
const SCOPES = [
  "app_mentions:read",
  "assistant:write",
  "channels:history",
  "channels:join",
  "channels:read",
  "chat:write",
  "commands",
  "files:read",
  "files:write",
  "groups:history",
  "groups:read",
  "im:history",
  "im:read",
  "im:write",
  "links:read",
  "links:write",
  "mpim:history",
  "mpim:read",
  "reactions:read",
  "reactions:write",
  "team:read",
  "users:read",
  "users:read.email",
];

/** Perennial as it is registered in this Slack, with secrets of its own. */
export function registeredApp(ids: Ids): RegisteredApp {
  const id = ids.next("A");
  return {
    id,
    name: "Perennial",
    signingSecret: secret(16),
    clientId: `${id}.client`,
    clientSecret: secret(16),
    appToken: `xapp-1-${id}-${secret(12)}`,
    verificationToken: secret(12),
    scopes: SCOPES,
    events: null,
    commands: [{ command: "/perennial", description: "Ask about a customer", usageHint: "how is Acme doing?" }],
    shortcuts: [
      { callbackId: "what_should_i_do", name: "What to do about this?", type: "message" },
      { callbackId: "look_up_account", name: "Look up an account", type: "global" },
    ],
    unfurlDomains: [],
    redirectUrls: [],
  };
}
