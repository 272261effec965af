import { scopesFor } from "../scopes.ts";
import { call, type DoctorDesk, type Reply, textOf } from "./call.ts";
import { COPY_BOT_TOKEN, clock, cureOf, ok, type SlackCheck, unreachable, wrong } from "./check.ts";

/** The bot token: who it is, what it may do, whether it belongs to the app token's app, and the clock. */
export async function examineTeam(desk: DoctorDesk, botToken: string, appToken: string | null): Promise<SlackCheck[]> {
  const taken = BOT_TOKEN_INSTEAD.find(({ begins }) => botToken.startsWith(begins));
  if (taken) return [wrong("bot token", `SLACK_BOT_TOKEN is ${taken.is}, not a bot token.`, COPY_BOT_TOKEN)];
  const who = await call(desk, "auth.test", botToken);
  if (who.error === "no_answer") return [unreachable(desk, who)];
  if (!who.ok)
    return [
      wrong("bot token", `Slack refuses SLACK_BOT_TOKEN (${who.error}).`, cureOf(who.error, COPY_BOT_TOKEN)),
      ...clock(who),
    ];
  const botId = textOf(who.body, "bot_id");
  if (!botId) return [wrong("bot token", "SLACK_BOT_TOKEN speaks for a person, not for the bot.", COPY_BOT_TOKEN)];
  const name = `${textOf(who.body, "user") ?? "the bot"} in ${textOf(who.body, "team") ?? "its workspace"}`;
  return [
    ok("bot token", `Slack knows it: ${name}.`),
    scopes(who, desk.links),
    ...(appToken ? await sameApp(desk, { botToken, botId, appToken }) : []),
    ...clock(who),
  ];
}

const BOT_TOKEN_INSTEAD = [
  { begins: "xapp-", is: "an app-level token" },
  { begins: "xoxp-", is: "a person's token" },
  { begins: "xoxe", is: "a token of the app's configuration or of token rotation" },
];

function scopes(who: Reply, links: boolean): SlackCheck {
  if (!who.scopes) return ok("scopes", "Slack did not say which scopes the token has.");
  const wanted = scopesFor(links);
  const missing = wanted.filter(({ scope }) => !who.scopes?.includes(scope));
  const more = who.scopes.filter((scope) => !wanted.some((each) => each.scope === scope));
  if (missing.length > 0)
    return wrong(
      "scopes",
      `Missing: ${missing.map(({ scope, why }) => `${scope} (${why})`).join("; ")}.`,
      "Add them under “OAuth & Permissions”, or paste manifest.json under “App Manifest”; then install the app again.",
    );
  return ok("scopes", `All ${wanted.length} are granted${more.length > 0 ? `; not needed: ${more.join(", ")}` : ""}.`);
}

/** Two tokens of different apps: events come in for one bot, and the other cannot answer them. */
async function sameApp(
  desk: DoctorDesk,
  { botToken, botId, appToken }: { botToken: string; botId: string; appToken: string },
): Promise<SlackCheck[]> {
  const ofAppToken = /^xapp-\d+-([A-Z0-9]+)-/.exec(appToken)?.[1];
  const { body } = await call(desk, "bots.info", botToken, { bot: botId });
  const bot = typeof body.bot === "object" && body.bot !== null ? { ...body.bot } : {};
  const ofBot = "app_id" in bot && typeof bot.app_id === "string" ? bot.app_id : null;
  if (!ofAppToken || !ofBot) return [];
  if (ofAppToken === ofBot) return [ok("one app", `Both tokens are of the app ${ofBot}.`)];
  return [
    wrong(
      "one app",
      `The tokens are of two apps: SLACK_BOT_TOKEN of ${ofBot}, SLACK_APP_TOKEN of ${ofAppToken}.`,
      "Take both tokens from the pages of one app.",
    ),
  ];
}
