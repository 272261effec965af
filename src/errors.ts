/** The asker can put it right: the message is shown as it is, to people and to the model. `choices` become buttons. */
export class AskAgain extends Error {
  override readonly name = "AskAgain";
  readonly choices: Choice[];
  constructor(message: string, choices: Choice[] = []) {
    super(message);
    this.choices = choices;
  }
}

/** One of several things that may have been meant. */
export interface Choice {
  id: number;
  label: string;
  hint: string;
}

/** Input of the person who installs or feeds Perennial is wrong; the message names the place and the cure. */
export class BadInput extends Error {
  override readonly name = "BadInput";
}

/** Something outside (database, model provider) does not answer; the message is fit for people, the cause for the log. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

/** A short reference that a person can quote and the log can be searched for. */
export const errorRef = (): string =>
  Math.floor(Math.random() * 0xffff_ffff)
    .toString(16)
    .padStart(8, "0")
    .slice(0, 6);
