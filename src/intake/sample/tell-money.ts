import { type Day, isoDay, momentOn } from "./calendar.ts";
import {
  DAYS_TO_PAY,
  endOf,
  hasEnded,
  INTERVAL_MONTHS,
  monthDay,
  monthsBegun,
  mrrInMonth,
  renewalOf,
  seatsInMonth,
  startOf,
} from "./contract.ts";
import type { Contract } from "./life.ts";
import type { Random } from "./random.ts";
import { inCrm, type Row, row } from "./row.ts";
import type { Story } from "./story.ts";

/** Subscriptions, the ledger that explains them, the invoices that follow from both, and the ends with their reasons. */
export function moneyRows(story: Story): Row[] {
  return [...trialRows(story), ...story.life.contracts.flatMap((contract, at) => contractRows(story, contract, at))];
}

function trialRows({ customer, life }: Story): Row[] {
  if (!life.trial) return [];
  const { startedOn, endsOn, seats } = life.trial;
  return [
    row("billing", "subscription", {
      id: `sub-${customer.id.slice(4)}-trial`,
      account: inCrm(customer.id),
      plan: customer.plan,
      status: "trialing",
      seats,
      mrrMinor: 0,
      currency: customer.currency ?? "USD",
      trial: true,
      startedOn: isoDay(startedOn),
      trialEndsOn: isoDay(endsOn),
    }),
  ];
}

interface Bill {
  story: Story;
  contract: Contract;
  /** Names the subscription. */
  id: string;
  currency: string;
  /** Not the first contract of the customer: it comes back. */
  back: boolean;
}

function contractRows(story: Story, contract: Contract, at: number): Row[] {
  const { customer } = story;
  const bill = {
    story,
    contract,
    id: `sub-${customer.id.slice(4)}-${at + 1}`,
    currency: customer.currency ?? "USD",
    back: at > 0,
  };
  return [subscriptionRow(bill), ...ledgerRows(bill), ...invoiceRows(bill), ...churnRows(bill)];
}

function subscriptionRow({ story, contract, id, currency }: Bill): Row {
  const { customer, span } = story;
  const begun = monthsBegun(contract, span.today);
  const last = contract.end ? Math.min(begun, contract.end.month - 1) : begun;
  const [ended, end, renewal] = [hasEnded(contract, span.today), endOf(contract), renewalOf(contract, span.today)];
  const pastDue = !contract.end && contract.unpaidFromMonth !== null;
  return row("billing", "subscription", {
    id,
    account: inCrm(customer.id),
    plan: contract.plan,
    status: ended ? "ended" : pastDue ? "past_due" : "active",
    seats: seatsInMonth(contract, last),
    mrrMinor: mrrInMonth(contract, last),
    currency,
    interval: contract.interval,
    termMonths: contract.termMonths,
    autoRenew: !contract.end,
    trial: false,
    startedOn: isoDay(startOf(contract)),
    renewsOn: renewal === null ? null : isoDay(renewal),
    cancelledOn: contract.end ? isoDay(contract.end.clickedOn) : null,
    cancelOn: end === null ? null : isoDay(end),
    endedOn: ended && end !== null ? isoDay(end) : null,
    cancelReason: contract.end?.reason ?? null,
    cancelKind: contract.end?.kind ?? null,
  });
}

/** New, up, down, gone: signed changes that add up to what the subscription says today. */
function ledgerRows({ story, contract, id, currency, back }: Bill): Row[] {
  const { customer, span, random } = story;
  const change = (name: string, on: Day, deltaMinor: number, reason: string) =>
    row("billing", "mrr_event", {
      id: `${id}:${name}`,
      account: inCrm(customer.id),
      subscription: id,
      at: momentOn(on, random.whole(0, 359)),
      deltaMinor,
      currency,
      reason,
    });
  const rows = [change("start", startOf(contract), mrrInMonth(contract, 0), back ? "reactivation" : "new")];
  for (const { month } of contract.changes) {
    const delta = mrrInMonth(contract, month) - mrrInMonth(contract, month - 1);
    rows.push(change(`m${month}`, monthDay(contract, month), delta, delta > 0 ? "expansion" : "contraction"));
  }
  const end = endOf(contract);
  if (contract.end && end !== null && hasEnded(contract, span.today)) {
    rows.push(
      change(
        "end",
        end,
        -mrrInMonth(contract, contract.end.month),
        contract.end.kind === "involuntary" ? "involuntary churn" : "churn",
      ),
    );
  }
  return rows;
}

/** One invoice at the start of each interval, and one for the seats that are added within it. */
function invoiceRows(bill: Bill): Row[] {
  const { contract, story } = bill;
  const every = INTERVAL_MONTHS[contract.interval];
  const begun = monthsBegun(contract, story.span.today);
  const last = contract.end ? Math.min(begun, contract.end.month - 1) : begun;
  const rows: Row[] = [];
  for (let month = 0; month <= last; month++) {
    const delta = month === 0 ? 0 : mrrInMonth(contract, month) - mrrInMonth(contract, month - 1);
    if (month % every === 0) rows.push(invoiceRow(bill, month, mrrInMonth(contract, month) * every));
    else if (delta > 0) rows.push(invoiceRow(bill, month, delta * (every - (month % every))));
  }
  return rows;
}

function invoiceRow({ story, contract, id, currency }: Bill, month: number, dueMinor: number): Row {
  const { customer, span, random } = story;
  const issued = monthDay(contract, month);
  const due = issued + DAYS_TO_PAY[contract.interval];
  const failed = contract.unpaidFromMonth !== null && month >= contract.unpaidFromMonth;
  const paid = failed ? null : paidOn(random, issued, span.today);
  const status = paid !== null ? "paid" : failed && hasEnded(contract, span.today) ? "uncollectible" : "open";
  return row("billing", "invoice", {
    id: `inv-${id.slice(4)}-${month}`,
    account: inCrm(customer.id),
    subscription: id,
    number: `${isoDay(issued).slice(0, 4)}-${id.slice(4)}-${String(month + 1).padStart(2, "0")}`,
    status,
    dueMinor,
    paidMinor: paid === null ? 0 : dueMinor,
    currency,
    issuedOn: isoDay(issued),
    dueOn: isoDay(due),
    paidOn: paid === null ? null : isoDay(paid),
    attempts: failed ? Math.min(4, 1 + Math.floor((span.today - issued) / 6)) : paid === null ? 0 : 1,
  });
}

/** Within twelve days, as a rule: before any due day. Null while that day is not over. */
function paidOn(random: Random, issued: Day, today: Day): Day | null {
  const on = issued + (random.chance(0.6) ? random.whole(0, 3) : random.whole(3, 12));
  return on < today ? on : null;
}

/** What billing notes when a customer leaves, or comes back. */
function churnRows({ story, contract, id, back }: Bill): Row[] {
  const { customer, span, random } = story;
  const [account, end] = [inCrm(customer.id), endOf(contract)];
  const rows: Row[] = [];
  if (back)
    rows.push(
      row("billing", "churn", {
        id: `${id}:back`,
        account,
        on: isoDay(startOf(contract)),
        reason: "came back",
        reactivation: true,
      }),
    );
  if (contract.end && end !== null && hasEnded(contract, span.today)) {
    const refundMinor =
      contract.end.kind === "voluntary" && random.chance(0.1) ? contract.seatMinor * random.whole(1, 4) : 0;
    rows.push(
      row("billing", "churn", {
        id: `${id}:end`,
        account,
        on: isoDay(end),
        reason: contract.end.reason,
        comment: contract.end.comment,
        refundMinor,
        reactivation: false,
      }),
    );
  }
  return rows;
}
