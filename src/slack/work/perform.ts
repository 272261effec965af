import { type App, AuthorizationError, MultipleListenerError, UnknownError } from "@slack/bolt";
import { WebClient, type WebClientOptions } from "@slack/web-api";
import { Unavailable } from "#errors.ts";
import { type Claimed, finish, giveBack, LeaseLost, retryLater, stopAsked } from "#inbox/inbox.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import type { Access, TeamAccess } from "../access.ts";
import { faultOf, JobEnded, SlackFault } from "../faults.ts";
import type { SlackHouse } from "../house.ts";
import type { Asker, Job, Where } from "../job.ts";
import { Calls, RateLimits } from "../post/calls.ts";
import { Queues } from "../post/queues.ts";
import { SlackPoster } from "../post/slack-poster.ts";
import { leaving, originOf, readBody, teamOf } from "../receive/body.ts";
import type { Timing } from "../timing.ts";
import type { Running } from "./running.ts";
import { failureOf, tellPerson } from "./telling.ts";

const TRIES = 3;
const RETRY_AFTER_SECONDS = [2, 10];
const LONGEST_RETRY_SECONDS = 120;
const READ_AGAIN = { retries: 2, minTimeout: 200, maxTimeout: 1_000 };
const CUT_SHORT = 8; // attempts that ended without a word: this job may be what ends the process

/** Finds out who asks. */
export type AskerOf = (
  desk: { client: WebClient; house: SlackHouse; workspace: Workspace; teamId: string; botUserId: string },
  userId: string,
  where: Where,
) => Promise<Asker>;

export interface BenchOptions {
  house: SlackHouse;
  access: Access;
  askerOf: AskerOf;
  clientOptions: WebClientOptions;
  apiUrl: string;
  timing: Timing;
}

/** Where jobs are done: what they share in this process. */
export class Bench {
  readonly #options: BenchOptions;
  readonly #app: App;
  readonly #clients = new Map<string, WebClient>();
  readonly #limits = new RateLimits();
  readonly #queues = new Queues();
  readonly #directMessages = new Map<string, string>();

  constructor(app: App, options: BenchOptions) {
    this.#app = app;
    this.#options = options;
  }

  /** Does a job, and settles its row. Rejects only when the database is away. */
  async perform(running: Running): Promise<void> {
    const { claimed } = running;
    const { house } = this.#options;
    const found = await this.#serve(claimed);
    if (typeof found === "string") {
      house.log.warn({ job: claimed.inboxId }, found);
      await finish(house.database, claimed, { state: "failed", note: found });
      return;
    }
    const post = this.poster(claimed, found.access, running.posts);
    const error = await this.#work(running, found, post);
    await this.#settle(running, { post, error, access: found.access });
  }

  /** Everything that answering takes, for something that has no row in the inbox: what is posted for it cannot be marked. */
  passing(body: unknown, access: TeamAccess, workspace: Workspace): Job {
    const claimed: Claimed = {
      workspaceId: workspace.id,
      inboxId: 0,
      key: "",
      kind: "event",
      lane: "",
      body,
      attempt: 1,
      token: 0,
      receivedAt: new Date().toISOString(),
    };
    const { signal } = new AbortController(); // it is over at once
    return this.#job(claimed, { access, workspace }, this.poster(claimed, access, signal), signal);
  }

  client(access: TeamAccess): WebClient {
    return this.#client(access, {});
  }

