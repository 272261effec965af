import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { BadInput } from "./errors.ts";
import { type SlackSettings, slackFields, slackSettings } from "./slack-settings.ts";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));

/** Unset and empty mean the same: `OPENAI_API_KEY=` in a .env file is not a key. */
const blankIsUnset = (value: unknown) => (typeof value === "string" && value.trim() === "" ? undefined : value);
const optional = <T extends z.ZodType>(type: T) => z.preprocess(blankIsUnset, type.optional());
const whole = (low: number, high: number) => {
  const error = `must be a whole number from ${low} to ${high}`;
  return z.coerce.number(error).int(error).min(low, error).max(high, error);
};
const within = (low: number, high: number, fallback: number) =>
  z.preprocess(blankIsUnset, whole(low, high).default(fallback));

const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/, "must look like postgres://user:password@host:5432/name");

/** Languages that PostgreSQL can stem, on a server and embedded. */
export const LANGUAGES = [
  "english",
  "german",
  "french",
  "spanish",
  "italian",
  "portuguese",
  "dutch",
  "danish",
  "swedish",
  "norwegian",
  "finnish",
  "hungarian",
  "romanian",
  "russian",
  "turkish",
  "greek",
  "irish",
  "lithuanian",
  "catalan",
  "indonesian",
  "arabic",
  "hindi",
] as const;

const settings = z.object({
  DATABASE_URL: optional(postgresUrl),
  PERENNIAL_DATA: optional(z.string()),
  PERENNIAL_KNOWLEDGE: optional(z.string()),
  PERENNIAL_PLAYBOOKS: optional(z.string()),
  PERENNIAL_LANGUAGE: z.preprocess(
    blankIsUnset,
    z.enum(LANGUAGES, `must be one of ${LANGUAGES.join(", ")}`).default("english"),
  ),
  PERENNIAL_RERANK_URL: optional(z.url({ protocol: /^https?$/, error: "must be an http(s) address" })),
  PERENNIAL_RERANK_MODEL: optional(z.string()),
  PERENNIAL_RERANK_KEY: optional(z.string()),
  PERENNIAL_WORKSPACE: optional(
    z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be lower-case letters, digits and dashes"),
  ),
  PERENNIAL_ME: optional(z.string()),
  PERENNIAL_TODAY: optional(z.iso.date("must be a day like 2026-11-22")),
  PERENNIAL_ZONE: optional(z.string().refine(isZone, "must be a time zone like Europe/Berlin")),
  OPENAI_API_KEY: optional(z.string()),
  OPENAI_BASE_URL: optional(z.url({ protocol: /^https?$/, error: "must be an http(s) address" })),
  PERENNIAL_MODEL: optional(z.string()),
  PERENNIAL_FALLBACK_MODEL: optional(z.string()),
  PERENNIAL_MODEL_TIMEOUT_SECONDS: within(1, 600, 60),
  PERENNIAL_MAX_MODEL_CALLS: within(1, 30, 8),
  PERENNIAL_MAX_TOKENS: within(256, 1_000_000, 60_000),
  PERENNIAL_EMBEDDING_MODEL: optional(z.string()),
  PERENNIAL_EMBEDDING_DIMENSION: optional(whole(16, 4000)),
  PERENNIAL_EMBEDDING_PRICE: optional(z.coerce.number("must be a price, such as 0.02").min(0, "must not be below 0")),
  ...slackFields,
  PERENNIAL_PLAYGROUND_PORT: within(0, 65_535, 3333),
  PERENNIAL_LOG: z.preprocess(
    blankIsUnset,
    z.enum(["silent", "error", "warn", "info", "debug"], "must be silent, error, warn, info or debug").default("warn"),
  ),
});

export interface Config {
  /** null: the embedded database in `dataFolder`. */
  databaseUrl: string | null;
  dataFolder: string;
  knowledgeFolder: string;
  /** The company's own playbooks, beside ours or over them; "pages" is an export without front matter. */
  ownPlaybooks: { folder: string; kind: "playbooks" | "pages" }[];
  /** Of playbooks and questions, as PostgreSQL names it: "german". */
  language: string;
  /** null: passages stay in our own order. */
  rerank: { url: string; model: string | null; apiKey: string | null } | null;
  promptsFolder: string;
  packageFolder: string;
  /** null: the first that has data of your own, else the sample company. */
  workspace: string | null;
  /** Who asks in a terminal, as an account owner; null: not known, so that nobody's accounts are "mine". */
  me: string | null;
  /** A fixed day for demonstrations and tests; null: the real one. */
  today: string | null;
  zone: string | null;
  /** null: no model; the offline planner answers. */
  model: ModelConfig | null;
  embedding: EmbeddingConfig | null;
  /** null: no Slack; the playground opens instead. */
  slack: SlackSettings | null;
  /** 0: any free port. */
  playgroundPort: number;
  logLevel: string;
}

