import type {
  BotAnswer,
  CloseInput,
  CommandInput,
  HomeInput,
  OptionsAnswer,
  OptionsInput,
  PageCall,
  PageEvent,
  PageHistory,
  PageThread,
  PageView,
  PageWorld,
  PressInput,
  ReactInput,
  SayInput,
  ShortcutInput,
  StopInput,
  SubmitAnswer,
  SubmitInput,
} from "../../page-api/types.ts";

/** The server refused, with a sentence for the person. */
export class Refused extends Error {}

async function ask<T>(path: string, body?: object): Promise<T> {
  const how =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/page-api/${path}`, how).catch(() => {
    throw new Refused("The playground's server cannot be reached. Is it still running?");
  });
  const read: unknown = await answer.json().catch(() => ({}));
  if (answer.ok) return read as T; // The server's side of types.ts.
  const { message } = read as { message?: string };
  throw new Refused(message ?? `The playground answered ${answer.status}.`);
}

const query = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

/** Every question that the page may put to its server. */
export const api = {
  /** Without `as`: as the person whom the server chooses first. */
  world: (as: string | null) => ask<PageWorld>(`world?${query(as === null ? {} : { as })}`),
  history: (as: string, channel: string) => ask<PageHistory>(`history?${query({ as, channel })}`),
  thread: (as: string, channel: string, ts: string) => ask<PageThread>(`thread?${query({ as, channel, ts })}`),
  homeView: (as: string) => ask<{ view: PageView | null }>(`home-view?${query({ as })}`),
  views: (as: string) => ask<{ views: PageView[] }>(`views?${query({ as })}`),
  calls: (after: number) => ask<{ calls: PageCall[] }>(`calls?${query({ after: String(after) })}`),
  say: (input: SayInput) => ask<{ ts: string }>("say", input),
  command: (input: CommandInput) => ask<BotAnswer>("command", input),
  press: (input: PressInput) => ask<BotAnswer>("press", input),
  options: (input: OptionsInput) => ask<OptionsAnswer>("options", input),
  submit: (input: SubmitInput) => ask<SubmitAnswer>("submit", input),
  close: (input: CloseInput) => ask<{ ok: true }>("close", input),
  shortcut: (input: ShortcutInput) => ask<BotAnswer>("shortcut", input),
  home: (input: HomeInput) => ask<{ ok: true }>("home", input),
  react: (input: ReactInput) => ask<{ ok: true }>("react", input),
  stop: (input: StopInput) => ask<{ ok: true }>("stop", input),
};

/** Everything that happens, as it happens. Call what it returns to end it. */
export function listen(
  as: string,
  on: { event(event: PageEvent): void; line(state: "open" | "lost"): void },
): () => void {
  const source = new EventSource(`/page-api/events?${query({ as })}`);
  source.onmessage = ({ data }) => on.event(JSON.parse(String(data)) as PageEvent); // The server's side of types.ts.
  source.onopen = () => on.line("open");
  source.onerror = () => on.line("lost");
  return () => source.close();
}
