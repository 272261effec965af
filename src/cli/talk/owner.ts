import { accountVocabulary } from "#accounts/vocabulary.ts";
import { BadInput } from "#errors.ts";
import { nearestNames } from "#lifecycle/nearest-names.ts";
import { actorIn } from "#workspaces/workspace.ts";
import type { Place } from "../terminal.ts";

const SHOWN = 12;

/**
 * The person of the workspace who is called that, in full or by a first or last name that one person has. Throws BadInput
 * where nobody is, or several are.
 */
export async function ownerNamed({ house, workspace }: Place, said: string): Promise<string> {
  const { owners } = await house.database.read(actorIn(workspace), accountVocabulary);
  const folded = said.trim().toLowerCase();
  const exact = owners.filter((each) => each.toLowerCase() === folded);
  const part = owners.filter((each) => each.toLowerCase().split(" ").includes(folded));
  const [one, ...others] = exact.length > 0 ? exact : part;
  if (one && others.length === 0) return one;
  const near = one ? [one, ...others] : nearestNames(said, owners);
  const shown = (near.length > 0 ? near : owners).slice(0, SHOWN).join(", ");
  throw new BadInput(
    `Nobody here is ${one ? "just " : ""}“${said.slice(0, 60)}” (--as or PERENNIAL_ME). ${near.length > 0 ? `Did you mean ${shown}?` : `There are: ${shown || "no people so far"}.`}`,
  );
}
