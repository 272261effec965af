import { isoDay, momentOn } from "./calendar.ts";
import type { ScriptName } from "./life.ts";
import { inCrm, type Row, row } from "./row.ts";
import type { Story } from "./story.ts";
import { HOSTILE, NOTES, TASKS } from "./texts/words.ts";

const RISKY: ScriptName[] = [
  "at_risk",
  "cancelled",
  "detractor",
  "champion_left",
  "ticket_storm",
  "renewal_silent",
  "quiet_after_onboarding",
  "contracting",
];

function moodOf(story: Story): keyof typeof NOTES {
  const { script, contracts } = story.life;
  if (contracts.length === 0) return "prospect";
  if (script.startsWith("churned")) return "gone";
  if (script === "advocate") return "fan";
  return RISKY.includes(script) ? "risk" : "customer";
}

/** What colleagues noted on an account, and what they mean to do. */
export function noteRows(story: Story): Row[] {
  const { customer, life, random, span, hostile } = story;
  if (!customer.ownerId) return [];
  const mood = moodOf(story);
  const author = inCrm(customer.ownerId);
  const texts = random.some(NOTES[mood], random.whole(0, 2));
  const bodies = hostile.includes("note") ? [...texts, HOSTILE.note] : texts;
  const notes = bodies.map((body, at) => {
    const on = span.today - 1 - random.whole(0, Math.min(240, span.today - 1 - life.createdOn));
    return row("crm", "note", {
      id: `note-${customer.id.slice(4)}-${at + 1}`,
      account: inCrm(customer.id),
      author,
      body,
      at: momentOn(on, random.whole(0, 359)),
    });
  });
  return [...notes, ...taskRows(story, mood)];
}

/** One in three accounts has a task; some are done, some are late. */
function taskRows({ customer, life, random, span }: Story, mood: keyof typeof NOTES): Row[] {
  if (mood === "gone" || !customer.ownerId || !random.chance(0.33)) return [];
  const titles = TASKS[mood === "prospect" || mood === "risk" ? mood : "customer"];
  const created = Math.max(life.createdOn, span.today - random.whole(3, 30));
  const done = random.chance(0.3);
  return [
    row("crm", "task", {
      id: `task-${customer.id.slice(4)}-1`,
      account: inCrm(customer.id),
      owner: inCrm(customer.ownerId),
      title: random.pick(titles),
      dueOn: isoDay(created + random.whole(2, 35)),
      status: done ? "done" : "open",
      priority: random.pick(["normal", "normal", "high"]),
      createdAt: momentOn(created, 20),
      doneAt: done ? momentOn(Math.min(span.today - 1, created + 2), 40) : null,
    }),
  ];
}