/** A model behind an OpenAI-compatible endpoint, or one whose files are on this machine. */
export type EmbeddingConfig =
  | {
      kind: "endpoint";
      model: string;
      dimension: number | null;
      baseUrl: string | null;
      apiKey: string;
      /** Of a million tokens, in the currency that the person thinks in; null: not told. */
      price: number | null;
    }
  | { kind: "local"; model: string };

export interface ModelConfig {
  name: string;
  fallback: string | null;
  baseUrl: string | null;
  apiKey: string;
  timeoutSeconds: number;
  maxCalls: number;
  /** Input plus output tokens that one question may cost. */
  maxTokens: number;
}

/** Reads every setting once. Throws BadInput that names the wrong setting, its value's fault and the cure. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const read = settings.safeParse(environment);
  if (!read.success) {
    const faults = read.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new BadInput(
      `These settings are wrong (environment or .env):\n${faults.join("\n")}\nSee .env.example for what each one takes.`,
    );
  }
  const given = read.data;
  // A local endpoint needs no key; a key alone means OpenAI itself.
  const apiKey = given.OPENAI_API_KEY ?? (given.OPENAI_BASE_URL ? "none" : null);
  if (given.PERENNIAL_MODEL && !apiKey) {
    throw new BadInput(
      "PERENNIAL_MODEL is set, but neither OPENAI_API_KEY nor OPENAI_BASE_URL is. Set one of them, or unset PERENNIAL_MODEL to run offline.",
    );
  }
  return {
    databaseUrl: given.DATABASE_URL ?? null,
    dataFolder: resolve(given.PERENNIAL_DATA ?? defaultDataFolder()),
    knowledgeFolder: resolve(given.PERENNIAL_KNOWLEDGE ?? join(packageFolder, "knowledge")),
    ownPlaybooks: foldersIn(given.PERENNIAL_PLAYBOOKS ?? ""),
    language: given.PERENNIAL_LANGUAGE,
    rerank: given.PERENNIAL_RERANK_URL
      ? {
          url: given.PERENNIAL_RERANK_URL,
          model: given.PERENNIAL_RERANK_MODEL ?? null,
          apiKey: given.PERENNIAL_RERANK_KEY ?? null,
        }
      : null,
    promptsFolder: join(packageFolder, "prompts"),
    packageFolder,
    workspace: given.PERENNIAL_WORKSPACE ?? null,
    me: given.PERENNIAL_ME?.trim() ?? null,
    today: given.PERENNIAL_TODAY ?? null,
    zone: given.PERENNIAL_ZONE ?? null,
    model:
      given.PERENNIAL_MODEL && apiKey
        ? {
            name: given.PERENNIAL_MODEL,
            fallback: given.PERENNIAL_FALLBACK_MODEL ?? null,
            baseUrl: given.OPENAI_BASE_URL ?? null,
            apiKey,
            timeoutSeconds: given.PERENNIAL_MODEL_TIMEOUT_SECONDS,
            maxCalls: given.PERENNIAL_MAX_MODEL_CALLS,
            maxTokens: given.PERENNIAL_MAX_TOKENS,
          }
        : null,
    embedding: embeddingOf(given, apiKey),
    slack: slackSettings(given),
    playgroundPort: given.PERENNIAL_PLAYGROUND_PORT,
    logLevel: given.PERENNIAL_LOG,
  };
}

/** "local:FOLDER" is a model on this machine; any other name is asked for at the endpoint. */
function embeddingOf(given: z.infer<typeof settings>, apiKey: string | null): EmbeddingConfig | null {
  const model = given.PERENNIAL_EMBEDDING_MODEL;
  if (!model) return null;
  if (model.startsWith(LOCAL)) return { kind: "local", model: model.slice(LOCAL.length).trim() };
  if (!apiKey)
    throw new BadInput(
      "PERENNIAL_EMBEDDING_MODEL is set, but neither OPENAI_API_KEY nor OPENAI_BASE_URL is. Set one of them, or unset it to embed offline.",
    );
  return {
    kind: "endpoint",
    model,
    dimension: given.PERENNIAL_EMBEDDING_DIMENSION ?? null,
    baseUrl: given.OPENAI_BASE_URL ?? null,
    apiKey,
    price: given.PERENNIAL_EMBEDDING_PRICE ?? null,
  };
}

const LOCAL = "local:";

/** "./ours, pages:./export": folders with commas between them. */
export const foldersIn = (written: string): Config["ownPlaybooks"] =>
  written
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map((each) =>
      each.startsWith("pages:")
        ? { folder: resolve(each.slice("pages:".length).trim()), kind: "pages" }
        : { folder: resolve(each), kind: "playbooks" },
    );

/** Reads `.env` of the working folder into the environment, where there is one. Values already set win. */
export function loadDotEnv(folder = process.cwd()): void {
  const file = join(folder, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
}

/** A clone keeps its data beside the code; an installed package keeps it in the home folder. */
function defaultDataFolder(): string {
  return packageFolder.includes("node_modules") ? join(homedir(), ".perennial") : join(packageFolder, ".perennial");
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch (notAZone) {
    if (notAZone instanceof RangeError) return false;
    throw notAZone;
  }
}
