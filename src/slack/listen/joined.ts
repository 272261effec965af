import type { App } from "@slack/bolt";
import { z } from "zod";
import { lookUpChannel } from "../channels.ts";
import { jobOf } from "./job-of.ts";
import { plain } from "./notes.ts";

/** What listeners are given by the door. */
export interface Hooks {
  /** The app was removed, or its bot token taken back: the installation is to be forgotten. */
  onUninstalled?(teamId: string): Promise<void>;
  /** Addresses of accounts in the CRM, with {id} where the record's id stands. */
  crmLinks?: readonly string[];
}

const HELLO = [
  "Hello. Mention me with a question about a customer, such as “what stage is [account] in, and why?”; I answer in a thread, and whoever asked can go on there without naming me.",
  "In channels I leave out what customers and colleagues wrote and the names of contacts; ask me in a direct message for those. `/perennial settings` says when I may speak here.",
].join("\n");
const HELLO_BEFORE_STRANGERS =
  "Hello. People of another company read here, so I show no customer data in this channel. Ask me in a direct message.";

const envelope = z.object({ is_ext_shared_channel: z.boolean().default(false) });
const revoked = z.object({ tokens: z.object({ bot: z.array(z.string()).default([]) }) });

/** The bot's own coming and going. */
export function registerComings(app: App, { onUninstalled }: Hooks): void {
  app.event("member_joined_channel", async ({ event, body, context, client }) => {
    const { house, teamId, botUserId, post } = jobOf(context);
    if (event.user !== botUserId) return;
    const told = await lookUpChannel({ client, house, teamId }, event.channel);
    const shared = told?.shared || envelope.parse(body).is_ext_shared_channel;
    await post.message("hello", { channel: event.channel }, plain(shared ? HELLO_BEFORE_STRANGERS : HELLO));
  });
  app.event("app_uninstalled", async ({ context }) => onUninstalled?.(jobOf(context).teamId));
  app.event("tokens_revoked", async ({ event, context }) => {
    const { teamId } = jobOf(context);
    if (revoked.parse(event).tokens.bot.length > 0) await onUninstalled?.(teamId);
  });
}
