import type { Schedule } from "#schedules/schedule.ts";
import { CATCH_UP_HOURS } from "#schedules/slots.ts";
import { counted } from "#tools/words.ts";
import { ACTIONS } from "../actions.ts";
import type { Block, Message } from "../message.ts";
import { momentIn } from "./days.ts";
import { button, buttonRow, context, section } from "./elements.ts";
import { fitMessage } from "./limits.ts";
import { lineIn, plainLine } from "./outside-text.ts";
import { limitsLine, scheduleWords } from "./schedule-words.ts";

/** A schedule with its next slots and the buttons that change it. `note`: what has just become of it, in mrkdwn. */
export function scheduleCard(
  schedule: Schedule,
  { note, next = [] }: { note: string; next?: readonly string[] },
): Message {
  const words = `${note} ${scheduleWords(schedule)}.`;
  const coming = schedule.pausedAt !== null ? [] : next.map((slot) => momentIn(slot, schedule.zone));
  const comes = coming.length > 0 ? `Next: ${coming.join("  ·  ")}` : null;
  const more = [limitsLine(schedule), comes].filter((each) => each !== null);
  return fitMessage({
    text: [words, ...more].join("\n"),
    blocks: [section(words), ...(more.length > 0 ? [context(...more)] : []), ...scheduleButtons(schedule)],
  });
}

const SHOWN = 12; // schedules; a message holds fifty blocks

/** All schedules that a person may see, with their state. */
export function scheduleList(schedules: readonly Schedule[]): Message {
  if (schedules.length === 0)
    return fitMessage({
      text: NONE,
      blocks: [section(NONE), ...buttonRow([newButton, newAlertsButton])],
    });
  const lines = schedules.map((each) =>
    [`#${each.id}  ${scheduleWords(each)}`, limitsLine(each), stateWords(each)]
      .filter((line) => line !== null)
      .join("\n"),
  );
  const shown = schedules.slice(0, SHOWN);
  const left = schedules.length - shown.length;
  return fitMessage({
    text: lines.join("\n"),
    blocks: [
      ...shown.flatMap((each, at) => [section(lines[at] ?? ""), ...scheduleButtons(each)]),
      ...(left > 0
        ? [
            context(
              `and ${left} more: \`/perennial schedule pause 12\`, \`resume\`, \`delete\` and \`run\` take a number`,
            ),
          ]
        : []),
      ...buttonRow([newButton, newAlertsButton]),
    ],
  });
}

const NONE =
  "Nothing is scheduled here. Say it in words, such as `/perennial schedule every Monday at 9, churn for my team`, or press the button.";

const newButton = button({
  text: "New schedule",
  action: ACTIONS.scheduleNew,
  value: {},
  label: "Set up a report that comes by itself",
});

const newAlertsButton = button({
  text: "New alerts",
  action: ACTIONS.alertsNew,
  value: {},
  label: "Set up alerts, with what to tell and from where on",
});

/** "Next 23 Nov 2026 at 09:00", "Paused: …". */
const stateWords = ({ pausedAt, pausedBecause, nextAt, zone }: Schedule): string =>
  pausedAt === null ? `Next ${momentIn(nextAt, zone)}` : `Paused${pausedBecause ? `: ${lineIn(pausedBecause)}` : ""}`;

/** What can be done with a schedule. */
export function scheduleButtons({ id, pausedAt, bySettings }: Schedule): Block[] {
  const value = { schedule: id };
  const named = `schedule ${id}`;
  return buttonRow([
    button({ text: "Run now", action: ACTIONS.scheduleRun, value, label: `Run ${named} now` }),
    pausedAt === null
      ? button({ text: "Pause", action: ACTIONS.schedulePause, value, label: `Pause ${named}` })
      : button({ text: "Resume", action: ACTIONS.scheduleResume, value, label: `Resume ${named}` }),
    !bySettings && button({ text: "Edit", action: ACTIONS.scheduleEdit, value, label: `Edit ${named}` }),
    button({ text: "Delete", action: ACTIONS.scheduleDelete, value, label: `Delete ${named}` }),
  ]);
}

/** What its owner is told when a schedule could not do its work. */
export function failureMessage(schedule: Schedule, because: string): Message {
  const paused = schedule.pausedAt !== null;
  const words = `This could not be sent: ${scheduleWords(schedule)}.\n${lineIn(plainLine(because, 600), 600)}`;
  const state = paused
    ? "It is paused until you resume it."
    : `I try again at its next time, ${momentIn(schedule.nextAt, schedule.zone)}.`;
  return fitMessage({
    text: `${words}\n${state}`,
    blocks: [section(words), context(state), ...scheduleButtons(schedule)],
  });
}

/** What its owner is told when it was due while nobody ran, and is of no use any more. */
export function missedMessage(schedule: Schedule, { newest, count }: { newest: string; count: number }): Message {
  const words = `This was not sent, because I was not running when it was due: ${scheduleWords(schedule)}.`;
  const due = `It was due ${momentIn(newest, schedule.zone)}${count > 1 ? `, and ${counted(count - 1, "time")} before that` : ""}: more than ${CATCH_UP_HOURS} hours ago, so I left it out.`;
  const state = schedule.pausedAt === null ? `Next ${momentIn(schedule.nextAt, schedule.zone)}.` : "It is paused.";
  return fitMessage({
    text: `${words}\n${due}\n${state}`,
    blocks: [section(`${words}\n${due}`), context(state), ...scheduleButtons(schedule)],
  });
}
