import type { App } from "@slack/bolt";
import { z } from "zod";
import { accountsTyped } from "#accounts/type-ahead.ts";
import { AskAgain } from "#errors.ts";
import { ACTIONS, CALLBACKS, readValue } from "../actions.ts";
import { slackFault } from "../faults.ts";
import type { Asker, Job } from "../job.ts";
import { SlackRefusal } from "../refusal.ts";
import { accountOption, lookUpModal, MODAL_FIELDS, zoneOption } from "../views/index.ts";
import { nameIn, questionOf } from "./account-presses.ts";
import { jobOf } from "./job-of.ts";
import { lookUpAndShow } from "./lookup.ts";
import { chosenIn, submittedBody, zonesTyped } from "./settings-form.ts";
import { patternOf } from "./unfurls.ts";
import { whatToDo } from "./what-to-do.ts";

const shortcutBody = z.object({ user: z.object({ id: z.string() }), trigger_id: z.string() });
const suggestionBody = z.object({ user: z.object({ id: z.string() }), value: z.string().default("") });
const ALONE = { channel: "", kind: "im", shared: false } as const;
const MOST_OPTIONS = 20;

/** The two shortcuts, the window that looks an account up, and everything that is suggested as one types. */
export function registerShortcuts(app: App, crmLinks: readonly string[] = []): void {
  const links = crmLinks.map(patternOf);
  app.shortcut(CALLBACKS.lookUp, async ({ body, context }) => {
    const job = jobOf(context);
    const { user, trigger_id: trigger } = shortcutBody.parse(body);
    await job.asker(user.id, ALONE);
    if (!(await job.post.open(trigger, lookUpModal()))) throw slackFault("expired_trigger_id");
  });
  app.shortcut(CALLBACKS.whatToDo, async ({ body, context }) => whatToDo(jobOf(context), body, links));
  app.options(ACTIONS.accountPick, async ({ body, context, ack }) => {
    await ack({ options: await accountsFor(jobOf(context), body) });
  });
  app.options(MODAL_FIELDS.zone.action, async ({ body, ack }) => {
    const { value } = suggestionBody.parse(body);
    await ack({ options: zonesTyped(value).map(zoneOption) });
  });
  app.view(CALLBACKS.lookUp, async ({ body, context }) => showPicked(jobOf(context), body));
}

/** Accounts of the person's own workspace that begin as they typed; none for those who may not ask. */
async function accountsFor(job: Job, body: unknown) {
  const { user, value } = suggestionBody.parse(body);
  const asker = await askerOrNobody(job, user.id);
  if (!asker) return [];
  const found = await job.house.database.read(asker.actor, (rows) => accountsTyped(rows, value, MOST_OPTIONS));
  return found.map(({ id, name, owner, country, domain }) =>
    accountOption({ id, label: name, hint: [country, domain, owner && `owner ${owner}`].filter(Boolean).join(", ") }),
  );
}

async function askerOrNobody(job: Job, userId: string): Promise<Asker | null> {
  try {
    return await job.asker(userId, ALONE);
  } catch (error) {
    if (error instanceof SlackRefusal) return null;
    throw error;
  }
}

/** The window was sent with an account: its card goes to the direct messages, where one can go on asking. */
async function showPicked(job: Job, body: unknown): Promise<void> {
  const { user, view } = submittedBody.parse(body);
  const account = readValue(chosenIn(view.state.values, MODAL_FIELDS.account) ?? undefined)?.account;
  if (account === undefined) throw new AskAgain("No account was picked. Open the window again and pick one.");
  const asker = await job.asker(user.id, ALONE);
  const calls = [{ tool: ACTIONS.overview, input: { account: `#${account}` } }];
  await lookUpAndShow(
    job,
    { asker, calls, shown: (found) => questionOf(ACTIONS.overview, nameIn(found)) },
    { how: "private" },
  );
}
