import { z } from "zod";
import type { FoundPassage } from "./find.ts";

/** An endpoint that reads question and passages together and orders them: Cohere, Jina, a server of one's own. */
export interface RerankSettings {
  /** With or without `/rerank` at its end. */
  url: string;
  model: string | null;
  apiKey: string | null;
  timeoutMs?: number;
}

export const RERANKED = 20; // passages; further down nothing answers
const TIMEOUT_MS = 3_000; // a person waits
const LONGEST_PASSAGE = 4_000; // characters; models read about 500 to 8,000 tokens of one
const LONGEST_QUESTION = 2_000;

const place = z.object({ index: z.number().int().min(0) });
const scored = z.union([
  place
    .extend({ relevance_score: z.number() })
    .transform(({ index, relevance_score }) => ({ index, score: relevance_score })),
  place.extend({ score: z.number() }),
]);
const answer = z.union([z.object({ results: z.array(scored) }).transform(({ results }) => results), z.array(scored)]);

/** The passages in the endpoint's order; in ours, with a note that says so, when it does not answer in time. */
export async function rerank(
  settings: RerankSettings,
  question: string,
  passages: FoundPassage[],
): Promise<{ passages: FoundPassage[]; note: string | null }> {
  if (passages.length < 2) return { passages, note: null };
  const order = await askOrder(settings, question, passages);
  if (typeof order === "string") {
    return { passages, note: `The reranking endpoint ${order}, so the passages stand in the usual order.` };
  }
  const named = new Set(order);
  const rest = passages.filter((_, at) => !named.has(at));
  return { passages: [...order.flatMap((at) => passages[at] ?? []), ...rest], note: null };
}

/** Places of the passages, best first; or in words why there are none. */
async function askOrder(
  { url, model, apiKey, timeoutMs = TIMEOUT_MS }: RerankSettings,
  question: string,
  passages: FoundPassage[],
): Promise<number[] | string> {
  const plain = url.replace(/\/+$/, "");
  const documents = passages.map(({ title, path, text }) =>
    `${[title, ...path].join(" › ")}\n${text}`.slice(0, LONGEST_PASSAGE),
  );
  try {
    const response = await fetch(plain.endsWith("/rerank") ? plain : `${plain}/rerank`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) },
      // Some servers call the passages "texts".
      body: JSON.stringify({
        query: question.slice(0, LONGEST_QUESTION),
        documents,
        texts: documents,
        top_n: documents.length,
        ...(model ? { model } : {}),
      }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (!response.ok) return `refused (${response.status})`;
    const read = answer.safeParse(JSON.parse(text));
    if (!read.success) return "answered something else than scores";
    return [...new Set(read.data.toSorted((one, other) => other.score - one.score).map(({ index }) => index))];
  } catch (error) {
    if (error instanceof SyntaxError) return "answered something else than scores";
    return error instanceof DOMException && error.name === "TimeoutError"
      ? "did not answer in time"
      : "cannot be reached";
  }
}
