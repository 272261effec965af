import type { Log } from "../log.ts";
import { Database } from "./door.ts";
import { startEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";

/** A database that is migrated and open, and what it is. */
export interface OpenDatabase {
  database: Database;
  kind: "embedded" | "server";
  migrated: string[];
  close(): Promise<void>;
}

/** Opens PostgreSQL at `url`, or the embedded database in `folder` where `url` is null, and brings the schema up to date. */
export async function openDatabase({
  url,
  folder,
  log,
  migrating = true,
}: {
  url: string | null;
  folder: string;
  log: Log;
  migrating?: boolean;
}): Promise<OpenDatabase> {
  const embedded = url ? null : await startEmbedded({ folder });
  const database = new Database({
    connection: embedded?.connection ?? { connectionString: url! },
    connections: embedded ? 1 : 10,
    log,
  });
  const close = async () => {
    await database.close();
    await embedded?.stop();
  };
  try {
    return {
      database,
      kind: embedded ? "embedded" : "server",
      migrated: migrating ? await migrate(database) : [],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
