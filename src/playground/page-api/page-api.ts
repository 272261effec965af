import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { command, shortcut } from "../delivery/commands.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { actingUser, seenMessage } from "../delivery/desk.ts";
import { closeModal, submit } from "../delivery/modals.ts";
import { press, suggest } from "../delivery/presses.ts";
import { canSee } from "../world/places.ts";
import type { Channel, User } from "../world/shapes.ts";
import { SlackError } from "../world/slack-error.ts";
import type { World } from "../world/world.ts";
import { homeTeam, pageCall, pageHistory, pageThread, pageUser, pageView, pageWorld } from "./draw.ts";
import { PageRefusal, readJsonBody, sendJson } from "./http.ts";
import * as inputs from "./inputs.ts";
import { pageRefusal } from "./refusals.ts";
import { PageStream } from "./stream.ts";
import type { SubmitAnswer } from "./types.ts";

interface PageApiSettings {
  world: World;
  delivery: Delivery;
  /** A line on top of the page. */
  notice: string | null;
}

type Query = URLSearchParams;
type Act = (body: unknown) => unknown;

/** What the page in the browser talks to: people's side of this Slack. */
export class PageApi {
  readonly stream: PageStream;
  readonly #settings: PageApiSettings;
  readonly #acts: Readonly<Record<string, Act>>;

  constructor(settings: PageApiSettings) {
    this.#settings = settings;
    this.stream = new PageStream(settings.world);
    this.#acts = acts(settings);
  }

  /** Answers a request to /page-api/<name>. Throws PageRefusal. */
  async handle(name: string, request: IncomingMessage, response: ServerResponse, query: Query): Promise<void> {
    try {
      if (request.method === "POST") sendJson(response, await this.#act(name, request));
      else if (request.method !== "GET") throw new PageRefusal("method_not_allowed", "Use GET or POST.", 405);
      else if (name === "events") this.stream.open(request, response, this.#reader(query));
      else if (name === "file") this.#file(response, query);
      else sendJson(response, this.#look(name, query));
    } catch (fault) {
      throw fault instanceof SlackError ? pageRefusal(fault) : fault;
    }
  }

  close(): void {
    this.stream.close();
  }

  async #act(name: string, request: IncomingMessage): Promise<unknown> {
    const act = Object.hasOwn(this.#acts, name) ? this.#acts[name] : undefined;
    if (!act) throw unknownPath(name);
    return act(await readJsonBody(request));
  }

  #look(name: string, query: Query): unknown {
    const { world, delivery, notice } = this.#settings;
    if (name === "calls") return { calls: world.calls.after(Number(query.get("after") ?? 0)).map(pageCall) };
    const user = this.#reader(query);
    if (name === "world") return pageWorld(world, user, { notice, connected: delivery.isConnected });
    if (name === "history") return pageHistory(world, user, this.#channel(user, query));
    if (name === "views") return { views: world.views.stack(user.id).map(pageView) };
    if (name === "home-view") {
      const home = world.views.home(user.id);
      return { view: home && pageView(home) };
    }
    if (name !== "thread") throw unknownPath(name);
    const thread = pageThread(world, user, this.#channel(user, query), query.get("ts") ?? "");
    if (thread === null) throw new SlackError("message_not_found");
    return thread;
  }

  /** Who looks: anybody there is, deactivated people too. A page that has just been opened does not know anybody yet. */
  #reader(query: Query): User {
    const { world } = this.#settings;
    const as = query.get("as");
    return as ? world.user(as) : firstPerson(world);
  }

  #channel(user: User, query: Query): Channel {
    const channel = this.#settings.world.channel(query.get("channel") ?? "");
    if (!canSee(channel, user)) throw new SlackError("channel_not_found");
    return channel;
  }

  #file(response: ServerResponse, query: Query): void {
    const { world } = this.#settings;
    const id = query.get("id") ?? "";
    const { file, content } = world.files.get(id);
    if (!world.files.isVisible(id, this.#reader(query).id)) throw new SlackError("file_not_found");
    response.writeHead(200, {
      // Always a download, never shown in place: a file could be a page of somebody else's.
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      "content-length": content.length,
    });
    response.end(content);
  }
}

function firstPerson(world: World): User {
  const home = homeTeam(world);
  const found = [...world.users.values()].find((each) => each.team_id === home && pageUser(world, each).canSpeak);
  if (found === undefined) throw new SlackError("user_not_found");
  return found;
}

const unknownPath = (name: string) => new PageRefusal("unknown_path", `There is no /page-api/${name}.`, 404);

/** What a person can do on the page, by the last part of the address. */
function acts({ world, delivery }: PageApiSettings): Record<string, Act> {
  const { desk } = delivery;
  return {
    say: act(inputs.say, ({ as, channel, text, thread_ts }) => {
      const { ts } = world.say(actingUser(world, as).id, channel, text, { thread_ts });
      return { ts };
    }),
    command: act(inputs.command, ({ as, ...typed }) => command(desk, as, typed)),
    press: act(inputs.press, ({ as, ...pressed }) => press(desk, as, pressed)),
    options: act(inputs.options, ({ as, ...asked }) => suggest(desk, as, asked)),
    submit: act(inputs.submit, async ({ as, view_id, state }): Promise<SubmitAnswer> => {
      const { ...answer } = await submit(desk, as, view_id, state);
      return answer.ok ? { ok: true, views: answer.stack.map(pageView) } : answer;
    }),
    close: act(inputs.close, ({ as, view_id, is_cleared }) => {
      closeModal(desk, as, view_id, is_cleared ?? false);
      return { ok: true };
    }),
    shortcut: act(inputs.shortcut, ({ as, ...used }) => shortcut(desk, as, used)),
    home: act(inputs.home, ({ as, tab }) => {
      world.openHome(actingUser(world, as).id, tab);
      return { ok: true };
    }),
    react: act(inputs.react, ({ as, channel, ts, name }) => {
      const user = actingUser(world, as);
      seenMessage(world, user, channel, ts);
      world.react(user.id, channel, ts, name);
      return { ok: true };
    }),
    stop: act(inputs.stop, ({ as, channel, thread_ts }) => {
      const threads =
        thread_ts === undefined ? world.agent.sessions(channel).map((each) => each.thread_ts) : [thread_ts];
      for (const thread of threads) world.stop(actingUser(world, as).id, channel, thread);
      return { ok: true };
    }),
  };
}

function act<Input>(schema: z.ZodType<Input>, run: (input: Input) => unknown): Act {
  return (body) => {
    const read = schema.safeParse(body);
    if (!read.success) throw new PageRefusal("invalid_input", z.prettifyError(read.error));
    return run(read.data);
  };
}
