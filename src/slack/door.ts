import type { Server } from "node:http";
import type { App, ReceiverEvent } from "@slack/bolt";
import { type Arrival, type InboxState, inboxState, type LastMessage, lastMessages } from "#inbox/inbox.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import { Access, clientOptions, type TeamAccess } from "./access.ts";
import { openApp } from "./bolt-app.ts";
import { JobEnded } from "./faults.ts";
import type { SlackHouse } from "./house.ts";
import { installerFor } from "./install/installer.ts";
import { serveRoutes } from "./install/serve.ts";
import { checkView } from "./listen/checks.ts";
import { registerListeners } from "./listen/index.ts";
import { askerOf } from "./people.ts";
import { stoppedTalk } from "./receive/arrival-of.ts";
import { openHttp } from "./receive/http.ts";
import type { Incomings } from "./receive/receiver.ts";
import { type CheckView, Reception } from "./receive/reception.ts";
import { openSockets } from "./receive/sockets.ts";
import type { SlackSettings } from "./settings.ts";
import { type Teams, teamsOf } from "./teams.ts";
import { TIMING, type Timing } from "./timing.ts";
import { catchUp } from "./work/catch-up.ts";
import { type AskerOf, Bench } from "./work/perform.ts";
import { Worker } from "./work/worker.ts";

/** What listeners may ask of the door. */
export interface DoorHooks {
  /** The team has removed the app: its installation is forgotten. */
  onUninstalled(teamId: string): Promise<void>;
  crmLinks: readonly string[];
}

export interface DoorOptions {
  house: SlackHouse;
  settings: SlackSettings;
  /** Registers the listeners; all of ours where it is left out. */
  register?: (app: App, hooks: DoorHooks) => void;
  askerOf?: AskerOf;
  /** Errors to show under the fields of a modal. */
  checkView?: CheckView;
  timing?: Partial<Timing>;
}

export interface SlackDoorState {
  transport: "socket" | "http";
  /** Open sockets; over HTTP 1 while it listens. */
  connected: number;
  /** Jobs that this process works on. */
  working: number;
  inbox: InboxState;
}

/** Perennial in Slack: takes in what people do there, and answers it. */
export interface SlackDoor {
  /** Resolves when Slack's events come in. Throws BadInput for wrong tokens or a taken port, Unavailable without Slack. */
  start(): Promise<void>;
  /** Takes in nothing more, finishes what it can, and leaves the rest to other processes; within 25 seconds. */
  stop(): Promise<void>;
  state(): Promise<SlackDoorState>;
  /** Slack's ids of the teams that are served. */
  teams(): Promise<string[]>;
  /** Over HTTP, once started: where it listens. */
  readonly port: number | null;
}

/** Opens the door to Slack. Nothing comes in before `start`. Throws BadInput for a wrong bot token. */
export async function openSlackDoor(options: DoorOptions): Promise<SlackDoor> {
  const { house, settings } = options;
  const timing = { ...TIMING, ...options.timing };
  const calling = clientOptions({ apiUrl: settings.apiUrl, log: house.log, timeout: timing.call });
  const teams = await teamsOf(settings, house.database, calling);
  const access = new Access(teams, house.log);
  const app = openApp(access, calling, house.log);
  const { register = registerListeners, askerOf: asks = askerOf, checkView: checks = checkView } = options;
  register(app, { onUninstalled: (teamId) => access.forget(teamId), crmLinks: settings.crmLinks });
  const parts = { house, access, askerOf: asks, clientOptions: calling, apiUrl: settings.apiUrl, timing };
  return new Door({ house, settings, checkView: checks, timing, teams, access, app, bench: new Bench(app, parts) });
}

interface DoorParts {
  house: SlackHouse;
  settings: SlackSettings;
  checkView: CheckView;
  timing: Timing;
  teams: Teams;
  access: Access;
  app: App;
  bench: Bench;
}

/** Where a team's talk stood when we began. */
interface Left {
  team: TeamAccess;
  workspace: Workspace;
  known: LastMessage[];
}

class Door implements SlackDoor {
  readonly #parts: DoorParts;
  readonly #reception: Reception;
  readonly #incomings: Incomings;
  readonly #worker: Worker;
  readonly #stopping = new AbortController();
  #pages: Server | null = null;

