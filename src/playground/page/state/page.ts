import type { Container, PageEvent, PageWorld, PressedAction, ViewState } from "../../page-api/types.ts";
import { toWire } from "../text/wire.ts";
import { api, listen, Refused } from "./api.ts";
import { changedBy, openThread, withMessage } from "./conversation.ts";
import { type At, NOTHING_YET, type PageState, type Toast } from "./page-state.ts";
import { placeInAddress, rememberPlace } from "./place.ts";
import type { Confirm } from "./shapes.ts";

const KEPT_CALLS = 200;
const TOAST_MS = 8000;

/** What the page knows and what a person can do on it. Every change draws the page again. */
export class Page {
  state: PageState = NOTHING_YET;
  readonly #draw: (page: Page) => void;
  #hangUp: () => void = () => undefined;
  #toasts = 0;
  /** What happened while a conversation was being fetched: its answer may be older. */
  #meanwhile: PageEvent[] = [];

  constructor(draw: (page: Page) => void) {
    this.#draw = draw;
  }

  set(change: Partial<PageState>): void {
    this.state = { ...this.state, ...change };
    this.#draw(this);
  }

  get as(): string {
    return this.state.world?.me.id ?? "";
  }

  get world(): PageWorld {
    return this.state.world!; // Nothing is drawn or done before the world is here: see start().
  }

  // Where a person is

  async start(): Promise<void> {
    await this.speakAs(placeInAddress().as);
  }

