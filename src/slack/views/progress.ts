import type { PlanBlock, TaskCardBlock } from "@slack/types";
import type { Message } from "../message.ts";
import { cut } from "./limits.ts";
import { plainLine } from "./outside-text.ts";

/** A step that is taken for an answer. */
export interface Task {
  id: string;
  title: string;
  status: TaskCardBlock["status"];
}

const TITLE = 150; // no limit is documented; a line of the plan holds about as much
const DOING = { pending: "waits", in_progress: "under way", complete: "done", error: "failed" };

/** The steps of an answer while it is worked out. */
export const planBlock = (title: string, tasks: readonly Task[]): PlanBlock => ({
  type: "plan",
  title: plainLine(title, TITLE) || "Working on it",
  tasks: tasks.map(taskCard),
});

/** One step by itself. */
export const taskCard = ({ id, title, status }: Task): TaskCardBlock => ({
  type: "task_card",
  task_id: cut(id || "task", 100),
  title: plainLine(title, TITLE) || "Step",
  status,
});

/** A message that says how far the work is. */
export const progressMessage = (title: string, tasks: readonly Task[]): Message => ({
  text: [
    `${plainLine(title, TITLE) || "Working on it"}…`,
    ...tasks.map((each) => `• ${plainLine(each.title, TITLE)}: ${DOING[each.status]}`),
  ].join("\n"),
  blocks: [planBlock(title, tasks)],
});
