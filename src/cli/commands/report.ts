import { Command } from "commander";
import type { ChurnReport as Report, ReportFilter } from "#reports/churn-report.ts";
import type { Narrative } from "#reports/narrative.ts";
import type { Place, PlaceOptions, Terminal } from "../terminal.ts";

interface ChurnOptions extends PlaceOptions, ReportFilter {
  window: string;
  csv?: string;
  picture?: string;
  narrative: boolean;
}

const HELP = `
Examples:
  perennial report churn                                    last week, all accounts
  perennial report churn --window "last month" --team EMEA
  perennial report churn --window "2026-10-03 to 2026-10-20" --csv churn.csv
  perennial report churn --industry Education --stage Retention
  perennial report churn --window "Q3 2026" --json
  perennial report churn --picture churn.png                the MRR waterfall; .svg works too

A window that is over is kept as it was told: when rows come in later that change it, the next report is a new version and
says what changed. Where a model is configured it writes three paragraphs about the report; each figure in them is checked
against it.
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
    .option("--industry <name>", "one industry")
    .option("--stage <name>", "accounts that are in one stage today")
    .option("--csv <file>", "write every movement with its rows to a CSV file")
    .option("--picture <file>", "draw the MRR waterfall into a .png or .svg file")
    .option("--no-narrative", "do not ask the model to write about it")
    .option("--workspace <handle>", "another workspace than the usual one")
    .option("--json", "print the report as one JSON object, and nothing else there")
    .action(async ({ csv, picture, narrative: wanted, workspace: handle, ...options }: ChurnOptions) => {
      const [{ churnReportTool }, { sayChurnReport }] = await Promise.all([
        import("#tools/churn-report.ts"),
        import("#reports/say-churn-report.ts"),
      ]);
      const place = await terminal.place(handle ? { workspace: handle } : {});
      const report = await churnReportTool.run(
        churnReportTool.input.parse(asked(options)),
        place.house.context(place.workspace),
      );
      if (csv) await writeCsv(csv, report, place);
      if (picture) await writePicture(picture, report);
      const narrative = wanted ? await narrated(terminal, place, report) : null;
      const files = [csv && `The movements are in ${csv}.`, picture && `The picture is in ${picture}.`];
      terminal.tell({
        json: { ...report, narrative },
        words: [sayChurnReport(report, narrative), ...files].filter(Boolean).join("\n\n"),
      });
    });

const asked = ({ window, team, owner, segment, country, plan, industry, stage }: Omit<ChurnOptions, "narrative">) => ({
  window,
  team,
  owner,
  segment,
  country,
  plan,
  industry,
  stage,
});

/** What the model says about the report, or why there is nothing. */
async function narrated(terminal: Terminal, { house, workspace }: Place, report: Report): Promise<Narrative> {
  const [{ proseWriter }, { narrateChurn }, { loadPrompt }, { actorIn }] = await Promise.all([
    import("#agent/prose-writer.ts"),
    import("#reports/narrative.ts"),
    import("#prompts.ts"),
    import("#workspaces/workspace.ts"),
  ]);
  const { model, promptsFolder } = house.config;
  if (model) terminal.screen.status("Asking the model what it says of the report");
  return narrateChurn(report, {
    write: proseWriter(model, house.log),
    instructions: loadPrompt(promptsFolder, "churn-narrative", [])({}),
    database: house.database,
    actor: actorIn(workspace),
    signal: terminal.stopped,
  });
}

async function writeCsv(file: string, report: Report, { house, workspace }: Place): Promise<void> {
  const [{ churnCsv, withAllMovements }, { actorIn }] = await Promise.all([
    import("#reports/churn-csv.ts"),
    import("#workspaces/workspace.ts"),
  ]);
  const whole = await house.database.read(actorIn(workspace), (rows) => withAllMovements(rows, report));
  await write(file, churnCsv(whole));
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
