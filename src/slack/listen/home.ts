import type { App } from "@slack/bolt";
import { crmDataFrom } from "#accounts/crm-records.ts";
import { AskAgain, BadInput, errorRef, Unavailable } from "#errors.ts";
import { LeaseLost } from "#inbox/inbox.ts";
import { myTasks, needsMe } from "#people/needs-me.ts";
import { personSettings, recentQuestions } from "#people/people.ts";
import { accountCount } from "#workspaces/workspace.ts";
import { refusesBlocks, SlackFault } from "../faults.ts";
import type { Asker, Job } from "../job.ts";
import { SlackRefusal } from "../refusal.ts";
import { type HomeParts, homeFault, homeView } from "../views/index.ts";
import { jobOf } from "./job-of.ts";

const MOST = { accounts: 50, tasks: 30, asked: 5 };

/** App Home, drawn anew whenever it is opened. */
export function registerHome(app: App): void {
  app.event("app_home_opened", async ({ event, context }) => {
    if (event.tab === "home") await openHome(jobOf(context), event.user);
  });
}

/** Never blank: what goes wrong is a sentence there. */
async function openHome(job: Job, userId: string): Promise<void> {
  try {
    await publishHome(job, await job.asker(userId, { channel: "", kind: "im", shared: false }));
  } catch (error) {
    const sentence = sentenceFor(job, error);
    if (sentence !== null) await job.post.publishHome(userId, homeFault(sentence));
  }
}

/** What a fault is to the person; null where nobody is told. Throws what the worker has to know of. */
function sentenceFor({ signal, house }: Job, error: unknown): string | null {
  if (refusesBlocks(error)) {
    house.log.error({ err: error, details: error.details }, "Slack refused to draw Home");
    return "Slack refused to draw this tab. Ask me in the Messages tab, such as “which of my accounts renew this month?”.";
  }
  if (signal.aborted || error instanceof LeaseLost || error instanceof SlackFault) throw error;
  if (error instanceof SlackRefusal) return error.quiet ? null : error.message;
  if (error instanceof AskAgain || error instanceof BadInput) return error.message;
  if (error instanceof Unavailable) return `${error.message} Open this tab again in a moment.`;
  const ref = errorRef();
  house.log.error({ err: error, ref }, "Home could not be drawn");
  return `That failed on my side (ref ${ref}).`;
}

/** Draws Home for a person. */
export async function publishHome(job: Job, asker: Asker): Promise<void> {
  await job.house.ready(job.workspace);
  const parts = await partsFor(job, asker);
  const look = { today: job.house.today(job.workspace), zone: asker.zone, audience: "private" as const };
  await job.post.publishHome(asker.userId, homeView(parts, look));
}

async function partsFor({ house, workspace }: Job, { actor, name, ownerName, isAdmin }: Asker): Promise<HomeParts> {
  const { personId } = actor;
  if (personId === null) throw new AskAgain("I do not know who you are here. Ask me in a direct message first.");
  const model = house.modelOf(workspace);
  const today = house.today(workspace);
  const accounts = await accountCount(house.database, workspace);
  return house.database.read(actor, async (rows) => ({
    name,
    isAdmin,
    ownsAccounts: ownerName !== null,
    needsMe: await needsMe(rows, { personId, model, today, limit: MOST.accounts }),
    tasks: await myTasks(rows, personId, today, MOST.tasks),
    asked: await recentQuestions(rows, personId, MOST.asked),
    settings: await personSettings(rows, personId),
    workspace: { accounts, model: model.name, dataFrom: await crmDataFrom(rows, today) },
  }));
}
