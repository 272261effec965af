import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Config } from "#config.ts";
import { BadInput } from "#errors.ts";
import { type ImportProgress, type ImportSummary, importFolder } from "#intake/import.ts";
import { type Mapping, parseMapping } from "#intake/mapping.ts";
import { counted } from "#tools/words.ts";
import {
  actorIn,
  chooseBaseCurrency,
  OWN_WORKSPACE,
  SAMPLE_WORKSPACE,
  type Workspace,
  workspaceByHandle,
} from "#workspaces/workspace.ts";
import type { Judged, OpenHouse } from "./open-house.ts";
import { keepRefused } from "./refused-rows.ts";
import type { Screen } from "./screen/screen.ts";
import type { Terminal, Told } from "./terminal.ts";

export interface ImportOptions {
  mapping: string;
  dryRun?: boolean;
  workspace?: string;
  baseCurrency?: string;
  refused?: string;
}

/** Imports a folder, brings the workspace up to the day, and tells what was new, changed, same and refused. */
export async function importData(terminal: Terminal, folder: string, options: ImportOptions): Promise<Told> {
  const config = await terminal.settings(options);
  const mapping = await mappingNamed(options.mapping, config);
  const house = await terminal.house(options);
  const workspace = await destination(house, mapping, options);
  const { database } = house;
  const actor = actorIn(workspace);
  terminal.endsItself = true;
  const progress = progressOn(terminal.screen);
  const summary = await importFolder({
    database,
    actor,
    folder,
    mapping,
    dryRun: options.dryRun === true,
    onProgress: progress.hear,
    signal: terminal.stopped,
    today: house.today(workspace),
  });
  progress.end();
  const refusedFile = options.refused ? await keepRefused(options.refused, summary, { database, actor }) : null;
  terminal.screen.status("Working out facts and stages");
  const judged = summary.dryRun || summary.stopped ? null : await house.settle(workspace);
  return told({ summary, workspace, judged, refusedFile });
}

/** A mapping by its file, or by the name of one that comes along. */
async function mappingNamed(given: string, { knowledgeFolder }: Config): Promise<Mapping> {
  const folder = join(knowledgeFolder, "mappings");
  const preset = join(folder, `${given}.yaml`);
  const file = !existsSync(given) && existsSync(preset) && basename(given) === given ? preset : given;
  try {
    return parseMapping(await readFile(file, "utf8"), file);
  } catch (cause) {
    if (cause instanceof BadInput) throw cause;
    const presets = existsSync(folder) ? readdirSync(folder).map((each) => each.replace(/\.ya?ml$/, "")) : [];
    throw new BadInput(`There is no mapping ${given}. Name a YAML file, or one of ${presets.join(", ")}.`, { cause });
  }
}

async function destination(house: OpenHouse, mapping: Mapping, options: ImportOptions): Promise<Workspace> {
  const handle = options.workspace ?? house.config.workspace ?? OWN_WORKSPACE;
  const currency = options.baseCurrency?.toUpperCase();
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(handle)) {
    throw new BadInput(`“${handle}” is no handle for a workspace: use lower-case letters, digits and dashes.`);
  }
  if (handle === SAMPLE_WORKSPACE) {
    throw new BadInput(
      `The workspace “${handle}” is the sample company's. Import into another one: --workspace ${OWN_WORKSPACE}.`,
    );
  }
  if (currency !== undefined && !Intl.supportedValuesOf("currency").includes(currency)) {
    throw new BadInput(`“${options.baseCurrency}” is no currency. Write its code, like EUR.`);
  }
  const known = await workspaceByHandle(house.database, handle);
  const wanted = currency ?? mapping.defaults.currency ?? known?.baseCurrency ?? "USD";
  if (!known) return house.ownWorkspace(handle, wanted);
  if (known.baseCurrency === wanted) return known;
  // Still empty, as after a dry run: what the first rows are counted in is open.
  const chosen = await chooseBaseCurrency(house.database, known, wanted);
  if (!chosen && currency) {
    throw new BadInput(
      `The workspace “${handle}” adds up in ${known.baseCurrency} already. Leave --base-currency out, or import into another workspace.`,
    );
  }
  return chosen ?? known;
}

/** How far the import is: a line that changes where a person looks on, else a line for each file. */
function progressOn(screen: Screen): { hear: (progress: ImportProgress) => void; end: () => void } {
  let last = { of: "", words: "" };
  const end = () => {
    if (!screen.err.isTTY && last.words !== "") screen.note(last.words);
  };
  const hear = ({ file, kind, bytes, totalBytes, counts }: ImportProgress) => {
    const of = `${file} as ${kind}`;
    if (last.of !== of) end();
    last = { of, words: `${of}: ${counts.read.toLocaleString("en")} rows, ${counts.refused} refused` };
    screen.status(`${last.words}, ${totalBytes > 0 ? Math.floor((100 * bytes) / totalBytes) : 100} %`);
  };
  return { hear, end };
}

