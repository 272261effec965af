import type { Condition } from "./condition.ts";
import { addDays } from "./days.ts";
import { evaluate } from "./evaluate.ts";
import type { AccountFacts } from "./facts.ts";
import { type Gate, type ShutGate, shutGates } from "./gates.ts";
import type { Judgement, Reason } from "./judgement.ts";
import { type LifecycleModel, type Stage, stageOf } from "./model.ts";
import type { Move, Moves } from "./moves.ts";
import { compareSteps, type StepRank, urgencyOf } from "./step-rank.ts";

/** What the choice of steps needs to know of a playbook. */
export interface PlaybookRule {
  id: string;
  title: string;
  /** Playbook stages, or "lapsed". */
  stages: string[];
  /** Ids of moves; the first is the main one. */
  moves: string[];
  when: Condition | null;
  ownerRole: string;
  effortMinutes: number;
  dueInDays: number;
  success: string;
}

/** Something to do next that the stage allows: a move, and the playbook that says how. */
export interface Step {
  move: string;
  moveTitle: string;
  playbook: string;
  playbookTitle: string;
  /** The conditions of the playbook that held; for a playbook without conditions, the reasons of the stage. */
  why: Reason[];
  ownerRole: string;
  dueOn: string;
  stage: string;
  effortMinutes: number;
  success: string;
  rank: StepRank;
}

export interface NextSteps {
  steps: Step[];
  held: Gate[];
  /** Why there is no step; null when there is one. */
  emptyBecause: string | null;
  /** Sentences on stale or missing data that the gates rest on. */
  doubts: string[];
}

export interface NextStepsInput {
  model: LifecycleModel;
  moves: Moves;
  playbooks: readonly PlaybookRule[];
  judgement: Judgement;
  facts: AccountFacts;
  day: string;
}

/** What the stage allows, as moves to make and moves that must not be made. */
interface Allowance {
  stage: string;
  stageName: string;
  /** The playbook stages that fit. */
  like: readonly string[];
  allowed: readonly string[];
  forbidden: readonly string[];
}

/**
 * The steps that suit an account: moves its stage allows, of playbooks whose conditions hold, past every hard gate; best first.
 * A playbook that carries a move the stage forbids, or whose main move a gate holds back, is not offered at all.
 */
export function eligibleSteps(input: NextStepsInput): NextSteps {
  const { moves, playbooks, facts, day } = input;
  const allowance = allowanceOf(input);
  const { shut, doubts } = shutGates(facts, day);
  const fitting = playbooks.filter((playbook) => fits(playbook, allowance));
  const steps = fitting.flatMap((playbook) => stepsOf(playbook, { ...input, allowance, shut })).sort(compareSteps);
  const held = shut.map((gate) => asGate(gate, allowance, moves));
  return {
    steps,
    held,
    emptyBecause: steps.length > 0 ? null : whyNone(fitting, held, { ...input, allowance }),
    doubts,
  };
}

function allowanceOf({ model, judgement }: NextStepsInput): Allowance {
  const stage = stageOf(model, judgement.stage);
  if (!stage) throw new Error(`stage ${judgement.stage} was judged by another model than ${model.id}`);
  if (judgement.lapsed === null) return { ...ofStage(stage), like: stage.like, allowed: stage.moves.allowed };
  return { ...ofStage(stage), stage: "lapsed", like: ["lapsed"], allowed: model.lapsed.moves };
}

const ofStage = (stage: Stage) => ({
  stage: stage.id,
  stageName: stage.name,
  forbidden: stage.moves.forbidden.map(({ move }) => move),
});

const fits = ({ stages, moves }: PlaybookRule, { like, forbidden }: Allowance): boolean =>
  stages.some((stage) => like.includes(stage)) && !moves.some((move) => forbidden.includes(move));

type Choice = NextStepsInput & { allowance: Allowance; shut: ShutGate[] };

function stepsOf(playbook: PlaybookRule, { allowance, shut, moves, judgement, facts, day }: Choice): Step[] {
  const asked = playbook.when && evaluate(playbook.when, facts, day);
  if (asked && asked.held !== "yes") return [];
  const why = (asked?.reasons ?? judgement.rule.reasons).filter((reason) => reason.held === "yes");
  const open = (move: Move | undefined): move is Move => move !== undefined && !shut.some((gate) => gate.closes(move));
  const [main] = playbook.moves;
  if (main === undefined || !open(moves.get(main))) return [];
  return playbook.moves
    .filter((move) => allowance.allowed.includes(move))
    .map((move) => moves.get(move))
    .filter(open)
    .map((move, turn) => ({
      move: move.id,
      moveTitle: move.title,
      playbook: playbook.id,
      playbookTitle: playbook.title,
      why,
      ownerRole: playbook.ownerRole,
      dueOn: addDays(day, playbook.dueInDays),
      stage: allowance.stage,
      effortMinutes: playbook.effortMinutes,
      success: playbook.success,
      rank: { ...urgencyOf(asked ? why : [], facts, day), turn },
    }));
}

const asGate = ({ closes, ...gate }: ShutGate, { allowed }: Allowance, moves: Moves): Gate => ({
  ...gate,
  moves: allowed.filter((id) => {
    const move = moves.get(id);
    return move !== undefined && closes(move);
  }),
});

function whyNone(fitting: PlaybookRule[], held: Gate[], { allowance, facts, day }: WhyNone): string {
  const named = allowance.stage === "lapsed" ? "lapsed accounts" : `the stage ${allowance.stageName}`;
  if (fitting.length === 0) return `No playbook for ${named} can be used; add one to the playbooks folder`;
  const met = fitting.filter(({ when }) => when === null || evaluate(when, facts, day).held === "yes");
  if (met.length === 0) return `No playbook for ${named} has its conditions met by this account`;
  const closing = held.filter((gate) => gate.moves.length > 0);
  if (closing.length === 0) return `The lifecycle model allows none of the moves of the playbooks for ${named}`;
  const gates = closing.map(({ says, until }) => (until ? `${says}; open again on ${until}` : says));
  return `What would suit ${named} has to wait. ${gates.join(". ")}`;
}

type WhyNone = Pick<NextStepsInput, "facts" | "day"> & { allowance: Allowance };
