import type { Config, EmbeddingConfig, ModelConfig } from "#config.ts";
import { BadInput } from "#errors.ts";
import { localEmbedder } from "#playbooks/embedders/local.ts";
import { broken, type Check, note, off, ok } from "./check.ts";

const PATIENCE_MS = 5_000;
const OPENAI = "https://api.openai.com/v1";

/** Asks the model's endpoint whether it is there, takes the key and knows the model. */
export async function checkModel({ model }: Config): Promise<Check> {
  if (!model)
    return off(
      "model",
      "none configured; the offline planner answers, and says so",
      "Set PERENNIAL_MODEL and OPENAI_API_KEY (or OPENAI_BASE_URL) in .env.",
    );
  const address = (model.baseUrl ?? OPENAI).replace(/\/+$/, "");
  const listed = await request(`${address}/models`, model.apiKey);
  if ("trouble" in listed)
    return broken(
      "model",
      `${address} ${listed.trouble}`,
      "Check OPENAI_BASE_URL and the network. Until then answers are offline.",
    );
  if (listed.status === 401 || listed.status === 403)
    return broken("model", `${address} refuses the key (${listed.status})`, "Check OPENAI_API_KEY.");
  const names = namesIn(listed.body);
  if (names === null) return tryChat(address, model);
  const missing = [model.name, model.fallback].filter((each) => each !== null && !names.includes(each));
  if (missing.length > 0)
    return note(
      "model",
      `${address} answers, but does not list ${missing.join(" and ")}`,
      "Check PERENNIAL_MODEL and PERENNIAL_FALLBACK_MODEL.",
    );
  return ok("model", `${model.name}${model.fallback ? `, then ${model.fallback},` : ""} at ${address}`);
}

/** For endpoints without a list of models: one question for one token. */
async function tryChat(address: string, { name, apiKey }: ModelConfig): Promise<Check> {
  const body = { model: name, messages: [{ role: "user", content: "Say yes." }], max_tokens: 1 };
  const answer = await request(`${address}/chat/completions`, apiKey, body);
  if ("trouble" in answer)
    return broken("model", `${address} ${answer.trouble}`, "Check OPENAI_BASE_URL and the network.");
  if (answer.status < 300) return ok("model", `${name} at ${address}`);
  return broken(
    "model",
    `${address} answers ${answer.status} to a question for ${name}`,
    "Check PERENNIAL_MODEL, OPENAI_BASE_URL and OPENAI_API_KEY.",
  );
}

/** Asks the embedding model for one vector. */
export async function checkEmbedder({ embedding }: Config): Promise<Check> {
  if (!embedding) return ok("embedder", "offline, fitted on the playbooks themselves");
  if (embedding.kind === "local") return checkLocal(embedding);
  const address = (embedding.baseUrl ?? OPENAI).replace(/\/+$/, "");
  const dimensions = embedding.dimension ? { dimensions: embedding.dimension } : {};
  const answer = await request(`${address}/embeddings`, embedding.apiKey, {
    model: embedding.model,
    input: ["renewal"],
    ...dimensions,
  });
  if ("trouble" in answer)
    return broken(
      "embedder",
      `${address} ${answer.trouble}`,
      "Check OPENAI_BASE_URL and the network, or unset PERENNIAL_EMBEDDING_MODEL to embed offline.",
    );
  if (answer.status >= 300)
    return broken(
      "embedder",
      `${address} answers ${answer.status} for ${embedding.model}`,
      "Check PERENNIAL_EMBEDDING_MODEL and OPENAI_API_KEY, or unset the first to embed offline.",
    );
  return ok("embedder", `${embedding.model} at ${address}`);
}

async function checkLocal(embedding: Extract<EmbeddingConfig, { kind: "local" }>): Promise<Check> {
  try {
    const { embedQuery } = localEmbedder(embedding);
    return ok(
      "embedder",
      `${embedding.model} on this machine, ${(await embedQuery("renewal")).length} numbers a vector`,
    );
  } catch (error) {
    if (error instanceof BadInput) return broken("embedder", error.message);
    throw error;
  }
}

type Reply = { status: number; body: unknown } | { trouble: string };

async function request(address: string, apiKey: string, body?: object): Promise<Reply> {
  try {
    const response = await fetch(address, {
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: response.status, body: parsed(await response.text()) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return {
      trouble:
        error.name === "TimeoutError" ? `does not answer within ${PATIENCE_MS / 1000} seconds` : "cannot be reached",
    };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (notJson) {
    if (notJson instanceof SyntaxError) return null;
    throw notJson;
  }
}

/** The ids of an OpenAI-style list of models; null when it is none. */
function namesIn(body: unknown): string[] | null {
  if (typeof body !== "object" || body === null || !("data" in body) || !Array.isArray(body.data)) return null;
  return body.data.flatMap((each: unknown) =>
    typeof each === "object" && each !== null && "id" in each ? [String(each.id)] : [],
  );
}
