// One ingest in a process of its own, for kill-ingest.ts to kill. Says "go" when it begins and "done" when it is through.
import { openDatabase } from "#database/connect.ts";
import { createLog } from "#log.ts";
import { lsaEmbedder } from "#playbooks/embedders/lsa.ts";
import { ingestPlaybooks } from "#playbooks/ingest.ts";

export interface ChildTask {
  url: string | null;
  dataFolder: string;
  workspaceId: number;
  playbooks: string;
}

const task: ChildTask = JSON.parse(process.argv[2]!); // kill-ingest.ts wrote it
const { url, dataFolder, workspaceId, playbooks } = task;
const { database, close } = await openDatabase({ url, folder: dataFolder, log: createLog("silent"), migrating: false });
process.stdout.write("go\n");
const actor = { workspaceId, personId: null, audience: "private" as const };
// With an index of neighbours, which is made after the switch: a kill may come between the two.
await ingestPlaybooks({ database, actor, folder: playbooks, embedder: lsaEmbedder(), neighboursFrom: 20 });
process.stdout.write("done\n");
await close();
