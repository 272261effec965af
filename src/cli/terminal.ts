import type { Config } from "#config.ts";
import type { Log } from "#log.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import type { OpenHouse, Roof } from "./open-house.ts";
import type { Screen } from "./screen/screen.ts";

/** What a command tells: the object of --json, and the same in words (Markdown). */
export interface Told {
  json: unknown;
  words: string;
  /** Other than 0 when it is to be an error for scripts. */
  code?: number;
}

/** An open house and the workspace that a command works on. */
export interface Place {
  house: OpenHouse;
  workspace: Workspace;
}

export interface PlaceOptions {
  /** `--workspace`, where it was given. */
  workspace?: string;
}

/** The terminal a command runs in: its streams, the settings, and the house, opened on first use and closed at the end. */
export class Terminal {
  readonly screen: Screen;
  readonly input: NodeJS.ReadStream;
  readonly roof: Roof;
  /** What the process ends with when nothing fails. */
  exitCode = 0;
  /** Where the log goes, once there is one; null: standard error. */
  logFile: string | null = null;
  log: Log | null = null;
  /** Whether the command under way ends by itself, in order, when the process is told to end. */
  endsItself = false;
  /** How long it may take for that. */
  endsWithinMs = 5_000;
  readonly #stop = new AbortController();
  #house: OpenHouse | null = null;

  constructor({ screen, input, roof }: { screen: Screen; input: NodeJS.ReadStream; roof: Roof }) {
    this.screen = screen;
    this.input = input;
    this.roof = roof;
  }

  /** Aborted when the process is told to end. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  stop(reason: Error): void {
    this.#stop.abort(reason);
  }

  /** The settings, read from the environment and `.env`. Throws BadInput that names the wrong one. */
  async settings({ workspace }: PlaceOptions = {}): Promise<Config> {
    const { loadDotEnv, readConfig } = await import("#config.ts");
    loadDotEnv();
    const config = readConfig();
    return workspace ? { ...config, workspace } : config;
  }

  /** Opens the house. `progress` hears what is under way; by default it is shown while it lasts. */
  async house(options: PlaceOptions = {}, progress = (words: string) => this.screen.status(words)): Promise<OpenHouse> {
    const config = await this.settings(options);
    const log = await this.#openLog(config);
    this.#house = await this.roof.openHouse(config, log, progress);
    return this.#house;
  }

  /** Opens the house and the workspace, brought up to the day. Throws BadInput when the named workspace is not there. */
  async place(options: PlaceOptions = {}): Promise<Place> {
    const house = await this.house(options);
    const workspace = await pickWorkspace(house, options);
    await house.settle(workspace);
    this.screen.clearStatus();
    if (house.config.workspace === workspace.handle) await this.#tellIfEmpty({ house, workspace });
    return { house, workspace };
  }

  /** A slip in PERENNIAL_WORKSPACE makes a workspace of its own, in which nothing is found. */
  async #tellIfEmpty({ house, workspace }: Place): Promise<void> {
    const { accountCount } = await import("#workspaces/workspace.ts");
    if ((await accountCount(house.database, workspace)) > 0) return;
    this.screen.note(
      `The workspace “${workspace.handle}” has no accounts yet. Import some, or check PERENNIAL_WORKSPACE.`,
    );
  }

  tell({ json, words, code }: Told): void {
    this.screen.clearStatus();
    if (this.screen.json) this.screen.object(json);
    else this.screen.say(words);
    this.exitCode = code ?? this.exitCode;
  }

  async close(): Promise<void> {
    await this.#house?.close();
    this.#house = null;
  }

  /** The log goes to a file of the data folder: what stands on the screen is for people. */
  async #openLog({ dataFolder, databaseUrl, logLevel }: Config): Promise<Log> {
    const [{ createLog }, { mkdirSync, openSync, closeSync }, { join }] = await Promise.all([
      import("#log.ts"),
      import("node:fs"),
      import("node:path"),
    ]);
    const file = join(dataFolder, "perennial.log");
    try {
      mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
      closeSync(openSync(file, "a", 0o600));
      this.logFile = file;
      this.log = createLog(logLevel, file);
    } catch (cause) {
      this.log = createLog(logLevel);
      // Without a server the embedded database is in the same folder, and says so itself.
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (databaseUrl)
        this.log.warn({ reason, file }, "the log file cannot be written, so the log goes to standard error");
    }
    return this.log;
  }
}

/** The workspace that was named, else the one of the settings, else the first with data, else the sample company. */
export async function pickWorkspace(house: OpenHouse, { workspace: named }: PlaceOptions): Promise<Workspace> {
  const { allWorkspaces, SAMPLE_WORKSPACE } = await import("#workspaces/workspace.ts");
  if (!named || named === SAMPLE_WORKSPACE) return house.workspace();
  const all = await allWorkspaces(house.database);
  const found = all.find(({ handle }) => handle === named);
  if (found) return found;
  const { BadInput } = await import("#errors.ts");
  const known = all.length > 0 ? `There are: ${all.map(({ handle }) => handle).join(", ")}.` : "There is none yet.";
  throw new BadInput(
    `There is no workspace “${named}”. ${known} \`perennial import FOLDER --mapping FILE --workspace ${named}\` makes one.`,
  );
}
