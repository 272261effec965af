import type { Answer, AnswerSource, AskEvent } from "#agent/answer.ts";
import type { MarkdownWriter } from "../screen/markdown.ts";
import type { Screen } from "../screen/screen.ts";
import type { Conversation } from "./conversation.ts";

/** The object that `ask --json` prints, and `chat --json` for each line. */
export function asObject(
  { text, offline, offlineBecause, findings, sources, dropped }: Answer,
  thread: string | null,
): object {
  return {
    text,
    offline,
    offlineBecause,
    findings: findings.map(({ tool, input, output }) => ({ tool, input, output })),
    sources: sources.map(({ text: _, ...source }) => source),
    dropped,
    ...(thread === null ? {} : { thread }),
  };
}

/** Asks, shows what is being looked up, and prints the answer: as it comes where a person looks on, else in one piece. */
export async function answerAloud(
  screen: Screen,
  conversation: Pick<Conversation, "ask" | "thread">,
  question: string,
  signal: AbortSignal,
): Promise<Answer> {
  const spoken = new Spoken(screen);
  try {
    const answer = await conversation.ask(question, { signal, onEvent: (event) => spoken.hear(event) });
    spoken.finish(answer);
    if (screen.json) screen.object(asObject(answer, conversation.thread));
    else showRest(screen, answer);
    return answer;
  } catch (error) {
    spoken.breakOff();
    throw error;
  }
}

/** An answer while it is being given. */
class Spoken {
  readonly #screen: Screen;
  #writer: MarkdownWriter | null = null;
  #text = "";

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  hear(event: AskEvent): void {
    if (event.type === "status") this.#screen.status(event.words);
    else if (event.type === "tool_started") this.#screen.status(event.title);
    else if (event.type === "restart") this.#takeBack();
    else if (event.type === "text" && this.#screen.live) {
      this.#writer ??= this.#screen.prose();
      this.#writer.write(event.text);
      this.#text += event.text;
    }
  }

  /** Prints the answer, unless it has been said word for word already. */
  finish(answer: Answer): void {
    const said = this.#writer !== null && plain(this.#text) === plain(answer.text);
    if (!said) this.#takeBack();
    this.breakOff();
    if (!said && !this.#screen.json) this.#screen.say(answer.text);
  }

  breakOff(): void {
    this.#writer?.end();
    this.#writer = null;
    this.#text = "";
    this.#screen.clearStatus();
  }

  #takeBack(): void {
    const begun = this.#writer !== null;
    this.breakOff();
    if (begun) this.#screen.note("(What stands above was taken back; the answer follows.)");
  }
}

const plain = (text: string): string => text.replace(/\s+/g, " ").trim();

/** What helps a person on: the passages behind the answer, and numbers to choose by. */
function showRest(screen: Screen, { text, sources, focus }: Answer): void {
  const cited = sources.filter((each) => each.cited);
  if (cited.length > 0) screen.say(cited.map(citedLines).join("\n"));
  if (!screen.live) return;
  const unnamed = cited.length > 0 ? [] : sources.filter(({ path }) => !text.includes(path));
  if (unnamed.length > 0)
    screen.note(
      `Rests on ${unnamed.map(({ playbook, section, path }) => `${playbook}, ${section} (${path})`).join("; ")}`,
    );
  focus.pending?.choices.forEach(({ label, hint }, at) => {
    screen.say(`${at + 1}. **${label}**${hint ? ` — ${hint}` : ""}`);
  });
}

/** A passage that the answer cites: where it stands, why it was found, and that it is old where it is. */
const citedLines = ({ number, playbook, section, path, matched, overdueSince }: AnswerSource): string =>
  [
    `\\[${number}\\] **${playbook}** — ${section} (${path})`,
    ...(matched ? [`  Matched: ${matched}`] : []),
    ...(overdueSince ? [`  It was to be reviewed by ${overdueSince}: check that it still holds.`] : []),
  ].join("\n");
