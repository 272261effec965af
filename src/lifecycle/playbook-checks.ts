import { type LifecycleModel, PLAYBOOK_STAGES } from "./model.ts";
import type { Moves } from "./moves.ts";
import { didYouMean } from "./nearest-names.ts";
import type { PlaybookRule } from "./next-steps.ts";

/** Something wrong with a playbook's moves. "error": it can never be offered as written. */
export interface PlaybookProblem {
  playbook: string;
  severity: "error" | "warning";
  says: string;
}

/** Looks for moves and stages that do not exist, and for stages of a model in which a playbook is never offered. */
export function validatePlaybookMoves(
  models: readonly LifecycleModel[],
  moves: Moves,
  playbooks: readonly PlaybookRule[],
): PlaybookProblem[] {
  return playbooks.flatMap((playbook) => [
    ...unknownNames(playbook, moves),
    ...models.flatMap((model) => unusableIn(model, playbook)),
  ]);
}

function unknownNames({ id, moves: used, stages }: PlaybookRule, moves: Moves): PlaybookProblem[] {
  const known: string[] = [...PLAYBOOK_STAGES, "lapsed"];
  const error = (says: string): PlaybookProblem => ({ playbook: id, severity: "error", says });
  return [
    ...used
      .filter((move) => !moves.has(move))
      .map((move) => error(`there is no move "${move}"${didYouMean(move, [...moves.keys()])}`)),
    ...stages
      .filter((stage) => !known.includes(stage))
      .map((stage) => error(`there is no stage "${stage}"; use ${known.join(", ")}`)),
  ];
}

/** One model's verdict: an error when every place that the playbook is for refuses it, a warning when some do. */
function unusableIn(model: LifecycleModel, playbook: PlaybookRule): PlaybookProblem[] {
  const places = placesFor(model, playbook);
  const refusals = places.flatMap(({ refusal }) => (refusal ? [refusal] : []));
  const severity = refusals.length === places.length ? "error" : "warning";
  return refusals.map((says) => ({ playbook: playbook.id, severity, says: `${model.id}: ${says}` }));
}

function placesFor(model: LifecycleModel, { stages, moves }: PlaybookRule): { refusal: string | null }[] {
  const fitting = model.stages.filter(({ like }) => like.some((each) => stages.includes(each)));
  const places = fitting.map(({ id, moves: { allowed, forbidden } }) => {
    const found = forbidden.find(({ move }) => moves.includes(move));
    if (found) return { refusal: `${found.move} is forbidden in ${id}: ${found.because}` };
    return { refusal: moves.some((move) => allowed.includes(move)) ? null : `${id} allows none of its moves` };
  });
  if (!stages.includes("lapsed")) return places;
  const useful = moves.some((move) => model.lapsed.moves.includes(move));
  return [...places, { refusal: useful ? null : "none of its moves is allowed for lapsed accounts" }];
}
