import type { AckFn, ReceiverEvent } from "@slack/bolt";
import { type Arrival, keep } from "#inbox/inbox.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import type { Access, TeamAccess } from "../access.ts";
import type { SlackHouse } from "../house.ts";
import { isSlacks } from "../post/response-url.ts";
import { arrivalOf } from "./arrival-of.ts";
import { type Incoming, leaving, readBody, teamOf } from "./body.ts";

/** Errors by block id, shown under the fields of a modal; null: it may be taken. */
type Errors = Record<string, string> | null;
export type CheckView = (body: unknown) => Errors | Promise<Errors>;

export interface ReceptionOptions {
  house: SlackHouse;
  access: Access;
  apiUrl: string;
  checkView: CheckView;
  /** Answers what must be answered in the acknowledgement. */
  atOnce: (event: ReceiverEvent, team: TeamAccess, workspace: Workspace) => Promise<void>;
  /** Something new lies in the inbox. */
  onNew: (arrival: Arrival) => void;
}

const SERVED_MS = 60_000;

/** Stands where a receiver expects Bolt's app: writes down what comes in, and acknowledges it only then. */
export class Reception {
  readonly #options: ReceptionOptions;
  readonly #served = new Map<string, { workspace: Workspace; until: number }>();
  /** Teams that are not served, said once in the log. */
  readonly #unknown = new Set<string>();
  /** Set once at shutdown: Slack brings it again, to another process. */
  #closed = false;

  constructor(options: ReceptionOptions) {
    this.#options = options;
  }

  /** Throws when it could not be written down; then it must not be acknowledged, and Slack brings it again. */
  async processEvent(event: ReceiverEvent): Promise<void> {
    if (this.#closed) throw new Error("closing: nothing more is taken in");
    const body = readBody(event.body);
    if (body === null) return this.#drop(event.ack, "a body that is not Slack's");
    const served = await this.#serve(body);
    if (served === null) return this.#drop(event.ack, null);
    const what = arrivalOf(body, served.team.botUserId);
    if (what === null) return this.#acknowledge(event.ack);
    if (what === "at once") return this.#options.atOnce(event, served.team, served.workspace);
    const errors = what.kind === "view" ? await this.#options.checkView(event.body) : null;
    if (errors) return this.#acknowledge(event.ack, { response_action: "errors", errors });
    const arrival: Arrival = {
      ...what,
      workspaceId: served.workspace.id,
      body: this.#withoutFalseAddress(event.body, body),
    };
    const kept = await keep(this.#options.house.database, arrival);
    const acknowledged = this.#acknowledge(event.ack);
    if (kept === "new") this.#options.onNew(arrival);
    await acknowledged;
  }

  close(): void {
    this.#closed = true;
  }

  async #serve(body: Incoming): Promise<{ workspace: Workspace; team: TeamAccess } | null> {
    const { id, enterpriseId } = teamOf(body);
    if (id === null) return this.#notServed("none");
    const team = (await this.#options.access.of(id, enterpriseId)) ?? leaving(body, id);
    if (team === null) return this.#notServed(id);
    const workspace = await this.#workspace(id);
    return workspace ? { workspace, team } : this.#notServed(id);
  }

  async #workspace(teamId: string): Promise<Workspace | null> {
    const known = this.#served.get(teamId);
    if (known && known.until > Date.now()) return known.workspace;
    const workspace = await this.#options.house.workspaceForTeam({ id: teamId, name: null });
    if (workspace) this.#served.set(teamId, { workspace, until: Date.now() + SERVED_MS });
    return workspace;
  }

  #notServed(teamId: string): null {
    if (!this.#unknown.has(teamId)) {
      this.#unknown.add(teamId);
      this.#options.house.log.warn(
        { team: teamId },
        "something came from a Slack team that is not served; it is dropped",
      );
    }
    return null;
  }

  async #drop(ack: AckFn<unknown>, why: string | null): Promise<void> {
    if (why) this.#options.house.log.warn(why);
    await this.#acknowledge(ack);
  }

  /** Where the connection is gone, Slack brings it again, and it is known then. */
  async #acknowledge(ack: AckFn<unknown>, answer?: unknown): Promise<void> {
    try {
      await (ack as (answer?: unknown) => Promise<void>)(answer); // typed loosely: each kind of body has an answer of its own
    } catch (error) {
      this.#options.house.log.warn({ err: error }, "an acknowledgement did not reach Slack");
    }
  }

  /** An address to answer at that is not Slack's is taken out: nothing may be posted there. */
  #withoutFalseAddress(whole: unknown, { response_url: one, response_urls: several }: Incoming): unknown {
    const addresses = [...(one ? [one] : []), ...(several ?? []).map((each) => each.response_url)];
    if (addresses.every((each) => isSlacks(each, this.#options.apiUrl))) return whole;
    this.#options.house.log.warn("a response_url that is not Slack's was refused");
    return { ...(whole as Record<string, unknown>), response_url: undefined, response_urls: undefined }; // an object: it was read as one
  }
}
