import { Command, InvalidArgumentError } from "commander";
import type { PlaceOptions, Terminal, Told } from "../terminal.ts";

const HELP = `
Examples:
  perennial risk show "Acme GmbH"      the risk of one account, term by term
  perennial risk report                how good the weights are: Brier scores, calibration, standard errors
  perennial risk fit                   learn the weights from the churns of the last 24 months
  perennial risk fit --months 36

The risk is that MRR becomes 0 within 90 days. Until weights are fitted, an expert's are used, and there are bands and reasons
but no percentages. Fitting needs 15 accounts that churned; its weights are taken only if they tell the newest quarter better.
\`perennial start\` does it by itself every week, but for the sample company.
`;

const USUAL_MONTHS = 24;
const LEAST_MONTHS = 7; // two quarters are set apart to judge on
const MOST_MONTHS = 60;

/** Churn risk: its weights, how good they are, and one account's. */
export function riskCommand(terminal: Terminal): Command {
  const command = new Command("risk")
    .description("churn risk: learn its weights from the past, see how good they are, and one account's")
    .helpCommand(false)
    .addHelpText("after", HELP);
  for (const make of [fit, show, report]) {
    command.addCommand(
      make(terminal)
        .option("--workspace <handle>", "another workspace than the usual one")
        .option("--json", "print one JSON object on standard output, and nothing else there"),
    );
  }
  return command;
}

const fit = (terminal: Terminal): Command =>
  new Command("fit")
    .description("learn the weights from accounts as they were known on past month ends")
    .option("--months <count>", "how many month ends back", monthsBack, USUAL_MONTHS)
    .action(async (options: PlaceOptions & { months: number }) => terminal.tell(await fitWeights(terminal, options)));

const show = (terminal: Terminal): Command =>
  new Command("show")
    .description("the churn risk of one account, term by term")
    .argument("<account>", "its name, part of it, its domain, or #id")
    .action(async (account: string, options: PlaceOptions) =>
      terminal.tell(await showAccount(terminal, account, options)),
    );

const report = (terminal: Terminal): Command =>
  new Command("report")
    .description("how good the weights of the last attempt are")
    .action(async (options: PlaceOptions) => terminal.tell(await reportQuality(terminal, options)));

async function fitWeights(
  terminal: Terminal,
  { months, ...options }: PlaceOptions & { months: number },
): Promise<Told> {
  const [{ fitChurnRisk }, { sayAttempt }, { riskModelInUse }, { actorIn }] = await Promise.all([
    import("#reports/risk/fit.ts"),
    import("#reports/risk/say.ts"),
    import("#accounts/risk-models.ts"),
    import("#workspaces/workspace.ts"),
  ]);
  const { house, workspace } = await terminal.place(options);
  const [database, actor, today] = [house.database, actorIn(workspace), house.today(workspace)];
  const onDay = (day: string) => terminal.screen.status(`Looking at ${day}`);
  const attempt = await fitChurnRisk({ database, actor, today, months, onDay });
  const inUse = await database.read(actor, riskModelInUse);
  return { json: { workspace: workspace.handle, inUse: inUse.version, ...attempt }, words: sayAttempt(attempt, inUse) };
}

async function showAccount(terminal: Terminal, account: string, options: PlaceOptions): Promise<Told> {
  const [{ churnRiskTool }, { riskAttempts }, { sayLastAttempt }, { actorIn }] = await Promise.all([
    import("#tools/churn-risk.ts"),
    import("#accounts/risk-models.ts"),
    import("#reports/risk/weekly.ts"),
    import("#workspaces/workspace.ts"),
  ]);
  const { house, workspace } = await terminal.place(options);
  const found = await churnRiskTool.run(churnRiskTool.input.parse({ account }), house.context(workspace));
  const [last] = await house.database.read(actorIn(workspace), (rows) => riskAttempts(rows, 1));
  const attempt = last ? sayLastAttempt(last) : "Weights were not fitted so far; `perennial start` does so every week.";
  return { json: found, words: `${churnRiskTool.say(found)}\n\n${attempt}` };
}

async function reportQuality(terminal: Terminal, options: PlaceOptions): Promise<Told> {
  const [{ sayAttempt }, { riskAttempts, riskModelInUse }, { actorIn }] = await Promise.all([
    import("#reports/risk/say.ts"),
    import("#accounts/risk-models.ts"),
    import("#workspaces/workspace.ts"),
  ]);
  const { house, workspace } = await terminal.place(options);
  const [inUse, [last]] = await house.database.read(
    actorIn(workspace),
    async (rows) => [await riskModelInUse(rows), await riskAttempts(rows, 1)] as const,
  );
  return {
    json: { workspace: workspace.handle, inUse: inUse.version, lastAttempt: last ?? null },
    words: last
      ? sayAttempt(last, inUse)
      : "Nothing was fitted so far: an expert's weights are in use, and nobody knows how good they are here. `perennial risk fit` finds out.",
  };
}

function monthsBack(given: string): number {
  const months = Number(given);
  if (!Number.isInteger(months) || months < LEAST_MONTHS || months > MOST_MONTHS)
    throw new InvalidArgumentError(`Say a whole number of months from ${LEAST_MONTHS} to ${MOST_MONTHS}.`);
  return months;
}
