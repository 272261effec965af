import { daysBetween } from "#lifecycle/days.ts";
import { accountCount, SAMPLE_WORKSPACE } from "#workspaces/workspace.ts";
import type { Place } from "../terminal.ts";

/** What the assistant is set up with, and four questions to begin with. Markdown. */
export async function welcome(place: Place, version: string): Promise<string> {
  const isSample = place.workspace.handle === SAMPLE_WORKSPACE;
  return [
    ...(await whatIsSetUp(place, version)),
    "",
    "Ask, for example:",
    ...(await examples(place.house, place.workspace, isSample)).map((question) => `- ${question}`),
    "",
    "/help shows more, /quit leaves.",
  ].join("\n");
}

/** Whose customers these are, where they are stored, and who answers: a title and a list. Markdown lines. */
export async function whatIsSetUp({ house, workspace }: Place, version: string): Promise<string[]> {
  const { config, kind } = house;
  const accounts = await accountCount(house.database, workspace);
  const isSample = workspace.handle === SAMPLE_WORKSPACE;
  const place = kind === "embedded" ? `embedded database in ${config.dataFolder}` : "PostgreSQL (DATABASE_URL)";
  const model = config.model
    ? `${config.model.name}${config.model.baseUrl ? ` at ${new URL(config.model.baseUrl).host}` : ""}`
    : "none configured, so answers are offline: rules pick the look-ups (`perennial doctor` tells how to set a model)";
  return [
    `**Perennial ${version}** — ${workspace.name}, ${accounts} accounts, ${config.today || workspace.clock ? "as of" : "today is"} ${house.today(workspace)}`,
    `- Data: ${isSample ? "the sample company, in the " : ""}${place}`,
    `- Model: ${model}`,
    `- Lifecycle: ${house.modelOf(workspace).name}`,
    ...(isSample ? [sampleNote(workspace.clock, config.today)] : []),
  ];
}

function sampleNote(clock: string | null, fixed: string | null): string {
  const age = clock && !fixed ? daysBetween(clock, new Date().toISOString().slice(0, 10)) : 0;
  const older = age > 0 ? ` It stands at ${clock}; \`perennial seed --fresh\` makes it anew for today.` : "";
  return `- Invented for trying out.${older} Bring your own with \`perennial import FOLDER --mapping FILE\`.`;
}

async function examples(house: Place["house"], workspace: Place["workspace"], isSample: boolean): Promise<string[]> {
  const account = isSample ? "Acme" : ((await biggestAccount(house, workspace)) ?? "Acme");
  return [
    `What stage is ${account} in, and what should I do next?`,
    "Which accounts renew in the next 60 days?",
    "Top 10 accounts by MRR",
    "What do we say when a customer finds the price too high?",
  ];
}

async function biggestAccount(house: Place["house"], workspace: Place["workspace"]): Promise<string | null> {
  const { portfolioTool } = await import("#tools/portfolio.ts");
  const found = await portfolioTool.run({ filters: {}, sort: "mrr", limit: 1 }, house.context(workspace));
  return found.accounts[0]?.name ?? null;
}
