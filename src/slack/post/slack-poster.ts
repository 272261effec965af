import type { View } from "@slack/types";
import { z } from "zod";
import { unsureParts } from "#inbox/inbox.ts";
import { SlackFault, slackFault } from "../faults.ts";
import type { Message } from "../message.ts";
import type { PostDesk } from "./desk.ts";
import { type OutgoingFile, shareOnce } from "./files.ts";
import { GrowingMessage } from "./growing-message.ts";
import { sayOnce } from "./once.ts";
import type { AnswerStream, Place, Poster } from "./poster.ts";
import { isSlacks, respondAt } from "./response-url.ts";
import { maybeTwice, messageSaying, privateSaying } from "./saying.ts";
import { redrawnOf, shown } from "./shown.ts";

const opened = z.object({ channel: z.object({ id: z.string() }) });
const TITLE_CHARACTERS = 200;
const TRIGGER_OVER = new Set(["expired_trigger_id", "exchanged_trigger_id"]);
const NO_UNFURL = new Set(["cannot_unfurl_url", "cannot_unfurl_message", "cannot_find_message", "message_not_found"]);

const placeOf = ({ channel, thread }: Place) => ({ channel, thread: thread ?? null });

/** Says what one job has to say, in Slack. */
export class SlackPoster implements Poster {
  readonly #desk: PostDesk;
  readonly #growing: GrowingMessage[] = [];
  /** What has to be taken back when the job ends: statuses and sessions by channel and thread. */
  readonly #statuses = new Map<string, Required<Place>>();
  readonly #processing = new Map<string, Required<Place>>();

  constructor(desk: PostDesk) {
    this.#desk = desk;
  }

  async message(part: string, to: Place, message: Message): Promise<string> {
    const place = placeOf(to);
    return (
      (await this.#inOrder(to.channel, () =>
        sayOnce(this.#desk, part, place, messageSaying(this.#desk, part, place, message)),
      )) ?? ""
    );
  }

