import { Command } from "commander";
import type { LifecycleModel } from "#lifecycle/model.ts";
import { EXIT } from "../failure.ts";
import type { Place, PlaceOptions, Terminal, Told } from "../terminal.ts";

interface StagesOptions extends PlaceOptions {
  model?: string;
  allModels?: boolean;
}

const HELP = `
Examples:
  perennial stages                      by the model in use
  perennial stages --model clm-five
  perennial stages --all-models --json

Lapsed accounts (were paying, pay no more) are among those of their stage. An account without a reason is a fault: the exit
code is then 1.
`;

export const stagesCommand = (terminal: Terminal): Command =>
  new Command("stages")
    .description("judge every account, and count them by stage")
    .option("--model <id>", "another lifecycle model than the one in use")
    .option("--all-models", "every lifecycle model, one after the other")
    .option("--workspace <handle>", "another workspace than the usual one")
    .addHelpText("after", HELP)
    .action(async (options: StagesOptions) => terminal.tell(await countStages(terminal, options)));

async function countStages(terminal: Terminal, options: StagesOptions): Promise<Told> {
  const [{ accountCount }, { modelNamed }] = await Promise.all([
    import("#workspaces/workspace.ts"),
    import("#stages/knowledge.ts"),
  ]);
  const place = await terminal.place(options);
  const { house, workspace } = place;
  const one = options.model ? modelNamed(house.lifecycle, options.model) : house.modelOf(workspace);
  const models: Counted[] = [];
  for (const model of options.allModels ? house.lifecycle.models.values() : [one]) {
    terminal.screen.status(`Judging by ${model.name}`);
    models.push(await countBy(model, place));
  }
  const accounts = await accountCount(house.database, workspace);
  const withoutReason = models.reduce((sum, each) => sum + each.withoutReason, 0);
  return {
    json: { workspace: workspace.handle, asOf: house.today(workspace), accounts, models, withoutReason },
    words: [
      `**${workspace.name}**: ${accounts} accounts, judged as of ${house.today(workspace)}`,
      "",
      ...models.flatMap(inWords),
      sentence(withoutReason),
    ].join("\n"),
    code: withoutReason > 0 ? EXIT.failed : EXIT.ok,
  };
}

interface Counted {
  model: string;
  version: number;
  name: string;
  judged: number;
  stages: { stage: string; name: string; accounts: number; lapsed: number; crmDiffers: number }[];
  /** Judged without a reason, or not judged at all. */
  withoutReason: number;
}

async function countBy(model: LifecycleModel, { house, workspace }: Place): Promise<Counted> {
  const [{ stageCounts, unjudgedCount }, { actorIn }] = await Promise.all([
    import("#stages/counts.ts"),
    import("#workspaces/workspace.ts"),
  ]);
  await house.judge(workspace, model);
  const [counts, unjudged] = await house.database.read(actorIn(workspace), async (rows) => [
    await stageCounts(rows, model.id),
    await unjudgedCount(rows, model.id),
  ]);
  const empty = { accounts: 0, lapsed: 0, crmDiffers: 0, withoutReason: 0 };
  const known = model.stages.map(({ id, name }) => ({
    ...empty,
    ...counts.find(({ stage }) => stage === id),
    stage: id,
    name,
  }));
  const lost = counts
    .filter(({ stage }) => !model.stages.some(({ id }) => id === stage))
    .map((each) => ({ ...each, name: each.stage }));
  const stages = [...known, ...lost];
  return {
    model: model.id,
    version: model.version,
    name: model.name,
    judged: stages.reduce((sum, each) => sum + each.accounts, 0),
    stages: stages.map(({ stage, name, accounts, lapsed, crmDiffers }) => ({
      stage,
      name,
      accounts,
      lapsed,
      crmDiffers,
    })),
    withoutReason: stages.reduce((sum, each) => sum + each.withoutReason, unjudged),
  };
}

function inWords({ name, model, judged, stages }: Counted): string[] {
  const rows = stages.map((each) => `| ${each.name} | ${each.accounts} | ${each.lapsed} | ${each.crmDiffers} |`);
  return [
    `${name} (${model}), ${judged} accounts`,
    "| Stage | Accounts | of them lapsed | CRM says otherwise |",
    "|---|--:|--:|--:|",
    ...rows,
    "",
  ];
}

const sentence = (withoutReason: number): string =>
  withoutReason === 0
    ? "Every account has a reason."
    : `**${withoutReason} accounts have no reason.** That is a fault of the rules or of Perennial; please report it.`;
