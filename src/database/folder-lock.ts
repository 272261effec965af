import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Unavailable } from "../errors.ts";

/** Held while a folder is in use; `release` lets the next one in. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes a folder for this process alone. The lock is the operating system's on an SQLite file, so it goes with the
 * process, however that ends. Throws Unavailable, naming the holder, when another process has the folder.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = new DatabaseSync(join(folder, "lock.db"));
  const note = join(folder, "lock.json");
  try {
    file.exec("pragma busy_timeout = 0; pragma locking_mode = exclusive; begin exclusive");
  } catch (cause) {
    file.close();
    throw new Unavailable(
      `Another Perennial ${holder(note)} has the embedded database in ${folder} open. Close it first, choose another folder with PERENNIAL_DATA, or set DATABASE_URL: a PostgreSQL serves many at once.`,
      { cause },
    );
  }
  writeFileSync(note, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }));
  return {
    release() {
      if (file.isOpen) file.close();
    },
  };
}

function holder(note: string): string {
  try {
    const { pid, since } = JSON.parse(readFileSync(note, "utf8")) as { pid: number; since: string };
    return `(process ${pid}, since ${since})`;
  } catch (unreadable) {
    // The holder may not have written its note yet; the lock itself is what counts.
    if (unreadable instanceof Error) return "(process unknown)";
    throw unreadable;
  }
}
