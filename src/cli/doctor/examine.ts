import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Config } from "#config.ts";
import { BadInput } from "#errors.ts";
import { createLog } from "#log.ts";
import { EXIT } from "../failure.ts";
import type { Terminal, Told } from "../terminal.ts";
import { broken, type Check, type Health, ok } from "./check.ts";
import { checkEmbedder, checkModel } from "./endpoints.ts";
import { checkFiles } from "./files.ts";
import { checkAccepted, checkQuality } from "./search.ts";
import { checkStore } from "./store.ts";

/** Looks at everything that is set up, and changes nothing; `quality` also asks the golden questions, which takes some seconds. */
export async function examine(terminal: Terminal, { quality = false } = {}): Promise<Told> {
  const checks = [
    ok("node", `${process.version} on ${process.platform} ${process.arch}, Perennial ${terminal.roof.version}`),
  ];
  const config = await settings(terminal);
  if (config instanceof BadInput) checks.push(broken("settings", config.message));
  else checks.push(settingsLine(config), ...(await everything(terminal, config, quality)));
  const fine = checks.every(({ health }) => health !== "broken");
  return { json: { ok: fine, checks }, words: inWords(checks), code: fine ? EXIT.ok : EXIT.failed };
}

async function everything(terminal: Terminal, config: Config, quality: boolean): Promise<Check[]> {
  terminal.screen.status("Looking at the database, the files and the endpoints");
  const store = checkStore(config, createLog("silent")); // what it would log, the checks say
  const [inStore, files, embedder, model] = await Promise.all([
    store,
    checkFiles(config),
    checkEmbedder(config),
    checkModel(config),
  ]);
  const search = quality ? await checkQuality(config, (words) => terminal.screen.status(words)) : checkAccepted(config);
  return [...inStore, ...files, embedder, search, model];
}

async function settings(terminal: Terminal): Promise<Config | BadInput> {
  try {
    return await terminal.settings();
  } catch (error) {
    if (error instanceof BadInput) return error;
    throw error;
  }
}

function settingsLine({ today, zone, workspace }: Config): Check {
  const file = resolve(".env");
  const fixed = [
    today && `today is fixed at ${today}`,
    zone && `zone ${zone}`,
    workspace && `workspace ${workspace}`,
  ].filter(Boolean);
  return ok(
    "settings",
    [existsSync(file) ? `${file} and the environment` : "the environment; no .env here", ...fixed].join(", "),
  );
}

const MARK: Record<Health, string> = { ok: "ok", note: "note", off: "off", broken: "BROKEN" };

function inWords(checks: readonly Check[]): string {
  const rows = checks.map(({ area, health, says }) => `| ${MARK[health]} | ${area} | ${cell(says)} |`);
  const cures = checks
    .filter(({ cure }) => cure !== null)
    .map(({ area, health, cure }) => `- ${health === "broken" ? `**${area}**` : area}: ${cure}`);
  const bad = checks.filter(({ health }) => health === "broken").length;
  const verdict = bad === 0 ? "Nothing that is set up is broken." : `**${bad} broken.**`;
  return [
    "| | What | How it is |",
    "|---|---|---|",
    ...rows,
    ...(cures.length > 0 ? ["", "What you can do:", ...cures] : []),
    "",
    verdict,
  ].join("\n");
}

/** Lines of a cell stand behind each other, as the parts of a sentence. */
const cell = (text: string): string =>
  text
    .replace(/(?<=[.:])\n\s*/g, " ")
    .replace(/\n\s*/g, "; ")
    .replaceAll("|", "/");
