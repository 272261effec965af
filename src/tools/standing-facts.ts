import { daysBetween } from "#lifecycle/days.ts";
import { readFact } from "#lifecycle/derive.ts";
import type { FactName } from "#lifecycle/facts.ts";
import { formatMoney } from "#money.ts";
import { type DetailLine, line, told } from "./detail-line.ts";
import type { Subject } from "./subject.ts";
import { counted, distance } from "./words.ts";

const MOST_TICKETS = 2;
const RENEWS_SOON = 120; // days; what comes later changes nothing in a talk of today
const DETRACTOR = 6;

/** What whoever talks to an account in trouble must know first: open tickets, what is owed, when it ends, how they rated us. */
export function standingFacts(subject: Subject, today: string): DetailLine[] {
  const { overview, facts } = subject;
  const { currency } = facts;
  const of = (fact: FactName) => readFact(fact, facts, today).value;
  const [overdue, score, ends, renews] = [of("overdue_minor"), of("nps_score"), of("cancel_on"), of("renews_on")];
  const tickets = overview.openTickets.slice(0, MOST_TICKETS).map(({ id, priority, subject: about, openedOn }) => {
    const says = `open ticket #${id}${priority ? ` ${priority}` : ""}, ${counted(daysBetween(openedOn, today), "day")} old`;
    return told(says, about, says, "ticket subjects");
  });
  const more = Number(of("open_tickets") ?? 0) - tickets.length;
  const words = [
    more > 0 && `${counted(more, "more open ticket")}`,
    typeof ends === "string" && `cancelled, ends on ${ends} (${distance(ends, today)})`,
    typeof renews === "string" && !ends && isSoon(renews, today) && `renewal on ${renews} (${distance(renews, today)})`,
    Number(overdue ?? 0) > 0 && `${formatMoney(Number(overdue), currency)} overdue`,
    score !== null && score !== undefined && Number(score) <= DETRACTOR && `NPS ${score}`,
  ];
  return [...tickets, ...words.filter((each) => typeof each === "string").map(line)];
}

const isSoon = (day: string, today: string): boolean => {
  const days = daysBetween(today, day);
  return days >= 0 && days <= RENEWS_SOON;
};
