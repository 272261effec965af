import type { PageCall, PageHistory, PageView, PageWorld } from "../../page-api/types.ts";
import type { Confirm } from "./shapes.ts";

export type At = { kind: "channel"; channel: string } | { kind: "home" };

export interface Toast {
  n: number;
  text: string;
  tone: "error" | "info";
}

export interface PageState {
  world: PageWorld | null;
  at: At | null;
  /** Of the channel that is shown; null while it comes. */
  history: PageHistory | null;
  /** The thread in the pane on the right. */
  thread: string | null;
  /** In a direct message with the bot: the next words begin anew instead of going on. */
  anew: boolean;
  unread: Record<string, number>;
  views: PageView[];
  home: PageView | null;
  calls: PageCall[];
  callsOpen: boolean;
  railOpen: boolean;
  toasts: Toast[];
  line: "open" | "lost";
  confirm: { ask: Confirm; answer(yes: boolean): void } | null;
}

/** Before the first answer of the server. */
export const NOTHING_YET: PageState = {
  world: null,
  at: null,
  history: null,
  thread: null,
  anew: false,
  unread: {},
  views: [],
  home: null,
  calls: [],
  callsOpen: false,
  railOpen: false,
  toasts: [],
  line: "open",
  confirm: null,
};
