import { randomBytes } from "node:crypto";
import { identified } from "./blocks/identified.ts";
import type { Installation, View, ViewBody, ViewState } from "./shapes.ts";
import { SlackError } from "./slack-error.ts";
import type { World } from "./world.ts";

const DEPTH = 3;

/** What an app answers to a submitted modal. */
export type SubmissionAnswer =
  | { response_action?: undefined }
  | { response_action: "errors"; errors: Record<string, string> }
  | { response_action: "update" | "push"; view: ViewBody }
  | { response_action: "clear" };

/** Modals, stacked up to three for each person, and the Home tabs. */
export class Views {
  readonly #world: World;
  readonly #stacks = new Map<string, View[]>();
  readonly #homes = new Map<string, View>();
  constructor(world: World) {
    this.#world = world;
  }

  /** Open modals of one person, the lowest first. */
  stack(user: string): readonly View[] {
    return this.#stacks.get(user) ?? [];
  }

  home(user: string): View | null {
    return this.#homes.get(user) ?? null;
  }

  /** Opens a first modal; whatever was open is closed. Throws SlackError for a used or late trigger. */
  open(by: Installation, triggerId: string, body: ViewBody): View {
    const user = this.#world.triggers.exchange(triggerId);
    this.#checkExternalId(body, null);
    return this.#setStack(user, [this.#made(by, body, [])]);
  }

  /** Throws SlackError push_limit_reached, and for a used or late trigger. */
  push(by: Installation, triggerId: string, body: ViewBody): View {
    const user = this.#world.triggers.exchange(triggerId);
    return this.#push(by, user, body);
  }

  #push(by: Installation, user: string, body: ViewBody): View {
    const stack = this.stack(user);
    if (stack.length === 0) throw new SlackError("not_found");
    if (stack.length >= DEPTH) throw new SlackError("push_limit_reached");
    this.#checkExternalId(body, null);
    return this.#setStack(user, [...stack, this.#made(by, body, stack)]);
  }

  /** Throws SlackError not_found, hash_conflict. */
  update(
    by: Installation,
    which: { view_id?: string | undefined; external_id?: string | undefined; hash?: string | undefined },
    body: ViewBody,
  ): View {
    const { user, view } = this.find(which);
    if (which.hash !== undefined && which.hash !== view.hash) throw new SlackError("hash_conflict");
    this.#checkExternalId(body, view.id);
    const { id, root_view_id, previous_view_id, state } = view;
    const next: View = {
      ...this.#made(by, body, []),
      id,
      root_view_id,
      previous_view_id,
      state: kept(state.values, body),
    };
    this.#setStack(
      user,
      this.stack(user).map((each) => (each.id === id ? next : each)),
    );
    return next;
  }

  /** The Home tab of one person. Throws SlackError hash_conflict. */
  publish(by: Installation, user: string, body: ViewBody, hash?: string): View {
    const known = this.home(user);
    if (hash !== undefined && known !== null && hash !== known.hash) throw new SlackError("hash_conflict");
    const made = this.#made(by, body, []);
    const id = known?.id ?? made.id;
    const view: View = { ...made, id, root_view_id: id };
    this.#homes.set(user, view);
    this.#world.page({ type: "home", user, view });
    return view;
  }

  /** An open modal and whose it is. Throws SlackError not_found. */
  find(which: { view_id?: string | undefined; external_id?: string | undefined }): { user: string; view: View } {
    for (const [user, stack] of this.#stacks) {
      const view = stack.find(({ id, external_id }) =>
        which.view_id === undefined ? external_id !== "" && external_id === which.external_id : id === which.view_id,
      );
      if (view !== undefined) return { user, view };
    }
    throw new SlackError("not_found");
  }

  /** What somebody has filled in so far, for a modal or a Home tab. */
  setState(viewId: string, values: ViewState): View {
    const home = [...this.#homes.values()].find((view) => view.id === viewId);
    const view = home ?? this.find({ view_id: viewId }).view;
    view.state = { values };
    return view;
  }

  /** Somebody closes a modal. Returns those that are gone, the top one first; a view_closed is due for those that ask for it. */
  close(user: string, viewId: string): View[] {
    const stack = this.stack(user);
    const at = stack.findIndex((view) => view.id === viewId);
    if (at === -1) return [];
    const from = stack[at]?.clear_on_close ? 0 : at;
    this.#set(user, stack.slice(0, from));
    return stack.slice(from).toReversed();
  }

  /** Carries out what the app answered to a submitted modal. Throws SlackError not_found, push_limit_reached. */
  answer(by: Installation, viewId: string, answer: SubmissionAnswer): void {
    const { user, view } = this.find({ view_id: viewId });
    if (answer.response_action === "errors") return;
    if (answer.response_action === "push") this.#push(by, user, answer.view);
    else if (answer.response_action === "update") this.update(by, { view_id: viewId }, answer.view);
    else if (answer.response_action === "clear") this.#set(user, []);
    else {
      const others = this.stack(user).filter((each) => each.id !== view.id);
      this.#set(user, others);
    }
  }

  #made(by: Installation, body: ViewBody, below: readonly View[]): View {
    const id = this.#world.ids.next("V");
    const hash = `${Math.floor(this.#world.now() / 1000)}.${randomBytes(4).toString("hex")}`;
    return {
      ...body,
      blocks: identified(body.blocks),
      id,
      team_id: by.teamId,
      app_id: this.#world.app.id,
      bot_id: by.botId,
      hash,
      root_view_id: below[0]?.id ?? id,
      previous_view_id: below.at(-1)?.id ?? null,
      state: { values: {} },
    };
  }

  #checkExternalId({ external_id }: ViewBody, self: string | null): void {
    if (external_id === "") return;
    const taken = [...this.#stacks.values()]
      .flat()
      .some((view) => view.external_id === external_id && view.id !== self);
    if (taken) throw new SlackError("duplicate_external_id");
  }

  #setStack(user: string, stack: View[]): View {
    this.#set(user, stack);
    return stack.at(-1) as View; // both callers have just added it
  }

  #set(user: string, stack: View[]): void {
    this.#stacks.set(user, stack);
    this.#world.page({ type: "view", user, stack });
  }
}

/** Inputs keep what was filled in where block and action are still there. */
function kept(values: ViewState, body: ViewBody): View["state"] {
  const blocks = new Set(body.blocks.map((block) => block.block_id));
  return { values: Object.fromEntries(Object.entries(values).filter(([block]) => blocks.has(block))) };
}
