import { existsSync } from "node:fs";
import { foldersIn, LANGUAGES } from "#config.ts";
import { BadInput } from "#errors.ts";
import { choosePlaybooks, type Workspace } from "#workspaces/workspace.ts";
import type { OpenHouse } from "../open-house.ts";

/** What a workspace may have of its own, as the command line says it; "none": as the process has it. */
export interface OwnSettings {
  language?: string;
  own?: string;
}

const NONE = "none";

/** Keeps the language and the folders that were chosen for a workspace. Throws BadInput, and keeps nothing, when one is wrong. */
export async function keepOwnSettings(
  house: OpenHouse,
  workspace: Workspace,
  { language, own }: OwnSettings,
): Promise<Workspace> {
  if (language === undefined && own === undefined) return workspace;
  if (language !== undefined && language !== NONE && !LANGUAGES.some((each) => each === language))
    throw new BadInput(`--language takes one of ${LANGUAGES.join(", ")}, or none; not “${language}”.`);
  const chosen = {
    ...(language === undefined ? {} : { language: language === NONE ? null : language }),
    ...(own === undefined ? {} : { playbooks: own === NONE ? null : wholePaths(own) }),
  };
  await choosePlaybooks(house.database, workspace.id, chosen);
  return { ...workspace, ...chosen };
}

/** The same folders from wherever the next command is run. */
function wholePaths(own: string): string {
  const folders = foldersIn(own);
  const missing = folders.find(({ folder }) => !existsSync(folder));
  if (missing || folders.length === 0)
    throw new BadInput(
      `${missing ? `There is no folder ${missing.folder}.` : "--own names no folder."} It takes folders with commas between them, pages:FOLDER for an export, or none.`,
    );
  return folders.map(({ folder, kind }) => (kind === "pages" ? `pages:${folder}` : folder)).join(",");
}
