import { Command } from "commander";
import type { IngestResult } from "#playbooks/ingest.ts";
import { EXIT, failureOf } from "../failure.ts";
import type { OpenHouse } from "../open-house.ts";
import { type PlaceOptions, pickWorkspace, type Terminal, type Told } from "../terminal.ts";

interface IngestOptions extends PlaceOptions {
  watch?: boolean;
}

const HELP = `
Examples:
  perennial ingest
  perennial ingest --watch                                      and again whenever a file changes, until Ctrl-C
  PERENNIAL_PLAYBOOKS=./our-playbooks perennial ingest          yours beside ours, and over ours where ids are equal
  PERENNIAL_PLAYBOOKS=pages:./notion-export perennial ingest    pages without front matter

Only changed passages are indexed anew. A broken playbook is listed and its old version stays; the exit code is then 2.
With --watch --json, one object is printed for each ingest.
`;

export const ingestCommand = (terminal: Terminal): Command =>
  new Command("ingest")
    .description("index the playbooks that changed")
    .option("--watch", "stay, and index again whenever a file changes")
    .option("--workspace <handle>", "another workspace than the usual one")
    .addHelpText("after", HELP)
    .action((options: IngestOptions) => ingest(terminal, options));

async function ingest(terminal: Terminal, { watch, ...options }: IngestOptions): Promise<void> {
  const house = await terminal.house(options);
  const workspace = await pickWorkspace(house, options);
  const { actorIn } = await import("#workspaces/workspace.ts");
  const once = async () => terminal.tell(told(workspace.handle, await house.ingest(actorIn(workspace))));
  await once();
  if (watch) await keepWatching(terminal, house, once);
}

async function keepWatching(terminal: Terminal, house: OpenHouse, once: () => Promise<void>): Promise<void> {
  const [{ watchFolders }, { sourcesOf }] = await Promise.all([
    import("#playbooks/watch.ts"),
    import("../playbooks/sources.ts"),
  ]);
  const folders = sourcesOf(house.config).map(({ folder }) => folder);
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
