import { rmSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

// A thread of its own: a long query must not stop the event loop that has to acknowledge Slack's events.
interface Task {
  folder: string;
  snapshot: string | null;
  listen: { path: string } | { host: string; port: number };
}

const { folder, snapshot, listen } = workerData as Task;
const loadDataDir = snapshot ? new Blob([await (await import("node:fs/promises")).readFile(snapshot)]) : undefined;
const db = await PGlite.create({
  ...(folder === "memory" ? {} : { dataDir: folder }),
  extensions: { vector, pg_trgm },
  ...(loadDataDir ? { loadDataDir } : {}),
});
if ("path" in listen) rmSync(listen.path, { force: true });
const server = new PGLiteSocketServer({ db, maxConnections: 20, ...listen });
await server.start();
parentPort!.postMessage({ listening: server.getServerConn() });

parentPort!.on("message", async (message: { stop?: true; dump?: true }) => {
  if (message.dump) {
    const file = await db.dumpDataDir("none");
    parentPort!.postMessage({ dump: new Uint8Array(await file.arrayBuffer()) });
  }
  if (message.stop) {
    await server.stop();
    await db.close();
    parentPort!.postMessage({ stopped: true });
    parentPort!.close();
  }
});
