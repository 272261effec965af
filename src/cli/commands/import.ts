import { Command } from "commander";
import type { ImportOptions } from "../importing.ts";
import type { Terminal } from "../terminal.ts";

const HELP = `
Examples:
  perennial import ./export --mapping salesforce --dry-run      says what would happen, and changes nothing
  perennial import ./export --mapping salesforce
  perennial import ./crm --mapping our-crm.yaml --base-currency EUR --refused refused.csv

A mapping is a YAML file, or one that comes along: salesforce, hubspot, ravenstack. The same import again changes nothing;
a killed one goes on where it was. Refused rows are listed with file, line, column and reason, and kept aside; they do not
stop the rest. docs/bring-your-data.md tells more.
`;

export const importCommand = (terminal: Terminal): Command =>
  new Command("import")
    .description("bring your own data: the CSV files of a folder")
    .argument("<folder>", "the folder with the CSV files")
    .requiredOption("--mapping <file>", "how columns become fields: a YAML file, or salesforce, hubspot, ravenstack")
    .option("--dry-run", "do everything and take it back")
    .option("--workspace <handle>", "the workspace it goes to, made if there is none (default: default)")
    .option("--base-currency <code>", "the currency that a new workspace adds up in (default: the mapping's)")
    .option("--refused <file>", "write the refused rows to a CSV file")
    .addHelpText("after", HELP)
    .action(async (folder: string, options: ImportOptions) => {
      const { importData } = await import("../importing.ts");
      terminal.tell(await importData(terminal, folder, options));
    });
