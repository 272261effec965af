import { Command } from "commander";
import { BadInput } from "#errors.ts";
import type { PlaceOptions, Terminal, Told } from "../terminal.ts";

/** The gross margin that CLV is counted with: shown, set, or taken away. */
export const margin = (terminal: Terminal): Command =>
  new Command("margin")
    .description("the gross margin that CLV is counted with: show it, or set it (78%); `none` goes back to 100%")
    .argument("[percent]", "78%, or none")
    .action(async (said: string | undefined, options: PlaceOptions) =>
      terminal.tell(await toldMargin(terminal, said, options)),
    );

async function toldMargin(terminal: Terminal, said: string | undefined, options: PlaceOptions): Promise<Told> {
  const wanted = said === undefined ? undefined : readMargin(said);
  const [{ grossMarginSet, setGrossMargin }, { actorIn }] = await Promise.all([
    import("#workspaces/gross-margin.ts"),
    import("#workspaces/workspace.ts"),
  ]);
  const { house, workspace } = await terminal.place(options);
  if (wanted !== undefined) await setGrossMargin(house.database, workspace.id, wanted);
  const set = await house.database.read(actorIn(workspace), grossMarginSet);
  const words = set === null ? "100%, because none is set" : `${Number((set * 100).toFixed(2))}%`;
  return {
    json: { workspace: workspace.handle, grossMargin: set ?? 1, isSet: set !== null },
    words: `CLV is counted with a gross margin of ${words}.`,
  };
}

/** "78%", "78" and "0.78" are the same margin; null: none. Throws BadInput. */
function readMargin(said: string): number | null {
  if (/^(?:none|default)$/i.test(said)) return null;
  const given = /^(\d{1,3}(?:\.\d+)?) ?(%?)$/.exec(said.trim());
  const number = Number(given?.[1] ?? Number.NaN);
  const share = given?.[2] === "" && number <= 1 ? number : number / 100;
  if (share > 0 && share <= 1) return Number(share.toFixed(4));
  throw new BadInput(`“${said}” is no gross margin. Give a percentage above 0% and up to 100%, such as 78%.`);
}
