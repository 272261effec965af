import { Command } from "commander";
import type { OpenHouse } from "../open-house.ts";
import { type PlaceOptions, pickWorkspace, type Terminal, type Told } from "../terminal.ts";

const HELP = `
Examples:
  perennial model                   the models there are, and the one in use
  perennial model clm-five          judges the workspace by another model from now on

Models are files in knowledge/lifecycle; docs/lifecycle-models.md tells how to write one.
`;

export const modelCommand = (terminal: Terminal): Command =>
  new Command("model")
    .description("show or choose the lifecycle model of the workspace")
    .argument("[id]", "the model to use")
    .option("--workspace <handle>", "another workspace than the usual one")
    .addHelpText("after", HELP)
    .action(async (id: string | undefined, options: PlaceOptions) => {
      const house = await terminal.house(options);
      terminal.tell(id === undefined ? await listModels(house, options) : await choose(house, id, options));
    });

async function listModels(house: OpenHouse, options: PlaceOptions): Promise<Told> {
  const workspace = await pickWorkspace(house, options);
  const models = [...house.lifecycle.models.values()].map(({ id, version, name, stages }) => ({
    id,
    version,
    name,
    stages: stages.map((each) => each.name),
    chosen: id === workspace.lifecycleModel,
  }));
  const rows = models.map(
    ({ id, name, stages, chosen }) => `| ${chosen ? "in use" : ""} | ${id} | ${name} | ${stages.join(", ")} |`,
  );
  return {
    json: { workspace: workspace.handle, chosen: workspace.lifecycleModel, models },
    words: ["| | Id | Model | Stages |", "|---|---|---|---|", ...rows].join("\n"),
  };
}

async function choose(house: OpenHouse, id: string, options: PlaceOptions): Promise<Told> {
  const [{ modelNamed }, { chooseModel }] = await Promise.all([
    import("#stages/knowledge.ts"),
    import("#workspaces/workspace.ts"),
  ]);
  const model = modelNamed(house.lifecycle, id);
  const workspace = await pickWorkspace(house, options);
  await chooseModel(house.database, workspace.id, model.id);
  const { judged } = await house.judge({ ...workspace, lifecycleModel: model.id });
  return {
    json: { workspace: workspace.handle, chosen: model.id, before: workspace.lifecycleModel, judged },
    words: `${workspace.name} is now judged by **${model.name}** (${model.id}); ${judged} accounts were judged anew.`,
  };
}