  /** For looking up people and channels: reading again, where a reply was lost, harms nobody and spares them a wait. */
  #reader(access: TeamAccess): WebClient {
    return this.#client(access, { retryConfig: READ_AGAIN });
  }

  #client({ teamId, botToken }: TeamAccess, more: WebClientOptions): WebClient {
    const key = `${teamId} ${botToken} ${Object.keys(more)}`;
    const client =
      this.#clients.get(key) ?? new WebClient(botToken, { ...this.#options.clientOptions, teamId, ...more });
    this.#clients.set(key, client);
    return client;
  }

  calls(access: TeamAccess, signal: AbortSignal): Calls {
    const { timing } = this.#options;
    const client = this.client(access);
    return new Calls({ client, teamId: access.teamId, limits: this.#limits, signal, patience: timing.rateLimit });
  }

  poster(claimed: Claimed, access: TeamAccess, signal: AbortSignal): SlackPoster {
    const { house, apiUrl, timing } = this.#options;
    return new SlackPoster({
      database: house.database,
      claimed,
      calls: this.calls(access, signal),
      queues: this.#queues,
      teamId: access.teamId,
      botUserId: access.botUserId,
      apiUrl,
      log: house.log,
      timing,
      directMessages: this.#directMessages,
    });
  }

  /** For whom the job is done; a sentence where nobody is served any more. */
  async #serve(claimed: Claimed): Promise<{ access: TeamAccess; workspace: Workspace } | string> {
    const body = readBody(claimed.body);
    const team = body && teamOf(body);
    if (!body || !team?.id) return "the body cannot be read";
    const access = (await this.#options.access.of(team.id, team.enterpriseId)) ?? leaving(body, team.id);
    const workspace = await this.#options.house.workspaceForTeam({ id: team.id, name: null });
    if (!access || workspace?.id !== claimed.workspaceId) return "its team is not served any more";
    return { access, workspace };
  }

  #job(
    claimed: Claimed,
    { access, workspace }: { access: TeamAccess; workspace: Workspace },
    post: SlackPoster,
    signal: AbortSignal,
  ): Job {
    const { house, askerOf } = this.#options;
    const { teamId, botUserId } = access;
    const desk = { client: this.#reader(access), house, workspace, teamId, botUserId };
    return {
      claimed,
      workspace,
      house,
      post,
      botUserId,
      teamId,
      signal,
      asker: (user, where) => askerOf(desk, user, where),
    };
  }

  /** Returns what went wrong; null when all went well. */
  async #work(
    running: Running,
    found: { access: TeamAccess; workspace: Workspace },
    post: SlackPoster,
  ): Promise<unknown> {
    const { claimed } = running;
    const { house } = this.#options;
    try {
      if (claimed.attempt > CUT_SHORT) throw new Error(`cut short ${claimed.attempt - 1} times`);
      if (claimed.attempt > 1 && (await stopAsked(house.database, claimed))) throw new JobEnded("stopped");
      await this.#app.processEvent({
        body: claimed.body as Record<string, unknown>, // #serve has read it as an object
        ack: async () => undefined,
        customProperties: { job: this.#job(claimed, found, post, running.work) },
      });
      return null;
    } catch (error) {
      const { reason } = running.work; // whatever an aborted job says, it was aborted
      return reason instanceof JobEnded ? reason : ownError(error);
    }
  }

  async #settle(
    { claimed }: Running,
    { post, error, access }: { post: SlackPoster; error: unknown; access: TeamAccess },
  ): Promise<void> {
    const { house, access: all } = this.#options;
    const { database, log } = house;
    if (error instanceof LeaseLost || (error instanceof JobEnded && error.why === "lost")) return;
    if (error instanceof JobEnded && error.why === "shutdown") return giveBack(database, claimed);
    const failure = error === null ? null : failureOf(error, log);
    if (error instanceof SlackFault && error.endsTeam) all.end(access, error.code);
    if (failure?.retry && claimed.attempt < TRIES) {
      await retryLater(database, claimed, secondsUntilRetry(error, claimed.attempt));
      return;
    }
    const body = readBody(claimed.body);
    // Nobody waits for an answer to an event that is no message, such as an opened Home.
    if (failure && body && claimed.kind !== "event") await tellPerson(post, originOf(body), failure, log);
    await post.close();
    const state = failure && !failure.settled ? "failed" : "done";
    await finish(database, claimed, { state, ...(failure ? { note: failure.note } : {}) });
  }
}

function secondsUntilRetry(error: unknown, attempt: number): number {
  const told = error instanceof SlackFault ? (error.retryAfter ?? 0) : 0;
  return Math.min(Math.max(told, RETRY_AFTER_SECONDS[attempt - 1] ?? 0), LONGEST_RETRY_SECONDS);
}

/** The error that a listener threw, out of what Bolt wraps around it. */
function ownError(error: unknown): unknown {
  if (error instanceof MultipleListenerError) return ownError(error.originals[0]);
  if (error instanceof UnknownError) return ownError(error.original);
  if (error instanceof AuthorizationError)
    return new Unavailable("Slack cannot be spoken to at the moment.", { cause: error });
  return faultOf(error);
}
