import type { App } from "@slack/bolt";
import { askToStop } from "#inbox/inbox.ts";
import { needsMe } from "#people/needs-me.ts";
import type { Asker, Job } from "../job.ts";
import { talkLane } from "../receive/arrival-of.ts";
import { SlackRefusal } from "../refusal.ts";
import { jobOf } from "./job-of.ts";

/** The agent's conversation: what to ask when it is opened, and the stop button. */
export function registerSession(app: App): void {
  app.event("app_home_opened", async ({ event, context }) => {
    if (event.tab === "messages") await suggestQuestions(jobOf(context), event.user, event.channel);
  });
  app.event("agent_session_stopped", async ({ event, context }) => {
    const { house, workspace, post } = jobOf(context);
    const place = { channel: event.channel, thread: event.thread_ts };
    await askToStop(house.database, { workspaceId: workspace.id, lane: talkLane(place.channel, place.thread) });
    // Slack leaves the session as it was; where nothing was under way any more, nobody else would end it.
    await post.status(place, null);
    await post.session(place, "active");
  });
}

/** Four questions that fit the person. Who may not ask is offered none. */
async function suggestQuestions(job: Job, userId: string, channel: string): Promise<void> {
  try {
    const asker = await job.asker(userId, { channel, kind: "im", shared: false });
    await job.post.suggest(channel, "Ask about a customer", await promptsFor(job, asker));
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
  }
}

interface Prompt {
  title: string;
  message: string;
}

async function promptsFor(job: Job, asker: Asker): Promise<Prompt[]> {
  const urgent = await mostUrgent(job, asker);
  return [
    urgent
      ? ask(`What should I do next with ${urgent}?`)
      : ask("Which accounts are at risk?", "Which accounts are at risk, biggest first?"),
    asker.ownerName === null
      ? ask("Which accounts renew this month?")
      : ask("My next renewals", "Which of my accounts renew in the next 60 days?"),
    ask("How do we answer a price objection?"),
    ask("What can you do?"),
  ];
}

const LONGEST_TITLE = 75;
const ask = (title: string, message = title): Prompt => ({
  title: title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE - 1)}…` : title,
  message,
});

/** The account of the asker that needs them most, by name. */
async function mostUrgent({ house, workspace }: Job, { actor }: Asker): Promise<string | null> {
  const { personId } = actor;
  if (personId === null) return null;
  await house.ready(workspace);
  const [first] = await house.database.read(actor, (rows) =>
    needsMe(rows, { personId, model: house.modelOf(workspace), today: house.today(workspace), limit: 1 }),
  );
  return first?.name ?? null;
}
