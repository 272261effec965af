import { setTimeout as wait } from "node:timers/promises";
import { SocketModeReceiver } from "@slack/bolt";
import type { AppsConnectionsOpenResponse } from "@slack/web-api";
import { BadInput, Unavailable } from "#errors.ts";
import type { Log } from "#log.ts";
import { boltLog } from "../bolt-log.ts";
import { faultOf, SlackFault } from "../faults.ts";
import type { Timing } from "../timing.ts";
import { asApp, type Incomings } from "./receiver.ts";
import type { Reception } from "./reception.ts";

const SOCKETS = 2; // one is deaf for some seconds at each refresh
const AGAIN_MS = [500, 2_000, 5_000, 15_000, 30_000];
const START_MS = 20_000;
const STOP_MS = 2_000;

export interface SocketOptions {
  appToken: string;
  apiUrl: string;
  reception: Reception;
  log: Log;
  timing: Timing;
}

/** Slack's events over two sockets that are never refreshed together. */
export function openSockets(options: SocketOptions): Incomings {
  const sockets = Array.from({ length: SOCKETS }, () => new Socket(options));
  const later: AbortController = new AbortController();
  return {
    port: null,
    get connected() {
      return sockets.filter((each) => each.isConnected).length;
    },
    async start() {
      const [first, ...others] = sockets;
      await first?.connect();
      others.forEach((each, at) => void each.connectLater((at + 1) * options.timing.stagger, later.signal));
    },
    async stop() {
      later.abort();
      await Promise.all(sockets.map((each) => each.disconnect()));
    },
  };
}

class Socket {
  readonly #receiver: SocketModeReceiver;
  readonly #log: Log;
  readonly #open: () => Promise<AppsConnectionsOpenResponse>;
  #stopped = false;
  isConnected = false;

  constructor({ appToken, apiUrl, reception, log }: SocketOptions) {
    this.#log = log;
    this.#receiver = new SocketModeReceiver({
      appToken,
      logger: boltLog(log),
      installerOptions: { clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 2, minTimeout: 300 } } },
      // Not written down, so not acknowledged: Slack brings it again.
      processEventErrorHandler: async ({ error }) => {
        log.error({ err: error }, "an event of Slack's could not be written down");
        return false;
      },
    });
    this.#receiver.init(asApp(reception));
    const { client } = this.#receiver;
    askOnce(client);
    this.#open = client.start.bind(client);
    // The client reconnects by itself, and ends the process where that fails.
    client.start = () => this.#reopen();
    client.on("connected", () => this.#tell(true));
    client.on("close", () => this.#tell(false));
    client.on("disconnected", () => this.#tell(false));
  }

  /** Throws BadInput for a wrong token, Unavailable when Slack does not answer. */
  async connect(): Promise<void> {
    const late = AbortSignal.timeout(START_MS);
    const opening = this.#open();
    opening.catch(() => undefined); // it may fail after we stopped waiting
    try {
      await Promise.race([opening, rejectAt(late)]);
    } catch (error) {
      await this.disconnect();
      throw startFault(error);
    }
  }

  async connectLater(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await wait(ms, undefined, { signal });
      await this.#reopen();
    } catch (error) {
      if (!signal.aborted) this.#log.error({ err: error }, "the second socket could not be opened");
    }
  }

  async disconnect(): Promise<void> {
    this.#stopped = true;
    this.#tell(false);
    // A socket whose other end is gone never says that it is closed.
    await Promise.race([this.#receiver.client.disconnect(), wait(STOP_MS, undefined, { ref: false })]);
  }

  /** Opens until it is open: an error in between is logged, and tried again. */
  async #reopen(): Promise<AppsConnectionsOpenResponse> {
    for (let time = 0; ; time++) {
      if (this.#stopped) return { ok: false };
      try {
        return await this.#open();
      } catch (error) {
        if (this.#stopped) return { ok: false };
        this.#log.error({ err: error }, "a socket to Slack could not be opened; it is tried again");
        await wait(AGAIN_MS[time] ?? AGAIN_MS.at(-1), undefined, { ref: false });
      }
    }
  }

  #tell(isConnected: boolean): void {
    this.isConnected = isConnected && !this.#stopped;
  }
}

interface Asking {
  webClient: { apiCall(method: string): Promise<AppsConnectionsOpenResponse> };
  connectionResponse: AppsConnectionsOpenResponse;
  numOfConsecutiveReconnectionFailures: number;
  retrieveWSSURL(): Promise<string>;
}

/** The client's own way of asking for an address tries again in the background, where a failure ends the process. */
function askOnce(client: SocketModeReceiver["client"]): void {
  const asking = client as unknown as Asking; // its private parts, as of @slack/socket-mode 3.1
  asking.retrieveWSSURL = async () => {
    const told = await asking.webClient.apiCall("apps.connections.open");
    if (!told.url) throw new Error("apps.connections.open told no address");
    asking.numOfConsecutiveReconnectionFailures = 0;
    asking.connectionResponse = told;
    return told.url;
  };
}

const rejectAt = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

const TOKEN_WRONG = new Set([
  "invalid_auth",
  "not_authed",
  "account_inactive",
  "not_allowed_token_type",
  "token_revoked",
  "missing_scope",
]);

function startFault(error: unknown): unknown {
  const fault = faultOf(error);
  if (fault instanceof SlackFault && TOKEN_WRONG.has(fault.code)) {
    return new BadInput(
      `Slack refuses SLACK_APP_TOKEN (${fault.code}). Make an app-level token with the scope connections:write under “Basic Information” of your app (it begins with xapp-), and switch Socket Mode on.`,
      { cause: error },
    );
  }
  return new Unavailable(
    "No socket to Slack could be opened. Check the network, SLACK_API_URL, and that Socket Mode is on.",
    { cause: error },
  );
}
