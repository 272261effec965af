export type { OAuthSettings, SlackSettings, TokenKey } from "#slack-settings.ts";
