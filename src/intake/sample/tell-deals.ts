import { isoDay } from "./calendar.ts";
import { monthsBegun, mrrInMonth, renewalOf } from "./contract.ts";
import type { Deal } from "./life.ts";
import { inCrm, type Row, row } from "./row.ts";
import { SEAT_MINOR } from "./setting.ts";
import type { Story } from "./story.ts";

const ROAD = ["Discovery", "Evaluation", "Proposal", "Negotiation", "Contract"] as const;
const CHANCE: Record<Deal["stage"], number> = {
  Discovery: 0.1,
  Evaluation: 0.25,
  Proposal: 0.5,
  Negotiation: 0.7,
  Contract: 0.9,
  "Closed Won": 1,
  "Closed Lost": 0,
};

/** Opportunities, and the days on which they moved from stage to stage. */
export function dealRows(story: Story): Row[] {
  return story.life.deals.flatMap((deal, at) => rowsOf(story, deal, `opp-${story.customer.id.slice(4)}-${at + 1}`));
}

function rowsOf(story: Story, deal: Deal, id: string): Row[] {
  const { customer, random, span } = story;
  const open = deal.closedOn === null;
  const opportunity = row("crm", "opportunity", {
    id,
    account: inCrm(customer.id),
    owner: customer.ownerId,
    name: `${customer.name}: ${deal.kind === "new" ? "first contract" : deal.kind}`,
    pipeline: "Sales",
    stage: deal.stage,
    kind: deal.kind,
    amountMinor: yearlyAmount(story, deal),
    currency: customer.currency ?? "USD",
    probability: CHANCE[deal.stage],
    closed: !open,
    won: deal.stage === "Closed Won",
    lostReason: deal.lostReason,
    closeOn: isoDay(expectedClose(story, deal)),
    nextStep: open
      ? random.pick([
          "Send the proposal",
          "Answer the security questions",
          "Meet the decision maker",
          "Wait for their budget round",
        ])
      : null,
    createdOn: isoDay(deal.createdOn),
  });
  const until = deal.closedOn ?? span.today - 1;
  const last = open
    ? ROAD.indexOf(deal.stage as (typeof ROAD)[number])
    : deal.stage === "Closed Won"
      ? ROAD.length - 1
      : random.whole(1, 3); // an open deal stands on the road
  const passed: string[] = [...ROAD.slice(0, last + 1), ...(open ? [] : [deal.stage])];
  const step = (until - deal.createdOn) / passed.length;
  const stages = passed.map((stage, at) => {
    const on = at === passed.length - 1 && !open ? until : Math.floor(deal.createdOn + at * step);
    return row("crm", "opportunity_stage", { id: `${id}:${at + 1}`, opportunity: id, stage, enteredOn: isoDay(on) });
  });
  return [opportunity, ...stages];
}

/** A renewal is about what is paid now, a first contract about the seats that were spoken of. */
function yearlyAmount({ customer, life, span }: Story, deal: Deal): number {
  const contract = life.contracts.at(-1);
  if (deal.kind === "renewal" && contract) return mrrInMonth(contract, monthsBegun(contract, span.today)) * 12;
  return deal.seats * (contract?.seatMinor ?? SEAT_MINOR[customer.plan]) * 12;
}

function expectedClose({ life, random, span }: Story, deal: Deal): number {
  if (deal.closedOn !== null) return deal.closedOn;
  const contract = life.contracts.at(-1);
  const renewal = deal.kind === "renewal" && contract ? renewalOf(contract, span.today) : null;
  return renewal ?? span.today + random.whole(5, 60);
}