  constructor(parts: DoorParts) {
    const { house, settings, access, bench, timing } = parts;
    this.#parts = parts;
    this.#worker = new Worker({
      database: house.database,
      log: house.log,
      timing,
      perform: (running) => bench.perform(running),
    });
    this.#reception = new Reception({
      house,
      access,
      apiUrl: settings.apiUrl,
      checkView: parts.checkView,
      atOnce: (event, team, workspace) => this.#atOnce(event, team, workspace),
      onNew: (arrival) => this.#onNew(arrival),
    });
    this.#incomings = this.#open();
  }

  get port(): number | null {
    return this.#incomings.port;
  }

  async start(): Promise<void> {
    const { settings } = this.#parts;
    const missing = await this.#whereWeLeft();
    await this.#incomings.start();
    if (settings.transport.kind === "socket" && settings.team.kind === "oauth")
      this.#pages = await serveRoutes(this.#installPages(), settings.team);
    this.#worker.start();
    void this.#catchUp(missing);
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new JobEnded("shutdown"));
    this.#pages?.close();
    await Promise.all([this.#incomings.stop(), this.#worker.drain()]);
    this.#reception.close();
  }

  teams(): Promise<string[]> {
    return this.#parts.teams.all();
  }

  async state(): Promise<SlackDoorState> {
    const { settings, house } = this.#parts;
    return {
      transport: settings.transport.kind,
      connected: this.#incomings.connected,
      working: this.#worker.working,
      inbox: await inboxState(house.database),
    };
  }

  #open(): Incomings {
    const { settings, house, timing } = this.#parts;
    const common = { reception: this.#reception, log: house.log };
    const { transport, apiUrl } = settings;
    return transport.kind === "socket"
      ? openSockets({ ...common, timing, appToken: transport.appToken, apiUrl })
      : openHttp({ ...common, timing, ...transport, routes: this.#installPages(), health: () => this.state() });
  }

  #installPages() {
    const { settings, house } = this.#parts;
    const { team } = settings;
    if (team.kind !== "oauth") return [];
    const { log, database } = house;
    const workspaceForTeam = (asked: { id: string; name: string }) => house.workspaceForTeam(asked);
    return installerFor({ settings: { ...settings, team }, log, database, workspaceForTeam }).routes;
  }

  #onNew({ workspaceId, lane }: Arrival): void {
    const talk = stoppedTalk(lane);
    if (talk) this.#worker.stopTalk({ workspaceId, talk });
    this.#worker.nudge();
  }

  /** Answers within the acknowledgement, such as the choices of a type-ahead; none where that fails. */
  async #atOnce({ body, ack }: ReceiverEvent, team: TeamAccess, workspace: Workspace): Promise<void> {
    const { app, bench, house } = this.#parts;
    let isAnswered = false;
    const once: typeof ack = async (answer) => {
      if (isAnswered) return;
      isAnswered = true;
      await ack(answer);
    };
    try {
      await app.processEvent({ body, ack: once, customProperties: { job: bench.passing(body, team, workspace) } });
    } catch (error) {
      house.log.error({ err: error }, "what had to be answered at once could not be");
    }
    await once(body.type === "block_suggestion" ? { options: [] } : undefined);
  }

  /** Of each team, the last messages that the inbox knows. To be asked before anything comes in. */
  async #whereWeLeft(): Promise<Left[]> {
    const { teams, access, house } = this.#parts;
    const left: Left[] = [];
    for (const teamId of await teams.all()) {
      const team = await access.of(teamId);
      const workspace = team && (await house.workspaceForTeam({ id: teamId, name: null }));
      if (workspace) left.push({ team, workspace, known: await lastMessages(house.database, workspace.id) });
    }
    return left;
  }

  /** What was said while nobody listened. In the background: a failure costs no event that Slack still brings. */
  async #catchUp(left: Left[]): Promise<void> {
    const { house, bench } = this.#parts;
    const { database, log } = house;
    const onNew = (arrival: Arrival) => this.#onNew(arrival);
    try {
      for (const { team, workspace, known } of left) {
        const calls = bench.calls(team, this.#stopping.signal);
        const missed = await catchUp({ database, log, calls, access: team, workspaceId: workspace.id, known, onNew });
        if (missed > 0)
          log.info({ team: team.teamId, missed }, "questions that came while nobody listened were taken up");
      }
    } catch (error) {
      if (!this.#stopping.signal.aborted) log.warn({ err: error }, "what was said meanwhile could not be read");
    }
  }
}