  /** Becomes another person; null: the one whom the server chooses. */
  async speakAs(as: string | null): Promise<void> {
    await this.tried(async () => {
      // An address of an earlier run names people of an earlier run.
      const world = await api.world(as).catch((refused) => (as === null ? Promise.reject(refused) : api.world(null)));
      this.#hangUp();
      this.#hangUp = listen(world.me.id, {
        event: (event) => this.happened(event),
        line: (line) => this.set({ line }),
      });
      const { views } = await api.views(world.me.id);
      this.set({ world, views, unread: {}, thread: null, home: null });
      const before =
        this.state.at?.kind === "channel" ? this.channelOf(this.state.at.channel)?.name : placeInAddress().at;
      await this.open(this.placeNamed(before ?? null));
    });
  }

  private placeNamed(name: string | null): At {
    const { channels, bot } = this.world;
    if (name === "home" && bot.dmChannel !== null) return { kind: "home" };
    const named = channels.find((channel) => channel.name === name && channel.type !== "im")?.id;
    // Strangers and deactivated people have no direct message with the bot.
    const first = bot.dmChannel ?? channels.find(({ isMember }) => isMember)?.id ?? channels[0]?.id;
    return { kind: "channel", channel: named ?? first ?? "" };
  }

  channelOf(id: string) {
    return this.state.world?.channels.find((channel) => channel.id === id) ?? null;
  }

  async open(at: At): Promise<void> {
    const unread = at.kind === "channel" ? { ...this.state.unread, [at.channel]: 0 } : this.state.unread;
    this.#meanwhile = [];
    this.set({ at, history: null, thread: null, anew: false, railOpen: false, unread });
    rememberPlace(this.as, at.kind === "home" ? "home" : (this.channelOf(at.channel)?.name ?? ""));
    await this.tried(() => this.fetchPlace());
  }

  private async fetchPlace(): Promise<void> {
    const { at } = this.state;
    if (at?.kind === "home") {
      await api.home({ as: this.as, tab: "home" });
      const { view } = await api.homeView(this.as);
      if (this.state.at === at) this.set({ home: view ?? this.state.home });
    } else if (at !== null) {
      const inDm = at.channel === this.world.bot.dmChannel;
      if (inDm) await api.home({ as: this.as, tab: "messages" });
      const history = await api.history(this.as, at.channel);
      if (this.state.at === at) this.set({ history: this.#meanwhile.reduce(changedBy, history) });
    }
  }

  async openThread(ts: string): Promise<void> {
    this.set({ thread: ts, callsOpen: false });
    await this.fillThread(ts);
  }

  /** Fetches the replies that a channel's history leaves out. */
  async fillThread(ts: string): Promise<void> {
    await this.tried(async () => {
      const channel = this.state.history?.channel.id;
      if (channel === undefined) return;
      const { parent, replies } = await api.thread(this.as, channel, ts);
      const { history } = this.state;
      if (history?.channel.id === channel) this.set({ history: withMessage(history, { ...parent, replies }) });
    });
  }

  // What happens

  happened(event: PageEvent): void {
    switch (event.type) {
      case "call":
        this.set({ calls: [...this.state.calls, event.call].slice(-KEPT_CALLS) });
        break;
      case "view":
        this.set({ views: event.views });
        break;
      case "home":
        this.set({ home: event.view });
        break;
      case "toast":
        this.toast(event.text, event.tone);
        break;
      case "world":
        void this.tried(async () => this.set({ world: await api.world(this.as) }));
        break;
      case "reload":
        void this.speakAs(this.as);
        break;
      default:
        this.talked(event);
    }
  }

  /** Something in a conversation: drawn where it is open, counted where it is not. */
  private talked(event: PageEvent): void {
    const { history, unread } = this.state;
    if (history === null) this.#meanwhile.push(event);
    else this.set({ history: changedBy(history, event) });
    const { at } = this.state;
    const here = at?.kind === "channel" ? at.channel : null;
    if (event.type !== "message" || event.channel === here || event.message.user === this.as) return;
    this.set({ unread: { ...unread, [event.channel]: (unread[event.channel] ?? 0) + 1 } });
  }

  toast(text: string, tone: Toast["tone"]): void {
    if (this.state.toasts.some((toast) => toast.text === text)) return;
    const toast = { n: ++this.#toasts, text, tone };
    this.set({ toasts: [...this.state.toasts, toast] });
    setTimeout(() => this.dismiss(toast.n), TOAST_MS);
  }

  dismiss(n: number): void {
    this.set({ toasts: this.state.toasts.filter((toast) => toast.n !== n) });
  }

  /** Does something; a refusal becomes a toast. Returns whether it worked. */
  async tried(what: () => Promise<unknown>): Promise<boolean> {
    try {
      const answer = await what();
      const failed = (answer as { ok?: boolean; failed?: string } | undefined)?.failed;
      if (failed !== undefined) this.toast(failed, "error");
      return failed === undefined;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.toast(error.message, "error");
      return false;
    }
  }

  // What a person does

  /** The thread that words from the main composer go to: in the bot's direct message they go on with the last conversation. */
  goingOn(): string | null {
    const { history, anew } = this.state;
    if (history === null || anew || history.channel.id !== this.world.bot.dmChannel) return null;
    return openThread(history);
  }

  say(channel: string, typed: string, thread: string | null): Promise<boolean> {
    const text = typed.trim();
    if (text.startsWith("/")) return this.tried(() => api.command({ as: this.as, channel, text }));
    this.set({ anew: false });
    const words = toWire(text, this.world);
    return this.tried(() =>
      api.say({ as: this.as, channel, text: words, ...(thread === null ? {} : { thread_ts: thread }) }),
    );
  }

  press(container: Container, action: PressedAction, state: ViewState): Promise<boolean> {
    return this.tried(() => api.press({ as: this.as, container, action, state }));
  }

  shortcut(callbackId: string, on?: { channel: string; ts: string }): Promise<boolean> {
    const message = on === undefined ? {} : { channel: on.channel, message_ts: on.ts };
    return this.tried(() => api.shortcut({ as: this.as, callback_id: callbackId, ...message }));
  }

  react(channel: string, ts: string, name: string): Promise<boolean> {
    return this.tried(() => api.react({ as: this.as, channel, ts, name }));
  }

  stop(channel: string, thread: string | null): Promise<boolean> {
    return this.tried(() => api.stop({ as: this.as, channel, ...(thread === null ? {} : { thread_ts: thread }) }));
  }

  /** Slack's confirmation dialog. */
  confirmed(ask: Confirm): Promise<boolean> {
    return new Promise((resolve) => {
      const answer = (yes: boolean) => {
        this.set({ confirm: null });
        resolve(yes);
      };
      this.set({ confirm: { ask, answer } });
    });
  }

  async showCalls(open: boolean): Promise<void> {
    this.set({ callsOpen: open, ...(open ? { thread: null } : {}) });
    if (!open) return;
    await this.tried(async () => {
      const { calls } = await api.calls(0);
      this.set({ calls: calls.slice(-KEPT_CALLS) });
    });
  }
}
