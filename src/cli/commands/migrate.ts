import { Command } from "commander";
import type { Terminal } from "../terminal.ts";

const HELP = `
Examples:
  perennial migrate
  DATABASE_URL=postgres://perennial:secret@db/perennial perennial migrate

Every command does this when it opens the database; alone it is for deployments. Migrations only go forward.
`;

export const migrateCommand = (terminal: Terminal): Command =>
  new Command("migrate")
    .description("bring the database schema up to date")
    .addHelpText("after", HELP)
    .action(async () => {
      const { kind, migrated } = await terminal.house();
      const words = migrated.length > 0 ? `Migrated: ${migrated.join(", ")}.` : "The schema is up to date already.";
      terminal.tell({ json: { database: kind, migrated }, words });
    });
