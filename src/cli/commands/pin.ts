import { Command } from "commander";
import type { LifecycleModel, Stage } from "#lifecycle/model.ts";
import type { Place, PlaceOptions, Terminal, Told } from "../terminal.ts";

interface PinOptions extends PlaceOptions {
  until: string;
  reason?: string;
}

const PIN_HELP = `
Examples:
  perennial pin "Acme GmbH" Retention --until 2027-01-31
  perennial pin "#12" support --until 2027-01-31 --reason "migration runs until then"

The rules' own result stays visible beside the pin, and counts again after the last day.
`;

export const pinCommand = (terminal: Terminal): Command =>
  new Command("pin")
    .description("fix the stage of an account until a day")
    .argument("<account>", "the account's name, domain or #id")
    .argument("<stage>", "a stage of the model in use")
    .requiredOption("--until <day>", "the last day of the pin, like 2027-01-31")
    .option("--reason <words>", "why, for those who read it later")
    .option("--workspace <handle>", "another workspace than the usual one")
    .addHelpText("after", PIN_HELP)
    .action(async (account: string, stage: string, options: PinOptions) =>
      terminal.tell(await pin(terminal, account, stage, options)),
    );

export const unpinCommand = (terminal: Terminal): Command =>
  new Command("unpin")
    .description("let the rules decide on an account's stage again")
    .argument("<account>", "the account's name, domain or #id")
    .option("--workspace <handle>", "another workspace than the usual one")
    .addHelpText("after", '\nExamples:\n  perennial unpin "Acme GmbH"\n')
    .action(async (account: string, options: PlaceOptions) => terminal.tell(await unpin(terminal, account, options)));

async function pin(
  terminal: Terminal,
  said: string,
  stageSaid: string,
  { until, reason, ...options }: PinOptions,
): Promise<Told> {
  const { pinStage } = await import("#stages/state.ts");
  await refuseNoDay(until);
  const place = await terminal.place(options);
  const { house, workspace } = place;
  const model = house.modelOf(workspace);
  const stage = await stageNamed(model, stageSaid);
  await refusePast(until, house.today(workspace));
  const [account, actor] = await subject(place, said);
  await pinStage(house.database, actor, {
    accountId: account.id,
    model: model.id,
    stage: stage.id,
    until,
    reason: reason ?? null,
  });
  return {
    json: { account, model: model.id, stage: stage.id, until, reason: reason ?? null },
    words: `**${account.name}** is pinned to **${stage.name}** until ${until}${reason ? ` (${reason})` : ""}. \`perennial unpin "#${account.id}"\` takes it back.`,
  };
}

async function unpin(terminal: Terminal, said: string, options: PlaceOptions): Promise<Told> {
  const { unpinStage } = await import("#stages/state.ts");
  const place = await terminal.place(options);
  const [account, actor] = await subject(place, said);
  const unpinned = await unpinStage(place.house.database, actor, {
    accountId: account.id,
    model: place.house.modelOf(place.workspace).id,
  });
  const words = unpinned
    ? `**${account.name}** is no longer pinned; the rules decide.`
    : `**${account.name}** was not pinned; nothing changed.`;
  return { json: { account, unpinned }, words };
}

/** The account that is meant. Throws AskAgain when the name does not tell one. */
async function subject({ house, workspace }: Place, said: string) {
  const [{ findAccount }, { actorIn }] = await Promise.all([
    import("#accounts/find.ts"),
    import("#workspaces/workspace.ts"),
  ]);
  const actor = actorIn(workspace);
  const { id, name } = await house.database.read(actor, (rows) => findAccount(rows, said));
  return [{ id, name }, actor] as const;
}

async function stageNamed({ name, stages }: LifecycleModel, said: string): Promise<Stage> {
  const wanted = said.trim().toLowerCase();
  const found = stages.find((each) => each.id === wanted || each.name.toLowerCase() === wanted);
  if (found) return found;
  const [{ BadInput }, { didYouMean }] = await Promise.all([
    import("#errors.ts"),
    import("#lifecycle/nearest-names.ts"),
  ]);
  const names = stages.map((each) => each.name);
  throw new BadInput(`${name} has no stage “${said}”${didYouMean(said, names) || "."} It has ${names.join(", ")}.`);
}

async function refuseNoDay(until: string): Promise<void> {
  const [{ BadInput }, { Temporal }] = await Promise.all([import("#errors.ts"), import("temporal-polyfill")]);
  try {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(until)) throw new RangeError("not an ISO day");
    Temporal.PlainDate.from(until, { overflow: "reject" });
  } catch (cause) {
    throw new BadInput(`“${until}” is no day. Write it like 2027-01-31.`, { cause });
  }
}

async function refusePast(until: string, today: string): Promise<void> {
  if (until >= today) return;
  const { BadInput } = await import("#errors.ts");
  throw new BadInput(`${until} is over; today is ${today}. A pin needs a day to come.`);
}
