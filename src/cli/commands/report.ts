import { Command } from "commander";
import type { PlaceOptions, Terminal } from "../terminal.ts";

interface ChurnOptions extends PlaceOptions {
  window: string;
  team?: string;
  owner?: string;
  segment?: string;
  country?: string;
  plan?: string;
  csv?: string;
  picture?: string;
}

const HELP = `
Examples:
  perennial report churn                                    last week, all accounts
  perennial report churn --window "last month" --team EMEA
  perennial report churn --window "2026-10-03 to 2026-10-20" --csv churn.csv
  perennial report churn --window "Q3 2026" --json
  perennial report churn --picture churn.png                the MRR waterfall; .svg works too

A window that is over is kept as it was told: when rows come in later that change it, the next report is a new version and
says what changed.
`;

/** Reports over the whole workspace or a part of it. */
export function reportCommand(terminal: Terminal): Command {
  return new Command("report")
    .description("the churn of a week, month, quarter or any window")
    .helpCommand(false)
    .addHelpText("after", HELP)
    .addCommand(churn(terminal));
}

const churn = (terminal: Terminal): Command =>
  new Command("churn")
    .description("who was lost, why, what it cost, and who may be next")
    .option("--window <words>", "last week, this month, October, Q2 2026, or two days", "last week")
    .option("--team <name>", "one team")
    .option("--owner <name>", "one account owner")
    .option("--segment <name>", "one segment")
    .option("--country <name>", "one country, or several with commas")
    .option("--plan <name>", "one plan")
    .option("--csv <file>", "write every movement with its rows to a CSV file")
    .option("--picture <file>", "draw the MRR waterfall into a .png or .svg file")
    .option("--workspace <handle>", "another workspace than the usual one")
    .option("--json", "print the report as one JSON object, and nothing else there")
    .action(async ({ csv, picture, workspace: handle, ...options }: ChurnOptions) => {
      const { churnReportTool } = await import("#tools/churn-report.ts");
      const { house, workspace } = await terminal.place(handle ? { workspace: handle } : {});
      const report = await churnReportTool.run(churnReportTool.input.parse(asked(options)), house.context(workspace));
      const words = churnReportTool.say(report);
      if (csv) await writeCsv(csv, report);
      if (picture) await writePicture(picture, report);
      const files = [csv && `The movements are in ${csv}.`, picture && `The picture is in ${picture}.`];
      terminal.tell({ json: report, words: [words, ...files].filter(Boolean).join("\n\n") });
    });

const asked = ({ window, team, owner, segment, country, plan }: ChurnOptions) => ({
  window,
  team,
  owner,
  segment,
  country,
  plan,
});

type Report = import("#reports/churn-report.ts").ChurnReport;

async function writeCsv(file: string, report: Report): Promise<void> {
  const { churnCsv } = await import("#reports/churn-csv.ts");
  await write(file, churnCsv(report));
}

async function writePicture(file: string, report: Report): Promise<void> {
  const { BadInput } = await import("#errors.ts");
  if (!/\.(?:png|svg)$/i.test(file))
    throw new BadInput(`${file} is neither a .png nor a .svg file. Name one of these.`);
  const [{ renderPng, renderSvg }, { waterfallOf }] = await Promise.all([
    import("#reports/charts/render.ts"),
    import("#reports/charts/waterfall.ts"),
  ]);
  const svg = await renderSvg(waterfallOf(report));
  await write(file, /\.svg$/i.test(file) ? svg : renderPng(svg));
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  const [{ writeFile }, { BadInput }] = await Promise.all([import("node:fs/promises"), import("#errors.ts")]);
  try {
    await writeFile(file, content);
  } catch (cause) {
    throw new BadInput(`${file} cannot be written. Name a file in a folder that exists and that you may write to.`, {
      cause,
    });
  }
}
