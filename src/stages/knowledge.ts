import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BadInput } from "#errors.ts";
import { type LifecycleModel, type Moves, parseModel, parseMoves } from "#lifecycle/model.ts";

/** The lifecycle models and moves of a knowledge folder. */
export interface LifecycleKnowledge {
  models: ReadonlyMap<string, LifecycleModel>;
  moves: Moves;
}

/** Reads `moves.yaml` and `lifecycle/*.yaml`. Throws BadInput that names the file, the place and the cure. */
export function readLifecycle(folder: string): LifecycleKnowledge {
  const moves = parseMoves(read(join(folder, "moves.yaml")), join(folder, "moves.yaml"));
  const models = new Map<string, LifecycleModel>();
  for (const file of filesIn(join(folder, "lifecycle"))) {
    const model = parseModel(read(file), file, moves);
    if (models.has(model.id))
      throw new BadInput(
        `${file}: a model with the id “${model.id}” exists already. Give each model an id of its own.`,
      );
    models.set(model.id, model);
  }
  if (models.size === 0)
    throw new BadInput(
      `${join(folder, "lifecycle")} holds no lifecycle model (*.yaml). Restore it, or set PERENNIAL_KNOWLEDGE to a folder that has one.`,
    );
  return { models, moves };
}

/** The chosen model. Throws BadInput, naming those that exist, when there is none of that id. */
export function modelNamed({ models }: LifecycleKnowledge, id: string): LifecycleModel {
  const model = models.get(id);
  if (!model) throw new BadInput(`There is no lifecycle model “${id}”. There are: ${[...models.keys()].join(", ")}.`);
  return model;
}

/** Tells two states of a model apart, also where its version was not raised. */
export const modelHash = (model: LifecycleModel): string =>
  createHash("sha256").update(JSON.stringify(model)).digest("hex").slice(0, 16);

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => join(folder, file));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new BadInput(`${file} cannot be read. Restore it, or set PERENNIAL_KNOWLEDGE to the folder that has it.`, {
      cause,
    });
  }
}
