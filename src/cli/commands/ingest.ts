import { Command } from "commander";
import type { EmbeddingCost } from "#playbooks/embedders/cost.ts";
import type { IngestResult } from "#playbooks/ingest.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import { EXIT, failureOf } from "../failure.ts";
import type { OpenHouse } from "../open-house.ts";
import type { OwnSettings } from "../playbooks/settle-settings.ts";
import { type PlaceOptions, pickWorkspace, type Terminal, type Told } from "../terminal.ts";

interface IngestOptions extends PlaceOptions, OwnSettings {
  watch?: boolean;
  yes?: boolean;
}

const HELP = `
Examples:
  perennial ingest
  perennial ingest --watch                                      and again whenever a file changes, until Ctrl-C
  PERENNIAL_PLAYBOOKS=./our-playbooks perennial ingest          yours beside ours, and over ours where ids are equal
  PERENNIAL_PLAYBOOKS=pages:./notion-export perennial ingest    pages without front matter
  perennial ingest --workspace acme --language german --own ./acme-playbooks     for that workspace, from now on

Only changed passages are indexed anew. A broken playbook is listed and its old version stays; the exit code is then 2.
Before a large run at a paid embedding endpoint it tells what it will take and asks; where nobody can be asked, it wants --yes.
With --watch --json, one object is printed for each ingest.
`;

export const ingestCommand = (terminal: Terminal): Command =>
  new Command("ingest")
    .description("index the playbooks that changed")
    .option("--watch", "stay, and index again whenever a file changes")
    .option("--workspace <handle>", "another workspace than the usual one")
    .option("--language <name>", "of this workspace's playbooks and questions, kept; none: that of the process")
    .option("--own <folders>", "this workspace's own playbooks beside the others, kept; none takes them away")
    .option("--yes", "embed, however much it is")
    .addHelpText("after", HELP)
    .action((options: IngestOptions) => ingest(terminal, options));

async function ingest(terminal: Terminal, { watch, yes, language, own, ...options }: IngestOptions): Promise<void> {
  const house = await terminal.house(options);
  const { keepOwnSettings } = await import("../playbooks/settle-settings.ts");
  const workspace = await keepOwnSettings(house, await pickWorkspace(house, options), {
    ...(language === undefined ? {} : { language }),
    ...(own === undefined ? {} : { own }),
  });
  const approve = (cost: EmbeddingCost) => approved(terminal, cost, yes === true);
  const once = async () => terminal.tell(told(workspace.handle, await house.ingest(workspace, approve)));
  await once();
  if (watch) await keepWatching(terminal, { house, workspace }, once);
}

/** Tells what embedding will take, and asks whether to go on where that is much and somebody is there to answer. */
async function approved({ screen, input, stopped }: Terminal, cost: EmbeddingCost, yes: boolean): Promise<void> {
  const [{ ASK_ABOVE_TOKENS, costInWords, refuseUnasked }, { BadInput }] = await Promise.all([
    import("#playbooks/embedders/cost.ts"),
    import("#errors.ts"),
  ]);
  screen.note(`${costInWords(cost)}.`);
  if (yes || cost.tokens <= ASK_ABOVE_TOKENS) return;
  if (input.isTTY !== true || screen.err.isTTY !== true || screen.json) return refuseUnasked(cost);
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input, output: screen.err });
  try {
    const said = await lines.question("Embed them? [y/N] ", { signal: stopped });
    if (!/^y(es)?$/i.test(said.trim())) throw new BadInput("Nothing was sent, and the index stays as it was.");
  } finally {
    lines.close();
  }
}

async function keepWatching(
  terminal: Terminal,
  { house, workspace }: { house: OpenHouse; workspace: Workspace },
  once: () => Promise<void>,
): Promise<void> {
  const [{ watchFolders }, { sourcesOf }] = await Promise.all([
    import("#playbooks/watch.ts"),
    import("../playbooks/sources.ts"),
  ]);
  const folders = sourcesOf(house.config, workspace).map(({ folder }) => folder);
  terminal.endsItself = true;
  terminal.screen.note(`Watching ${folders.join(", ")}. Ctrl-C ends it.`);
  await watchFolders(folders, terminal.stopped, async () => {
    try {
      await once();
    } catch (error) {
      // What cannot be indexed now may be put right by the next stroke; it is told, and the watch goes on.
      terminal.screen.fault((await failureOf(error, terminal)).words);
    }
  });
}

function told(workspace: string, { summary: _, ...result }: IngestResult): Told {
  const { added, changed, gone, same, broken, drafts, replaced, embedded } = result;
  const head = `Playbooks: **${added} new, ${changed} changed, ${gone} gone, ${same} as before**; ${embedded} passages embedded.`;
  const faults = broken.map(
    ({ reason, oldVersionKept }) => `- ${reason}${oldVersionKept ? " Its old version is kept." : ""}`,
  );
  return {
    json: { workspace, ...result },
    words: [
      head,
      ...(replaced.length > 0
        ? [`${replaced.length} of ours replaced by your own: ${replaced.map(({ id }) => id).join(", ")}`]
        : []),
      ...(drafts.length > 0 ? [`${drafts.length} in draft, not found yet: ${drafts.join(", ")}`] : []),
      ...(faults.length > 0 ? [`${faults.length} broken:`, ...faults] : []),
    ].join("\n"),
    code: broken.length > 0 ? EXIT.badInput : EXIT.ok,
  };
}
