import type { SlackError } from "../world/slack-error.ts";
import { PageRefusal } from "./http.ts";

/** What the page says to a person where Slack's own client would not have let them get that far. */
const SENTENCES: Readonly<Record<string, string>> = {
  account_inactive: "This person is deactivated and can no longer do anything.",
  action_not_found: "That button is no longer there.",
  app_not_installed: "The app is not installed in this team.",
  channel_not_found: "There is no such channel, or this person cannot see it.",
  file_not_found: "There is no such file, or this person cannot see it.",
  invalid_option: "That is not among the choices.",
  is_archived: "This channel is archived: nobody can write in it.",
  message_not_found: "That message is no longer there.",
  no_text: "There is nothing to send.",
  not_found: "That window is no longer open.",
  not_in_channel: "This person is not in the channel. Choose somebody who is.",
  restricted_action: "Only admins may write here.",
  shortcut_not_found: "There is no such shortcut.",
  thread_not_found: "That thread is no longer there.",
  user_is_bot: "Bots cannot be spoken as.",
  user_not_found: "There is no such person.",
};

const ABSENT = /_not_found$|^not_found$/;

export const pageRefusal = ({ code }: SlackError): PageRefusal =>
  new PageRefusal(code, SENTENCES[code] ?? `That cannot be done (${code}).`, ABSENT.test(code) ? 404 : 400);
