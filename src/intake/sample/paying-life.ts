import type { Day } from "./calendar.ts";
import { startOf } from "./contract.ts";
import type { Contract, Life, TicketPlan } from "./life.ts";
import { ago, bareLife, contractOf, courtship, type Setting, SILENT_VOICE, wonDeal } from "./setting.ts";

/** Where the contract is tied to the calendar: by its first day, by a renewal, or by the day on which a month begins. */
export type Tie = { startedOn: Day } | { renewsOn: Day } | { month: number; fallsOn: Day };

/** A customer who pays, talks with us now and then, and uses the product as most do. The other scripts bend this one. */
export function payingLife(setting: Setting, tie: Tie): Life {
  const { random } = setting;
  const contract = tiedContract(setting, tie);
  const start = startOf(contract);
  const createdOn = Math.max(setting.span.from, start - random.whole(22, 75));
  return {
    ...bareLife(setting, createdOn),
    deals: [wonDeal(setting, contract, createdOn)],
    contracts: [contract],
    moments: [...courtship(setting, createdOn, start - 2), ...arrival(start, setting.span.today)],
    rhythm: {
      from: start + 30,
      everyDays: random.whole(28, 48),
      lastInbound: ago(setting, 9, 55),
      lastOutbound: ago(setting, 9, 40),
    },
    usage: { level: random.between(0.62, 0.92), yearly: random.between(-0.03, 0.08), fadeFrom: null, fadeTo: 1 },
    ticketsAYear: random.between(1, 5),
    voice: { ...SILENT_VOICE, nps: passiveAnswers(setting, start) },
  };
}

function tiedContract(setting: Setting, tie: Tie): Contract {
  if ("startedOn" in tie) return contractOf(setting, { anchor: tie.startedOn, anchorMonth: 0 });
  if ("month" in tie) return contractOf(setting, { anchor: tie.fallsOn, anchorMonth: tie.month });
  const months = setting.random.pick([12, 12, 24]);
  return { ...contractOf(setting, { anchor: tie.renewsOn, anchorMonth: months }), termMonths: 12 };
}

/** The first weeks: kick-off, training, a first look back. */
function arrival(start: Day, today: Day): Life["moments"] {
  const steps = [
    { on: start + 4, channel: "meeting", direction: "outbound", kind: "kickoff" },
    { on: start + 17, channel: "meeting", direction: "outbound", kind: "training" },
    { on: start + 18, channel: "email", direction: "inbound", kind: "reply" },
  ] as const;
  return steps.filter((step) => step.on < today);
}

/** Half of the customers answered when asked; most of those who did are content, and no more. */
function passiveAnswers(setting: Setting, start: Day): { on: Day; score: number }[] {
  if (setting.random.chance(0.5)) return [];
  const on = ago(setting, 20, 170);
  const earlier = on - setting.random.whole(150, 200);
  return [earlier, on]
    .filter((day) => day > start + 45)
    .map((day) => ({ on: day, score: setting.random.pick([7, 7, 8, 8, 8, 6]) }));
}

/** A ticket that the story needs. */
export function ticketAt(on: Day, told: Partial<TicketPlan> = {}): TicketPlan {
  return { on, priority: "normal", theme: null, state: "solved", csat: null, ...told };
}

/** A customer well past the first weeks. */
export const seasoned = (setting: Setting): Life => payingLife(setting, { startedOn: ago(setting, 100, 840) });

/** Rounded, and at least one seat more or fewer. */
export const scaled = (seats: number, by: number): number =>
  Math.max(1, by > 1 ? Math.max(seats + 1, Math.round(seats * by)) : Math.min(seats - 1, Math.round(seats * by)));

/** The first paid day of a life that has one. */
export const startOfLife = (life: Life): Day => Math.min(...life.contracts.map(startOf));
