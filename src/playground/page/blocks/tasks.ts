import { h, type JSX } from "preact";
import type { Block } from "../../page-api/types.ts";
import { Icon, type IconName } from "../parts/icons.ts";
import { Link } from "../text/text-view.ts";
import { RichText } from "./rich-text.ts";

interface Task {
  title?: string;
  status?: string;
  details?: Block;
  output?: Block;
  sources?: { url: string; text: string }[];
}

const STATUS: Record<string, { icon: IconName; words: string }> = {
  pending: { icon: "clock", words: "waiting" },
  in_progress: { icon: "dots", words: "in progress" },
  complete: { icon: "check", words: "done" },
  error: { icon: "cross", words: "failed" },
};

/** A plan with its tasks; while one is running it stands open. */
export function Plan({ block }: { block: Block }): JSX.Element {
  const { title = "", tasks = [] } = block as unknown as { title?: string; tasks?: Task[] };
  const running = tasks.some(({ status }) => status === "in_progress" || status === "pending");
  return h("details", { class: "plan", open: running || tasks.length < 4 }, [
    h("summary", null, [
      title,
      h(
        "span",
        { class: "quiet" },
        ` ${tasks.filter(({ status }) => status === "complete").length} of ${tasks.length} done`,
      ),
    ]),
    h(
      "ol",
      null,
      tasks.map((task) => h("li", null, h(TaskLine, { task }))),
    ),
  ]);
}

export const TaskCard = ({ block }: { block: Block }): JSX.Element =>
  h("div", { class: "task-card" }, h(TaskLine, { task: block as unknown as Task }));

function TaskLine({ task }: { task: Task }): JSX.Element {
  const { icon, words } = STATUS[task.status ?? ""] ?? STATUS.pending!;
  const more = [
    task.details === undefined ? null : h(RichText, { block: task.details }),
    task.output === undefined ? null : h(RichText, { block: task.output }),
    task.sources === undefined
      ? null
      : h(
          "div",
          { class: "sources" },
          task.sources.map(({ url, text }) => h(Link, { url }, text)),
        ),
  ].filter((part) => part !== null);
  return h("div", { class: `task-line task-${task.status ?? "pending"}` }, [
    h("span", { class: "task-icon" }, h(Icon, { name: icon, size: 16 })),
    h("div", { class: "task-words" }, [
      h("div", null, [task.title ?? "", h("span", { class: "visually-hidden" }, `, ${words}`)]),
      ...more,
    ]),
  ]);
}
