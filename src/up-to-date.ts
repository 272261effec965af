import { BadInput } from "#errors.ts";
import { settleAlerts } from "#schedules/alerts.ts";
import { schedules } from "#schedules/store.ts";
import { actorIn, type Workspace } from "#workspaces/workspace.ts";
import type { House } from "./house.ts";

const LOOK_EVERY_MS = 60_000;

/** The house as far as it is needed for that. */
type Settling = Pick<House, "database" | "log" | "today" | "modelOf"> & {
  settle(workspace: Workspace): Promise<unknown>;
};

/** Brings each workspace that is served up to its day: at the first question, and in the background once the day has changed. */
export class UpToDate {
  readonly #house: Settling;
  readonly #days = new Map<number, { workspace: Workspace; day: string; done: Promise<unknown> }>();
  readonly #clock: NodeJS.Timeout;

  constructor(house: Settling) {
    this.#house = house;
    this.#clock = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#clock.unref();
  }

  /** Resolves once facts and stages are those of today. Rejects with what went wrong, and tries again at the next call. */
  async ready(workspace: Workspace): Promise<void> {
    const day = this.#house.today(workspace);
    const known = this.#days.get(workspace.id);
    if (known?.day === day) return void (await known.done);
    const done = this.#settle(workspace);
    this.#days.set(workspace.id, { workspace, day, done });
    done.catch(() => this.#days.delete(workspace.id));
    await done;
  }

  /** Facts and stages of today, and the alerts that follow from them where somebody wants any. */
  async #settle(workspace: Workspace): Promise<void> {
    const house = this.#house;
    await house.settle(workspace);
    const actor = actorIn(workspace);
    const all = await house.database.read(actor, (rows) => schedules(rows));
    if (all.some(({ report }) => report === "alerts"))
      await settleAlerts(house.database, actor, { model: house.modelOf(workspace), today: house.today(workspace) });
  }

  stop(): void {
    clearInterval(this.#clock);
  }

  #look(): void {
    for (const { workspace } of this.#days.values()) {
      this.ready(workspace).catch((error: unknown) => {
        if (!(error instanceof BadInput))
          this.#house.log.warn({ err: error }, "a workspace could not be brought up to the day");
      });
    }
  }
}
