import type { App } from "@slack/bolt";
import { factsOf } from "#accounts/facts.ts";
import { AskAgain } from "#errors.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import { channelSettings, keepChannelSettings, keepPersonSettings, personSettings } from "#people/people.ts";
import { keepDigest } from "#schedules/store.ts";
import { judgeAccounts } from "#stages/judge-accounts.ts";
import { counted } from "#tools/words.ts";
import { chooseModel } from "#workspaces/workspace.ts";
import { CALLBACKS } from "../actions.ts";
import { slackFault } from "../faults.ts";
import type { Asker, Job } from "../job.ts";
import { forgetMember } from "../members.ts";
import { lineIn, settingsModal } from "../views/index.ts";
import { publishHome } from "./home.ts";
import { jobOf } from "./job-of.ts";
import { plain } from "./notes.ts";
import { type Press, presser } from "./press.ts";
import { keptIn, settingsIn, submittedBody } from "./settings-form.ts";

/** The window with a person's settings, from a button. */
export const openSettings = async (press: Press): Promise<void> =>
  openSettingsFor(press.job, await presser(press), { triggerId: press.triggerId, channel: null });

/** The window with a person's settings; with those of a channel where it was asked for in one. Throws SlackFault when it was too late. */
export async function openSettingsFor(
  job: Job,
  { actor, zone, isAdmin }: Asker,
  { triggerId, channel }: { triggerId: string; channel: { id: string; name: string } | null },
): Promise<void> {
  const { house, workspace, post } = job;
  const { personId } = actor;
  if (personId === null) throw new AskAgain("I do not know who you are here. Ask me in a direct message first.");
  const [settings, inChannel] = await house.database.read(actor, async (rows) => [
    await personSettings(rows, personId),
    channel && { ...channel, settings: await channelSettings(rows, channel.id) },
  ]);
  const models = isAdmin
    ? { chosen: house.modelOf(workspace).id, all: [...house.models.values()].map(({ id, name }) => ({ id, name })) }
    : null;
  const keep = channel ? JSON.stringify({ channel: channel.id }) : undefined;
  const view = settingsModal({ settings, zone, models, channel: inChannel, ...(keep ? { keep } : {}) });
  if (!(await post.open(triggerId, view))) throw slackFault("expired_trigger_id");
}

/** The submitted window. */
export function registerSettings(app: App): void {
  app.view(CALLBACKS.settings, async ({ body, context }) => keep(jobOf(context), body));
}

async function keep(job: Job, body: unknown): Promise<void> {
  const { user, view } = submittedBody.parse(body);
  const chosen = settingsIn(view.state.values);
  forgetMember(job.house, job.teamId, user.id); // whether they are an admin is asked again
  const asker = await job.asker(user.id, { channel: "", kind: "im", shared: false });
  const { actor, isAdmin } = asker;
  const { personId } = actor;
  if (personId === null) return;
  const { digest } = chosen;
  await job.house.database.write(actor, async (rows) => {
    await keepPersonSettings(rows, personId, { zone: chosen.zone, digest });
    const own = { ownerId: personId, digest, zone: chosen.zone ?? asker.zone, slackTeam: job.teamId };
    await keepDigest(rows, own, new Date().toISOString());
  });
  const { channel } = keptIn(view.private_metadata);
  if (channel && chosen.speak) await keepRule(job, asker, channel, chosen.speak);
  const model = chosen.model === null ? undefined : job.house.models.get(chosen.model);
  const changed = model && model.id !== job.house.modelOf(job.workspace).id ? model : null;
  if (changed && !isAdmin)
    throw new AskAgain("Only admins of this Slack workspace can change the lifecycle model. The rest is saved.");
  const now = changed ? await changeModel(job, asker, changed) : job;
  // Asked anew: the zone that the person reads by may be another one now.
  await publishHome(now, await now.asker(user.id, { channel: "", kind: "im", shared: false }));
}

const RULES = {
  mentions: "I speak here only when I am mentioned.",
  threads: "I speak here when I am mentioned, and in threads that I am part of.",
  never: "I am silent here.",
};

async function keepRule(job: Job, { actor, userId }: Asker, channel: string, speak: keyof typeof RULES): Promise<void> {
  const before = await job.house.database.write(actor, async (rows) => {
    const known = await channelSettings(rows, channel);
    await keepChannelSettings(rows, channel, { speak });
    return known.speak;
  });
  if (before !== speak) await job.post.privately("rule", { channel, user: userId }, plain(`Saved. ${RULES[speak]}`));
}

/** Chooses the model for everybody, judges all accounts by it, and tells who did so. Returns the job with the workspace as it is now. */
async function changeModel(job: Job, { actor, userId }: Asker, model: LifecycleModel): Promise<Job> {
  const { house, post } = job;
  const { database } = house;
  await chooseModel(database, job.workspace.id, model.id);
  const workspace = { ...job.workspace, lifecycleModel: model.id };
  await house.ready(workspace);
  const { judged } = await judgeAccounts({ database, actor, model, day: house.today(workspace), factsOf });
  const words = `The lifecycle model is now ${lineIn(model.name)}, for everybody. ${counted(judged, "account")} judged anew.`;
  await post.message("model", { channel: await post.directMessage(userId) }, plain(words));
  return { ...job, workspace };
}
