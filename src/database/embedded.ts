import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type pg from "pg";
import { Unavailable } from "../errors.ts";
import { lockFolder } from "./folder-lock.ts";

/** The embedded PostgreSQL: where to connect, and how to stop it. */
export interface Embedded {
  connection: pg.PoolConfig;
  stop(): Promise<void>;
  /** The data folder as an uncompressed archive, to start others from. */
  dump(): Promise<Uint8Array>;
}

/**
 * Starts PGlite in a worker thread, behind a socket that only this user can reach, on a folder that it alone holds
 * ("memory" for none). `snapshot` is an archive to start a new folder from. Throws Unavailable when the folder is taken.
 */
export async function startEmbedded({
  folder,
  snapshot = null,
}: {
  folder: string;
  snapshot?: string | null;
}): Promise<Embedded> {
  const lock = folder === "memory" ? null : lockFolder(folder);
  const socketFolder = process.platform === "win32" ? null : mkdtempSync(join(tmpdir(), "perennial-"));
  const sweep = () => socketFolder && rmSync(socketFolder, { recursive: true, force: true });
  process.once("exit", sweep);
  const listen = socketFolder ? { path: join(socketFolder, ".s.PGSQL.5432") } : { host: "127.0.0.1", port: 0 };
  const data = folder === "memory" ? folder : join(folder, "database");
  const worker = new Worker(new URL("./embedded-worker.ts", import.meta.url), {
    workerData: { folder: data, snapshot, listen },
  });
  const tidy = () => {
    process.off("exit", sweep);
    sweep();
    lock?.release();
  };
  try {
    const { listening } = await answer<{ listening: string }>(worker, "listening");
    return { connection: connectionTo(socketFolder, listening), stop, dump };
  } catch (cause) {
    tidy();
    throw new Unavailable(
      `The embedded database in ${folder} does not open. See that its disk has room (a new one takes 100 MB); if the folder was damaged, move it away and start again; PERENNIAL_DATA names another one.`,
      { cause },
    );
  }

  async function stop(): Promise<void> {
    try {
      const stopped = answer(worker, "stopped");
      worker.postMessage({ stop: true });
      await stopped;
    } finally {
      await worker.terminate();
      tidy();
    }
  }

  async function dump(): Promise<Uint8Array> {
    const dumped = answer<{ dump: Uint8Array }>(worker, "dump");
    worker.postMessage({ dump: true });
    return (await dumped).dump;
  }
}

function connectionTo(socketFolder: string | null, listening: string): pg.PoolConfig {
  const login = { user: "postgres", database: "postgres" };
  if (socketFolder) return { ...login, host: socketFolder, port: 5432 };
  const [host, port] = listening.split(":");
  return { ...login, host: host!, port: Number(port) };
}

function answer<T>(worker: Worker, key: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: Record<string, unknown>) => {
      if (!(key in message)) return;
      worker.off("message", onMessage).off("error", reject).off("exit", onExit);
      resolve(message as T);
    };
    const onExit = () => reject(new Error("the database worker ended"));
    worker.on("message", onMessage).on("error", reject).on("exit", onExit);
  });
}
