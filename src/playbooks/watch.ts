import { watch } from "node:fs";
import { resolve } from "node:path";
import { BadInput } from "#errors.ts";

const QUIET_MS = 400; // an editor writes a file in several strokes, a checkout writes many files

/**
 * Calls `changed` after files in the folders changed and nothing has happened for a moment; never twice at once. Ends
 * with the signal, and rejects with what `changed` throws. Throws BadInput when a folder cannot be watched.
 */
export function watchFolders(folders: string[], signal: AbortSignal, changed: () => Promise<void>): Promise<void> {
  const { promise, resolve: end, reject } = Promise.withResolvers<void>();
  let pause: NodeJS.Timeout | null = null;
  let working = false;
  let again = false;
  const work = async () => {
    if (working) {
      again = true;
      return;
    }
    working = true;
    do {
      again = false;
      await changed();
    } while (again && !signal.aborted);
    working = false;
  };
  const hear = () => {
    if (pause) clearTimeout(pause);
    pause = setTimeout(() => work().catch(reject), QUIET_MS);
  };
  const watchers = folders.map((folder) => watchOne(resolve(folder), hear));
  for (const watcher of watchers) watcher.on("error", reject);
  if (signal.aborted) end();
  signal.addEventListener("abort", () => end(), { once: true });
  return promise.finally(() => {
    if (pause) clearTimeout(pause);
    for (const watcher of watchers) watcher.close();
  });
}

function watchOne(folder: string, hear: () => void) {
  try {
    return watch(folder, { recursive: true }, hear);
  } catch (cause) {
    throw new BadInput(`The folder ${folder} cannot be watched. Check that it is there, and may be read.`, { cause });
  }
}
