import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { z } from "zod";
import { BadInput } from "#errors.ts";
import type { FixedEmbedder } from "./embedder.ts";

const PACKAGE = "@huggingface/transformers";
const BATCH = 16; // texts at once: more of them only take more memory
const METHOD = "local 1"; // change it when what is asked of the model changes

type Pooling = "mean" | "cls";
type Extract = (texts: string[], options: { pooling: Pooling; normalize: boolean }) => Promise<unknown>;

const library = z.object({
  pipeline: z.custom<(task: string, model: string, options: object) => Promise<Extract>>(
    (given) => typeof given === "function",
  ),
  env: z.custom<{ allowRemoteModels: boolean }>((given) => typeof given === "object" && given !== null),
});
/** As it is, not as a copy: its methods want their own object. */
const tensor = z.custom<{ tolist(): unknown }>(
  (given) => typeof given === "object" && given !== null && "tolist" in given && typeof given.tolist === "function",
);
const vectors = z.array(z.array(z.number()));

export interface LocalSettings {
  /** A folder with config.json, tokenizer.json and onnx/, or the id of a model that the package has in its cache. */
  model: string;
  /** Loads the package; a test hands in another one. */
  load?: () => Promise<unknown>;
}

/**
 * A model on this machine, run by `@huggingface/transformers` where a person has installed it. Nothing is fetched: the
 * files have to be there. Throws BadInput where the folder is not one of a model; the same comes from the first use
 * where the package or a file of the model is missing.
 */
export function localEmbedder({ model, load = () => import(PACKAGE) }: LocalSettings): FixedEmbedder {
  const place = placeOf(model);
  const { pooling, dtype, says } = shapeOf(place);
  let dimension: number | null = null;
  let loading: Promise<Extract> | null = null;

  async function embed(texts: string[]): Promise<number[][]> {
    loading ??= open(place, dtype, load);
    const extract = await loading;
    const made: number[][] = [];
    for (let from = 0; from < texts.length; from += BATCH) {
      const given = await extract(texts.slice(from, from + BATCH), { pooling, normalize: true });
      made.push(...vectors.parse(tensor.parse(given).tolist()));
    }
    dimension ??= made[0]?.length ?? null;
    return made;
  }

  const [before, asked] = prefixesOf(place);
  return {
    kind: "fixed",
    name: `local:${model}`,
    get dimension() {
      return dimension;
    },
    fingerprint: createHash("sha256")
      .update([METHOD, pooling, dtype, before, says].join("\n"))
      .digest("hex")
      .slice(0, 32),
    embedPassages: (texts) => embed(texts.map((text) => before + text)),
    embedQuery: async (text) => (await embed([asked + text]))[0]!, // one for each text
  };
}

/** A folder is named by a path; anything else is a model's id, as in the package's cache. */
function placeOf(model: string): string {
  const path = resolve(model);
  if (existsSync(path)) return path;
  if (isAbsolute(model) || model.startsWith("."))
    throw new BadInput(
      `There is no folder ${path}, which PERENNIAL_EMBEDDING_MODEL names. Put the model there (config.json, tokenizer.json, onnx/model.onnx), or unset the setting to embed offline.`,
    );
  return model;
}

/** What the files of a folder tell: how the model pools, which of its files is run, and what makes its vectors others. */
function shapeOf(place: string): { pooling: Pooling; dtype: "fp32" | "q8"; says: string } {
  if (!isAbsolute(place)) return { pooling: "mean", dtype: "fp32", says: place };
  const onnx = join(place, "onnx");
  const files = existsSync(onnx) ? readdirSync(onnx).filter((file) => file.endsWith(".onnx")) : [];
  const lacking = ["config.json", "tokenizer.json"].filter((file) => !existsSync(join(place, file)));
  const dtype = files.includes("model.onnx") || !files.includes("model_quantized.onnx") ? "fp32" : "q8";
  if (!files.some((file) => file === "model.onnx" || file === "model_quantized.onnx")) lacking.push("onnx/model.onnx");
  if (lacking.length > 0)
    throw new BadInput(
      `The folder ${place}, which PERENNIAL_EMBEDDING_MODEL names, lacks ${lacking.join(" and ")}. Export the model to ONNX into it, or unset the setting to embed offline.`,
    );
  const run = join(onnx, dtype === "fp32" ? "model.onnx" : "model_quantized.onnx");
  const config = readFileSync(join(place, "config.json"), "utf8");
  return { pooling: poolingOf(place), dtype, says: `${config}\n${statSync(run).size}` };
}

const poolingSetting = z.object({ pooling_mode_cls_token: z.boolean().default(false) });

/** Models of the Sentence Transformers family say how they pool; the mean is the rule. */
function poolingOf(place: string): Pooling {
  const file = join(place, "1_Pooling", "config.json");
  if (!existsSync(file)) return "mean";
  return poolingSetting.parse(JSON.parse(readFileSync(file, "utf8"))).pooling_mode_cls_token ? "cls" : "mean";
}

/** The E5 models were trained with a word before each text, and lose much without it. */
const prefixesOf = (place: string): [passage: string, query: string] =>
  /\be5\b/i.test(place.split(/[\\/]/).at(-1) ?? "") ? ["passage: ", "query: "] : ["", ""];

async function open(place: string, dtype: string, load: () => Promise<unknown>): Promise<Extract> {
  const { pipeline, env } = library.parse(await loaded(load));
  env.allowRemoteModels = false; // local_files_only alone lets some requests through
  try {
    return await pipeline("feature-extraction", place, { dtype, local_files_only: true });
  } catch (cause) {
    throw new BadInput(
      `The model ${place}, which PERENNIAL_EMBEDDING_MODEL names, cannot be opened (${cause instanceof Error ? cause.message.slice(0, 200) : "unknown"}). Name a folder with config.json, tokenizer.json and onnx/model.onnx, or unset the setting to embed offline.`,
      { cause },
    );
  }
}

async function loaded(load: () => Promise<unknown>): Promise<unknown> {
  try {
    return await load();
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
    throw new BadInput(
      missing
        ? `PERENNIAL_EMBEDDING_MODEL names a model on this machine, and that needs the package ${PACKAGE}, which is not installed. Run \`npm install ${PACKAGE}\`, or unset the setting to embed offline.`
        : `The package ${PACKAGE} does not load on this machine. Install it anew with \`npm install ${PACKAGE}\`, or unset PERENNIAL_EMBEDDING_MODEL to embed offline.`,
      { cause },
    );
  }
}
