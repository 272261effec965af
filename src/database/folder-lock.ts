import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BadInput, Unavailable } from "../errors.ts";

/** Held while a folder is in use; `release` lets the next one in. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes a folder for this process alone. The lock is the operating system's on an SQLite file, so it goes with the
 * process, however that ends. Throws Unavailable, naming the holder, when another process has the folder, and BadInput for
 * a place in which no folder can be made or written.
 */
export function lockFolder(folder: string): FolderLock {
  makeFolder(folder);
  const note = join(folder, "lock.json");
  let file: DatabaseSync | null = null;
  try {
    file = new DatabaseSync(join(folder, "lock.db"));
    file.exec("pragma busy_timeout = 0; pragma locking_mode = exclusive; begin exclusive");
    writeFileSync(note, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }));
  } catch (cause) {
    file?.close();
    if (!isBusy(cause)) throw notWritable(folder, cause);
    throw new Unavailable(
      `Another Perennial ${holder(note)} has the embedded database in ${folder} open. Close it first, choose another folder with PERENNIAL_DATA, or set DATABASE_URL: a PostgreSQL serves many at once.`,
      { cause },
    );
  }
  const held = file;
  return {
    release() {
      if (held.isOpen) held.close();
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw notWritable(folder, cause);
  }
}

/** SQLite's own code for a lock that somebody else holds. */
const isBusy = (error: unknown): boolean => error instanceof Error && "errcode" in error && error.errcode === 5;

function notWritable(folder: string, cause: unknown): BadInput {
  const why = cause instanceof Error ? ` (${cause.message})` : "";
  return new BadInput(
    `The data folder ${folder} cannot be made or written${why}. Make room on its disk, set PERENNIAL_DATA to a folder that this user may write, or set DATABASE_URL to a PostgreSQL.`,
    { cause },
  );
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
