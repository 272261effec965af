import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { EmbeddingConfig } from "#config.ts";
import { BadInput, Unavailable } from "#errors.ts";
import type { FixedEmbedder } from "./embedder.ts";

const BATCH = 64; // texts a request; every provider takes at least this many
const ATTEMPTS = 5;
const LONGEST_WAIT_MS = 30_000;
const TIMEOUT_MS = 60_000;
const OPENAI = "https://api.openai.com/v1";

const answer = z.object({ data: z.array(z.object({ index: z.number().int(), embedding: z.array(z.number()) })) });

export type EndpointSettings = Omit<Extract<EmbeddingConfig, { kind: "endpoint" }>, "kind" | "price"> & {
  /** Of a million tokens; null: not told. */
  price?: number | null;
  /** The first pause before a new attempt; it doubles. */
  firstWaitMs?: number;
};

/** Vectors from any OpenAI-compatible `/embeddings`. Refused (429) and failed (5xx) requests are tried again, slower. */
export function endpointEmbedder({
  model,
  dimension,
  baseUrl,
  apiKey,
  price = null,
  firstWaitMs = 500,
}: EndpointSettings): FixedEmbedder {
  const address = `${(baseUrl ?? OPENAI).replace(/\/+$/, "")}/embeddings`;
  let known = dimension;

  async function embed(texts: string[]): Promise<number[][]> {
    const body = { model, input: texts, encoding_format: "float", ...(dimension ? { dimensions: dimension } : {}) };
    const vectors = await ask(address, apiKey, body, firstWaitMs);
    if (vectors.length !== texts.length) {
      throw new Unavailable(
        `The embedding endpoint ${address} answered ${vectors.length} vectors for ${texts.length} texts. Nothing was indexed.`,
      );
    }
    for (const vector of vectors) {
      known ??= vector.length;
      if (vector.length !== known) throw new BadInput(wrongDimension(model, vector.length, known, dimension !== null));
    }
    return vectors;
  }

  return {
    kind: "fixed",
    name: model,
    metered: { price },
    get dimension() {
      return known;
    },
    fingerprint: createHash("sha256")
      .update([address, model, dimension ?? ""].join("\n"))
      .digest("hex")
      .slice(0, 32),
    async embedPassages(texts) {
      const vectors: number[][] = [];
      for (let from = 0; from < texts.length; from += BATCH)
        vectors.push(...(await embed(texts.slice(from, from + BATCH))));
      return vectors;
    },
    embedQuery: async (text) => (await embed([text]))[0]!, // embed() counted them
  };
}

const wrongDimension = (model: string, got: number, wanted: number, set: boolean): string =>
  `The embedding model ${model} answers vectors of ${got} numbers, ${set ? `PERENNIAL_EMBEDDING_DIMENSION says ${wanted}. Set it to ${got}, or unset it` : `earlier ones had ${wanted}. Ask the provider, or name another PERENNIAL_EMBEDDING_MODEL`}.`;

interface Answer {
  status: number;
  text: string;
  retryAfterMs: number;
}

async function ask(address: string, apiKey: string, body: object, firstWaitMs: number): Promise<number[][]> {
  let trouble = "";
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const got = await post(address, apiKey, body);
    if (typeof got !== "string" && got.status < 300) return vectorsOf(got, address);
    if (typeof got !== "string" && !isPassing(got.status)) throw refusal(got, address);
    trouble = typeof got === "string" ? got : `answered ${got.status}`;
    const pause = (typeof got !== "string" && got.retryAfterMs) || firstWaitMs * 2 ** (attempt - 1);
    if (attempt < ATTEMPTS) await wait(Math.min(pause, LONGEST_WAIT_MS));
  }
  throw new Unavailable(
    `The embedding endpoint ${address} ${trouble}, ${ATTEMPTS} times. Try again later; what was embedded so far is kept.`,
  );
}

/** The whole answer, or in words why there is none. */
async function post(address: string, apiKey: string, body: object): Promise<Answer | string> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const retryAfterMs = Number(response.headers.get("retry-after")) * 1_000 || 0;
    return { status: response.status, text: await response.text(), retryAfterMs };
  } catch (error) {
    return error instanceof DOMException && error.name === "TimeoutError"
      ? "did not answer in time"
      : "cannot be reached or broke off";
  }
}

const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

function vectorsOf({ text }: Answer, address: string): number[][] {
  try {
    const { data } = answer.parse(JSON.parse(text));
    return data.toSorted((one, other) => one.index - other.index).map(({ embedding }) => embedding);
  } catch (cause) {
    throw new Unavailable(
      `The embedding endpoint ${address} answered something that is no list of vectors. Check OPENAI_BASE_URL.`,
      { cause },
    );
  }
}

const CURES: Record<number, string> = {
  400: "Check PERENNIAL_EMBEDDING_MODEL; a model that has one size wants PERENNIAL_EMBEDDING_DIMENSION unset.",
  401: "Check OPENAI_API_KEY.",
  403: "Check OPENAI_API_KEY and what it may use.",
  404: "Check OPENAI_BASE_URL and PERENNIAL_EMBEDDING_MODEL.",
};

function refusal({ status, text }: Answer, address: string): BadInput {
  const cure = CURES[status] ?? "Check the settings of the embedding model.";
  return new BadInput(`The embedding endpoint ${address} refused (${status}). ${cure}`, {
    cause: new Error(text.slice(0, 300)),
  });
}
