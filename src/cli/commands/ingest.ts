import { Command } from "commander";
import { EXIT } from "../failure.ts";
import { type PlaceOptions, pickWorkspace, type Terminal, type Told } from "../terminal.ts";

const HELP = `
Examples:
  perennial ingest
  PERENNIAL_KNOWLEDGE=./our-knowledge perennial ingest

Only changed passages are indexed anew. A broken playbook is listed and its old version stays; the exit code is then 2.
`;

export const ingestCommand = (terminal: Terminal): Command =>
  new Command("ingest")
    .description("index the playbooks that changed")
    .option("--workspace <handle>", "another workspace than the usual one")
    .addHelpText("after", HELP)
    .action(async (options: PlaceOptions) => terminal.tell(await ingest(terminal, options)));

async function ingest(terminal: Terminal, options: PlaceOptions): Promise<Told> {
  const house = await terminal.house(options);
  const workspace = await pickWorkspace(house, options);
  const { actorIn } = await import("#workspaces/workspace.ts");
  const { added, changed, gone, same, broken, embedded } = await house.ingest(actorIn(workspace));
  const head = `Playbooks: **${added} new, ${changed} changed, ${gone} gone, ${same} as before**; ${embedded} passages embedded.`;
  const faults = broken.map(
    ({ reason, oldVersionKept }) => `- ${reason}${oldVersionKept ? " Its old version is kept." : ""}`,
  );
  return {
    json: { workspace: workspace.handle, added, changed, gone, same, broken, embedded },
    words: [head, ...(faults.length > 0 ? [`${faults.length} broken:`, ...faults] : [])].join("\n"),
    code: broken.length > 0 ? EXIT.badInput : EXIT.ok,
  };
}