interface Outcome {
  summary: ImportSummary;
  workspace: Workspace;
  judged: Judged | null;
  refusedFile: string | null;
}

function told({ summary, workspace, judged, refusedFile }: Outcome): Told {
  const { files, refused, missing, waiting, dryRun, resumed, stopped, touchedAccounts, runId } = summary;
  const total = totalOf(files);
  return {
    json: {
      workspace: workspace.handle,
      runId,
      dryRun,
      resumed,
      stopped,
      ...total,
      files,
      missing,
      waiting,
      touchedAccounts,
      judged: judged?.judged ?? 0,
      refusedRows: refused.map(({ raw: _, ...each }) => each),
      refusedFile,
    },
    words: [
      headline(summary, workspace, total),
      "",
      "| File | As | Read | New | Changed | Same | Refused | Skipped |",
      "|---|---|--:|--:|--:|--:|--:|--:|",
      ...files.map((each) => `| ${each.file} | ${each.kind} | ${cells(each)} |`),
      `| Together | | ${cells(total)} |`,
      ...refusedWords(refused, total.refused, refusedFile),
      ...(missing.length > 0
        ? ["", `Not there, and not needed: ${missing.map((each) => `\`${each}\``).join(", ")}.`]
        : []),
      ...waitingWords(waiting),
      ...(judged ? ["", judgedWords(judged.judged)] : []),
    ].join("\n"),
  };
}

const LINKS_NAMED = 3; // as many as the summary tells

/** Links that are made by themselves once the other row comes; people are what lists most often lack. */
function waitingWords(waiting: ImportSummary["waiting"]): string[] {
  if (waiting.length === 0) return [];
  const lines = waiting.map(({ kind, field, count, named }) => {
    const names = named.map((each) => each.replace(/[\\`*_]/g, "\\$&")).join(", ");
    return `- ${field} of ${counted(count, `${kind} row`)}: ${names}${named.length === LINKS_NAMED ? " …" : ""}`;
  });
  const people = waiting.some(({ field }) => ["owner", "assignee", "person", "author", "manager"].includes(field));
  return [
    "",
    "Left open until the rows they point to are imported:",
    ...lines,
    ...(people ? ["A file of `kind: person` brings people: docs/bring-your-data.md, “People”."] : []),
  ];
}

const judgedWords = (accounts: number): string =>
  `${accounts === 0 ? "No account had to be" : `${counted(accounts, "account")} ${accounts === 1 ? "was" : "were"}`} judged anew. Ask about them: \`perennial start\`.`;

type Counted = Pick<ImportSummary["files"][number], "read" | "new" | "changed" | "same" | "refused" | "skipped">;

const COUNTS = ["read", "new", "changed", "same", "refused", "skipped"] as const;
const cells = (counts: Counted): string => COUNTS.map((each) => counts[each].toLocaleString("en")).join(" | ");
const totalOf = (files: readonly Counted[]): Counted =>
  files.reduce<Counted>(
    (sum, file) => Object.fromEntries(COUNTS.map((each) => [each, sum[each] + file[each]])) as unknown as Counted,
    {
      read: 0,
      new: 0,
      changed: 0,
      same: 0,
      refused: 0,
      skipped: 0,
    },
  ); // COUNTS are the keys of Counted

function headline({ dryRun, resumed, stopped }: ImportSummary, { handle }: Workspace, total: Counted): string {
  if (dryRun) return `**Dry run**: nothing was changed. This is what the import into the workspace ${handle} would do.`;
  if (stopped) return "**Stopped.** What was read so far is kept; the same command goes on from there.";
  const same = total.new + total.changed === 0 ? " Nothing was new." : "";
  return `**Imported** into the workspace ${handle}${resumed ? ", going on where the last import was stopped" : ""}.${same}`;
}

const LISTED = 20;

function refusedWords(refused: ImportSummary["refused"], count: number, file: string | null): string[] {
  if (count === 0) return [];
  const rows = refused
    .slice(0, LISTED)
    .map(
      (each) => `| ${each.file} | ${each.line ?? ""} | ${each.column ?? ""} | ${each.reason.replaceAll("|", "/")} |`,
    );
  const rest = count - rows.length;
  const kept = file ? `All of them are in ${file}.` : "--refused FILE.csv writes all of them to a file.";
  return [
    "",
    `${counted(count, "row")} ${count === 1 ? "was" : "were"} refused:`,
    "| File | Line | Column | Reason |",
    "|---|--:|---|---|",
    ...rows,
    `${rest > 0 ? `and ${rest} more. ` : ""}${kept}`,
  ];
}
