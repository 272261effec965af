import { join } from "node:path";
import { Temporal } from "temporal-polyfill";
import { type Config, foldersIn } from "#config.ts";
import type { PlaybookSource } from "#playbooks/folder.ts";
import type { Workspace } from "#workspaces/workspace.ts";

/** Where playbooks are read from, the later over the earlier; a workspace may have some of its own. */
export const sourcesOf = ({ knowledgeFolder, ownPlaybooks }: Config, workspace?: Workspace): PlaybookSource[] => [
  { folder: join(knowledgeFolder, "playbooks"), kind: "playbooks" },
  ...ownPlaybooks,
  ...foldersIn(workspace?.playbooks ?? ""),
];

/** Where a new playbook goes: the company's own folder, else the one in use. */
export const ownFolder = (config: Config): string =>
  sourcesOf(config).findLast(({ kind }) => kind === "playbooks")!.folder; // the first is one

/** The day for what no workspace is asked about. */
export const todayOf = ({ today, zone }: Config): string => today ?? String(Temporal.Now.plainDateISO(zone ?? "UTC"));
