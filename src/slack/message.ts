import type { AnyBlock } from "@slack/types";

/** `data_visualization` is younger than the types of Slack's own package. */
export interface ChartBlock {
  type: "data_visualization";
  block_id?: string;
  title: string;
  chart:
    | { type: "pie"; segments: { label: string; value: number }[] }
    | {
        type: "line" | "bar" | "area";
        series: { name: string; data: { label: string; value: number }[] }[];
        axis_config: { categories: string[]; x_label?: string; y_label?: string };
      };
}

export type Block = AnyBlock | ChartBlock;

/** Something to show in Slack. `text` is what screen readers and notifications say, and what is shown where blocks are refused. */
export interface Message {
  /** Slack's mrkdwn, complete: whoever sees only this still has the answer. */
  text: string;
  blocks: Block[];
}

/** In front of whom, and in whose zone, something is drawn. */
export interface Look {
  /** The day of the question, ISO, in the workspace's zone. */
  today: string;
  /** The reader's time zone, for moments; the workspace's where many read. */
  zone: string;
  audience: "private" | "channel" | "external";
}
