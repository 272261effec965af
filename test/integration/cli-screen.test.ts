import { Writable } from "node:stream";
import { expect, test } from "vitest";
import type { Answer, AskEvent } from "#agent/answer.ts";
import { NO_FOCUS } from "#threads/focus.ts";
import { MarkdownWriter } from "../../src/cli/screen/markdown.ts";
import { Screen } from "../../src/cli/screen/screen.ts";
import { answerAloud } from "../../src/cli/talk/answering.ts";

/** What a writer of a width shows of pieces of Markdown; looks are shown as <bold>…</>. */
function shown(pieces: string[], width = 40): string {
  let text = "";
  const out = (piece: string) => {
    text += piece;
  };
  const writer = new MarkdownWriter({ out, paint: (look, word) => `<${look}>${word}</>`, width, tableWidth: width });
  for (const piece of pieces) writer.write(piece);
  writer.end();
  return text;
}

test("a wrapped bullet goes on under its own words, and a quote keeps its bar", () => {
  expect(shown(["- a bullet that is long enough to be wrapped once"])).toBe(
    "• a bullet that is long enough to be\n  wrapped once\n",
  );
  expect(shown(["> 1. quoted words that are long enough to wrap"], 30)).toBe(
    "<dim>│</> 1. quoted words that\n<dim>│</>    are long enough\n<dim>│</>    to wrap\n",
  );
});

test("a sentence is shown as soon as it is whole, and the next one goes on in its line", () => {
  let text = "";
  const out = (piece: string) => {
    text += piece;
  };
  const writer = new MarkdownWriter({ out, paint: (_, word) => word, width: 80, tableWidth: 80 });
  writer.write("Acme pays **€900.00** a month. ");
  expect(text).toBe("Acme pays €900.00 a month.");
  writer.write("It renews on 2026-12-20.");
  writer.end();
  expect(text).toBe("Acme pays €900.00 a month. It renews on 2026-12-20.\n");
});

test("names with underscores and sums with stars keep them; bold, code and links lose their marks", () => {
  expect(shown(["stage_guide 2 * 3 * 4"])).toBe("stage_guide 2 * 3 * 4\n");
  expect(shown(["**Acme GmbH**, `a b`, [page](http://x.y)"], 80)).toBe(
    "<bold>Acme</> <bold>GmbH</>, <cyan>a</> <cyan>b</>, <underline>page</> (http://x.y)\n",
  );
});

test("a table fits the width, with figures to the right, and stands before what follows it", () => {
  const text = shown(["| Account | MRR |\n|---|--:|\n| A name that is much too long for it | 9 |\n", "After it."], 30);
  const lines = text.trimEnd().split("\n");
  expect(lines.at(-1)).toBe("After it.");
  expect(lines.filter((line) => line.includes("9"))[0]).toMatch(/ 9 │$/);
  expect(Math.max(...lines.filter((line) => !line.includes("<")).map((line) => line.length))).toBeLessThanOrEqual(30);
});

test("a customer's note cannot steer the terminal", () => {
  expect(shown(["Note: \u001b[2Jgone\u0007 \u202Eback\u009b31m"])).toBe("Note: [2Jgone back31m\n");
});

test("an answer that was streamed is not printed again; one that was taken back is", async () => {
  const streamed = await heard(
    [
      { type: "text", text: "Acme renews soon. " },
      { type: "text", text: "Call them." },
    ],
    "Acme renews soon. Call them.",
  );
  expect(streamed.out).toBe("Acme renews soon. Call them.\n");
  const again = await heard([{ type: "text", text: "Acme is fine." }, { type: "restart" }], "Acme is at risk.");
  expect(again.out).toBe("Acme is fine.\nAcme is at risk.\n");
  expect(again.err).toContain("taken back");
});

test("where nobody looks on, only the checked whole is printed", async () => {
  const piped = await heard([{ type: "text", text: "Acme is fine." }, { type: "restart" }], "Acme is at risk.", false);
  expect(piped).toEqual({ out: "Acme is at risk.\n", err: "" });
});

test("what an answer cites is listed with file and section, why it was found, and that it is old", async () => {
  const source = {
    number: 2,
    cited: true,
    playbook: "An angry ticket",
    section: "Steps",
    path: "knowledge/playbooks/support/angry-ticket.md#steps",
    playbookId: "angry-ticket",
    text: "Call first.",
    matched: "words angry",
    overdueSince: "2026-01-31",
  };
  const unused = { ...source, number: 1, cited: false, path: "knowledge/playbooks/x.md" };
  const piped = await heard([], "Call first [2].", false, [unused, source]);
  expect(piped.out).toBe(
    [
      "Call first [2].",
      "[2] An angry ticket — Steps (knowledge/playbooks/support/angry-ticket.md#steps)",
      "  Matched: words angry",
      "  It was to be reviewed by 2026-01-31: check that it still holds.",
      "",
    ].join("\n"),
  );
});

async function heard(
  events: AskEvent[],
  text: string,
  live = true,
  sources: Answer["sources"] = [],
): Promise<{ out: string; err: string }> {
  const [out, err] = [captured(live), captured(false)];
  const screen = new Screen({ out: out.stream, err: err.stream, json: false });
  const answer: Answer = {
    text,
    offline: false,
    offlineBecause: null,
    findings: [],
    sources,
    dropped: [],
    keptOut: [],
    usage: { modelCalls: 1, tokens: 1, ms: 1 },
    focus: NO_FOCUS,
  };
  const conversation = {
    thread: null,
    ask: async (_: string, { onEvent }: { onEvent: (event: AskEvent) => void }) => {
      for (const event of events) onEvent(event);
      return answer;
    },
  };
  await answerAloud(screen, conversation, "how is Acme?", new AbortController().signal);
  return { out: out.text(), err: err.text() };
}

function captured(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 80 }) as unknown as NodeJS.WriteStream, text: () => text }; // as much of one as Screen uses
}
