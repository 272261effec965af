import { z } from "zod";
import { BadInput } from "./errors.ts";

/** How Perennial is connected to Slack: what the tokens that are set allow. */
export interface SlackSettings {
  /** Socket Mode where there is an app token, else HTTP; the bot is the same. */
  transport: { kind: "socket"; appToken: string } | { kind: "http"; signingSecret: string; port: number; host: string };
  /** One team by its bot token, or several that install by OAuth. */
  team: { kind: "token"; botToken: string } | OAuthSettings;
  /** Keys for stored tokens, newest first; the id tells which one sealed a token. 32 bytes each. */
  tokenKeys: TokenKey[];
  /** Ends with a slash. https://slack.com/api/ unless it is the playground's or a test's. */
  apiUrl: string;
  /** Addresses of accounts in the CRM, with {id} where the record's id stands: "https://crm.example/accounts/{id}". */
  crmLinks: string[];
}

export interface OAuthSettings {
  kind: "oauth";
  clientId: string;
  clientSecret: string;
  stateSecret: string;
  /** Where people's browsers and Slack reach us, https://…; without a slash at the end. */
  publicUrl: string;
  /** The port of the install pages, also in Socket Mode. */
  port: number;
  host: string;
}

export interface TokenKey {
  id: string;
  key: Buffer;
}

const blankIsUnset = (value: unknown) => (typeof value === "string" && value.trim() === "" ? undefined : value);
const optional = <T extends z.ZodType>(type: T) => z.preprocess(blankIsUnset, type.optional());
const token = (start: string, what: string) =>
  z.string().refine((given) => given.startsWith(start), `must be ${what}, which begins with ${start}`);

const PORT = "must be a whole number from 0 to 65535";

/** The settings of the environment that belong to Slack. */
export const slackFields = {
  SLACK_BOT_TOKEN: optional(token("xoxb-", "the Bot User OAuth Token")),
  SLACK_APP_TOKEN: optional(token("xapp-", "an app-level token with the scope connections:write")),
  SLACK_SIGNING_SECRET: optional(z.string().regex(/^[0-9a-f]{32,}$/, "must be the Signing Secret, 32 hex digits")),
  SLACK_CLIENT_ID: optional(z.string()),
  SLACK_CLIENT_SECRET: optional(z.string()),
  SLACK_STATE_SECRET: optional(z.string().min(16, "must have at least 16 characters; any random words do")),
  SLACK_API_URL: optional(z.url({ protocol: /^https?$/, error: "must be an http(s) address" })),
  PERENNIAL_PUBLIC_URL: optional(z.url({ protocol: /^https?$/, error: "must be an http(s) address" })),
  PERENNIAL_TOKEN_KEYS: optional(z.string()),
  PERENNIAL_CRM_LINKS: optional(z.string()),
  PERENNIAL_PORT: z.preprocess(
    blankIsUnset,
    z.coerce.number(PORT).int(PORT).min(0, PORT).max(65_535, PORT).default(3000),
  ),
  PERENNIAL_HOST: z.preprocess(blankIsUnset, z.string().default("127.0.0.1")),
};

type Given = z.infer<z.ZodObject<typeof slackFields>>;

const BY_ITSELF =
  "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP (README, “Connect Slack”); unset all SLACK_… settings for the playground.";

/** The connection to Slack that the settings describe; null: none, so the playground opens. Throws BadInput that names what is missing. */
export function slackSettings(given: Given): SlackSettings | null {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = given;
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret, SLACK_STATE_SECRET: stateSecret } = given;
  const named = { botToken, appToken, signingSecret, clientId, clientSecret, stateSecret };
  if (Object.values(named).every((each) => each === undefined)) return null;
  const port = { port: given.PERENNIAL_PORT, host: given.PERENNIAL_HOST };
  if (!appToken && !signingSecret)
    throw new BadInput(`Slack is set up half: there is no way for events to come in. ${BY_ITSELF}`);
  const tokenKeys = readKeys(given.PERENNIAL_TOKEN_KEYS);
  return {
    transport: appToken ? { kind: "socket", appToken } : { kind: "http", signingSecret: signingSecret!, ...port }, // one of the two is there
    team: botToken ? { kind: "token", botToken } : { ...oauth(given, tokenKeys), ...port },
    tokenKeys,
    apiUrl: slashed(given.SLACK_API_URL ?? "https://slack.com/api/"),
    crmLinks: crmLinks(given.PERENNIAL_CRM_LINKS ?? ""),
  };
}

function oauth(given: Given, keys: TokenKey[]): Omit<OAuthSettings, "port" | "host"> {
  const missing = (
    ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_STATE_SECRET", "PERENNIAL_PUBLIC_URL"] as const
  ).filter((each) => given[each] === undefined);
  if (missing.length === 4 || (missing.length > 0 && !given.SLACK_CLIENT_ID))
    throw new BadInput(
      "SLACK_BOT_TOKEN is missing. Set it (it begins with xoxb-, under “OAuth & Permissions”), or set SLACK_CLIENT_ID and its companions to let teams install by OAuth.",
    );
  if (missing.length > 0)
    throw new BadInput(`For the OAuth install these settings are missing: ${missing.join(", ")}.`);
  if (keys.length === 0)
    throw new BadInput(
      "For the OAuth install PERENNIAL_TOKEN_KEYS is missing: tokens are stored sealed. Make one with: node -e \"console.log('k1:' + require('crypto').randomBytes(32).toString('base64'))\"",
    );
  return {
    kind: "oauth",
    clientId: given.SLACK_CLIENT_ID!,
    clientSecret: given.SLACK_CLIENT_SECRET!,
    stateSecret: given.SLACK_STATE_SECRET!,
    publicUrl: given.PERENNIAL_PUBLIC_URL!.replace(/\/+$/, ""),
  };
}

const KEY_BYTES = 32;

/** "k2:base64,k1:base64", newest first. */
function readKeys(written = ""): TokenKey[] {
  const parts = written
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  return parts.map((part, at) => {
    const [, id, encoded] = /^([\w-]{1,20}):([A-Za-z0-9+/=_-]+)$/.exec(part) ?? [];
    const key = Buffer.from(encoded ?? "", "base64");
    if (!id || key.length !== KEY_BYTES)
      throw new BadInput(
        `PERENNIAL_TOKEN_KEYS: key ${at + 1} must be NAME:BASE64 with ${KEY_BYTES} bytes, such as k1:${"…"}; several with commas, the newest first.`,
      );
    return { id, key };
  });
}

function crmLinks(written: string): string[] {
  const links = written
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  const wrong = links.find((each) => !each.includes("{id}") || !URL.canParse(each.replaceAll("{id}", "1")));
  if (wrong !== undefined)
    throw new BadInput(
      `PERENNIAL_CRM_LINKS: “${wrong}” must be an address with {id} in it, such as https://crm.example/accounts/{id}.`,
    );
  return links;
}

const slashed = (url: string): string => (url.endsWith("/") ? url : `${url}/`);