  async stream(part: string, to: Required<Place>, reader: { userId: string; teamId: string }): Promise<AnswerStream> {
    const { channel, thread } = to;
    const growing = await GrowingMessage.open(this.#desk, { part, to: { channel, thread: thread ?? "" }, reader });
    this.#growing.push(growing);
    return growing;
  }

  async privately(part: string, to: Place & { user: string }, message: Message): Promise<void> {
    const place = { ...placeOf(to), user: to.user };
    await this.#inOrder(to.channel, () =>
      sayOnce(this.#desk, part, placeOf(to), privateSaying(this.#desk, place, message)),
    );
  }

  async respond(part: string, responseUrl: string, message: Message, how: { replace?: boolean } = {}): Promise<void> {
    const { apiUrl, log, timing, calls } = this.#desk;
    if (!isSlacks(responseUrl, apiUrl)) {
      log.warn({ host: hostOf(responseUrl) }, "a response_url that is not Slack's was refused");
      throw slackFault("expired_url");
    }
    const replace = how.replace ?? false;
    await sayOnce(
      this.#desk,
      part,
      { channel: "response_url", thread: null },
      {
        send: async (hold, repeated) => {
          await hold();
          await shown(log, replace ? message : maybeTwice(message, repeated), (each) =>
            respondAt(responseUrl, each, { replace, timeout: timing.call, signal: calls.signal }),
          );
          return null;
        },
      },
    );
  }

  async file(part: string, to: Place, file: OutgoingFile): Promise<void> {
    await this.#inOrder(to.channel, () => shareOnce(this.#desk, part, placeOf(to), file));
  }

  async update(at: { channel: string; ts: string }, message: Message): Promise<void> {
    await this.#inOrder(at.channel, () =>
      shown(this.#desk.log, message, (each) => this.#desk.calls.again("chat.update", { ...at, ...redrawnOf(each) })),
    );
  }

  async open(triggerId: string, view: View): Promise<boolean> {
    try {
      await this.#desk.calls.once("views.open", { trigger_id: triggerId, view });
      return true;
    } catch (error) {
      if (error instanceof SlackFault && TRIGGER_OVER.has(error.code)) return false;
      throw error;
    }
  }

  async updateView(viewId: string, view: View): Promise<void> {
    try {
      await this.#desk.calls.again("views.update", { view_id: viewId, view });
    } catch (error) {
      // The person has closed it: there is nobody to show it to.
      if (!(error instanceof SlackFault) || error.code !== "not_found") throw error;
    }
  }

  async publishHome(userId: string, view: View): Promise<void> {
    await this.#desk.calls.again("views.publish", { user_id: userId, view });
  }

  async unfurl(at: { channel: string; ts: string }, unfurls: Record<string, Message>): Promise<void> {
    const drawn = Object.entries(unfurls).map(([url, { text, blocks }]) => [url, { blocks, fallback: text }]);
    try {
      await this.#desk.calls.again("chat.unfurl", { ...at, unfurls: Object.fromEntries(drawn) });
    } catch (error) {
      if (!(error instanceof SlackFault) || !NO_UNFURL.has(error.code)) throw error;
      this.#desk.log.info({ code: error.code }, "Slack wants no preview of a link");
    }
  }

  async status(to: Required<Place>, words: string | null): Promise<void> {
    if (words === null) this.#statuses.delete(keyOf(to));
    else this.#statuses.set(keyOf(to), to);
    const place = { channel_id: to.channel, thread_ts: to.thread };
    await this.#courtesy("assistant.threads.setStatus", { ...place, status: words ?? "" });
  }

  async session(to: Required<Place>, state: "processing" | "active", title?: string): Promise<void> {
    if (state === "active") this.#processing.delete(keyOf(to));
    else this.#processing.set(keyOf(to), to);
    const place = { channel_id: to.channel, thread_ts: to.thread };
    const named = title ? { title: title.slice(0, TITLE_CHARACTERS).toWellFormed() } : {};
    await this.#courtesy("agents.sessions.setStatus", { ...place, status: state, ...named });
  }

  async suggest(channel: string, title: string, prompts: { title: string; message: string }[]): Promise<void> {
    // Without a thread: for agents, Slack takes prompts for a thread without a word and shows nothing.
    await this.#desk.calls.again("assistant.threads.setSuggestedPrompts", { channel_id: channel, title, prompts });
  }

  async directMessage(userId: string): Promise<string> {
    const { directMessages, teamId, calls } = this.#desk;
    const key = `${teamId} ${userId}`;
    const known = directMessages.get(key);
    if (known) return known;
    const { channel } = opened.parse(await calls.again("conversations.open", { users: userId }));
    directMessages.set(key, channel.id);
    return channel.id;
  }

  /** A message that is still growing is finished with these words. Returns whether there was one. */
  async endGrowing(message: Message): Promise<boolean> {
    const open = this.#growing.filter((each) => each.isOpen);
    for (const each of open) await each.finish(message);
    return open.length > 0;
  }

  /** What an attempt that was cut short left in a thread is finished with these words. Returns whether there was such a thing. */
  async endHalf(message: Message): Promise<boolean> {
    const { database, claimed } = this.#desk;
    if (claimed.attempt === 1) return false;
    const half = (await unsureParts(database, claimed)).find(({ thread }) => thread !== null);
    if (half) await this.message(half.part, { channel: half.channel, thread: half.thread ?? undefined }, message);
    return half !== undefined;
  }

  /** Takes back what must not outlive the job: statuses, the stop button, marks of messages that were never begun. */
  async close(): Promise<void> {
    for (const each of this.#growing) if (!each.isOpen) await each.drop();
    for (const place of [...this.#statuses.values()]) await this.status(place, null);
    for (const place of [...this.#processing.values()]) await this.session(place, "active");
  }

  #inOrder<T>(channel: string, work: () => Promise<T>): Promise<T> {
    return this.#desk.queues.run(`${this.#desk.teamId} ${channel}`, work);
  }

  /** What is nice to have: where Slack does not want it now, it is left. */
  async #courtesy(method: string, given: Record<string, unknown>): Promise<void> {
    try {
      await this.#desk.calls.now(method, given);
    } catch (error) {
      this.#desk.log.debug({ method, err: error }, "Slack did not take a status");
    }
  }
}

const keyOf = ({ channel, thread }: Required<Place>): string => `${channel} ${thread}`;
const hostOf = (address: string): string | null => (URL.canParse(address) ? new URL(address).host : null);
