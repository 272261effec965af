/** Somebody may not ask here. The message is said to them; a quiet one is not said at all (bots, workflows, people who left). */
export class SlackRefusal extends Error {
  override readonly name = "SlackRefusal";
  readonly quiet: boolean;
  constructor(message: string, how: { quiet?: boolean } = {}) {
    super(message);
    this.quiet = how.quiet ?? false;
  }
}
