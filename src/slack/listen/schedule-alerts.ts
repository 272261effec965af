import { labelRows } from "#accounts/row-labels.ts";
import { AskAgain } from "#errors.ts";
import { type Alert, markTold, sayOfAlert, settleAlerts, untold } from "#schedules/alerts.ts";
import type { Schedule } from "#schedules/schedule.ts";
import { ACTIONS } from "../actions.ts";
import type { Asker, Job } from "../job.ts";
import type { Message } from "../message.ts";
import { dayIn } from "../views/days.ts";
import { alertsMessage } from "../views/schedule-alerts.ts";
import { lookOf } from "./answering.ts";
import { type Press, presser, sayToPresser } from "./press.ts";
import type { About } from "./schedule-report.ts";

/** What a schedule has not told yet, as one message; no message where there is nothing new. */
export async function alertsFor(
  job: Job,
  asker: Asker,
  { schedule, about }: { schedule: Schedule; about: About },
): Promise<{ message: Message | null; told: Alert[] }> {
  const { house, workspace } = job;
  const today = house.today(workspace);
  const inside = { workspaceId: workspace.id, personId: null, audience: "private" as const, zone: workspace.zone };
  await settleAlerts(house.database, inside, { model: house.modelOf(workspace), today });
  const { conditions } = schedule.filter;
  const { all, labels } = await house.database.read(inside, async (rows) => {
    const found = await untold(rows, schedule.id, { ...about, conditions }, today);
    return {
      all: found,
      labels: await labelRows(
        rows,
        found.slice(0, MOST).flatMap(({ evidence }) => evidence),
      ),
    };
  });
  const told = all.slice(0, MOST);
  if (told.length === 0) return { message: null, told };
  const parts = { alerts: told, labels, left: all.length - told.length, scheduleId: schedule.id };
  return { message: alertsMessage(parts, lookOf(job, asker, today)), told };
}

const MOST = 30; // in one message; the others come with the next one

/** After they have been posted: none is told twice in one place. */
export const noteTold = (job: Job, told: readonly Alert[], schedule: Schedule, slot: string): Promise<void> =>
  job.house.database.write({ workspaceId: job.workspace.id, personId: null, audience: "private" }, (rows) =>
    markTold(rows, schedule.id, slot, told),
  );

const ENOUGH = 3; // of one kind that nobody wants: then it is the kind that should go

/** "Snooze" and "Not useful" under an alert. */
export async function alertPress(press: Press): Promise<void> {
  const { job, action, value } = press;
  const { actor } = await presser(press);
  const { personId } = actor;
  const { alert, schedule } = value ?? {};
  if (alert === undefined || schedule === undefined || personId === null) throw new AskAgain(GONE);
  const said = action === ACTIONS.alertSnooze ? "snooze" : "not_useful";
  const today = job.house.today(job.workspace);
  const kept = await job.house.database.write(actor, (rows) =>
    sayOfAlert(rows, { alertId: alert, scheduleId: schedule, personId, said, today }),
  );
  if (!kept) throw new AskAgain(GONE);
  const hint =
    kept.notUseful >= ENOUGH
      ? ` ${kept.notUseful} alerts of this kind were not useful here: \`/perennial schedule\` can leave the kind out.`
      : "";
  const words = said === "snooze" ? "Snoozed" : "Thank you; that counts. It stays quiet";
  await sayToPresser(press, `${words} until ${dayIn(kept.until)}, for this account and this kind of alert.${hint}`);
}

const GONE = "That alert is too long ago.";
