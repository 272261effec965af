import type { PageWorld } from "../../page-api/types.ts";

/** Something that can be put in for what is being typed. */
export interface Hint {
  words: string;
  about: string;
  /** It stands there already as it is: Enter sends it. */
  complete: boolean;
}

const MOST = 8;

/** Commands after "/" at the start, people after "@", channels after "#". `typed` ends at the cursor. */
export function hintsFor(typed: string, world: PageWorld): Hint[] {
  const command = /^\/\S*$/.exec(typed)?.[0];
  if (command !== undefined) {
    return world.commands
      .filter((each) => each.command.startsWith(command))
      .map((each) => ({
        words: each.command,
        about: [each.description, each.usageHint].filter((words) => words !== "").join(" · "),
        complete: each.command === command,
      }));
  }
  const word = /(?:^|\s)([@#])([^@#\n]{0,30})$/u.exec(typed);
  if (word === null) return [];
  const [, mark, begun] = word;
  const all =
    mark === "@"
      ? [
          { name: world.bot.name, about: "app" },
          ...world.users
            .filter(({ kind }) => kind !== "bot")
            .map(({ realName, title, kind }) => ({ name: realName, about: title ?? kind })),
        ]
      : world.channels
          .filter(({ type }) => type === "channel" || type === "group")
          .map(({ name, topic }) => ({ name, about: topic }));
  const wanted = begun!.toLowerCase();
  return all
    .filter(({ name }) => ` ${name.toLowerCase()}`.includes(` ${wanted}`) && name.toLowerCase() !== wanted)
    .slice(0, MOST)
    .map(({ name, about }) => ({ words: `${mark}${name}`, about, complete: false }));
}

/** What was typed, with the hint in the place of the word that was begun. */
export const withHint = (typed: string, hint: Hint): string => {
  const mark = hint.words[0]!;
  return `${typed.slice(0, typed.lastIndexOf(mark))}${hint.words} `;
};
