import type { Life } from "./life.ts";
import { payingLife, startOfLife, ticketAt } from "./paying-life.ts";
import { bareLife, firstTouch, type Script, SILENT_VOICE } from "./setting.ts";
import { PRICING_QUESTION } from "./texts/mails.ts";

/** Pays for nearly two years, renews in 38 days, has one open ticket, is content but not more. */
export const ACME_CORP: Script = (setting) => {
  const { today } = setting.span;
  const life = payingLife(setting, { month: 24, fallsOn: today + 38 });
  const contracts = life.contracts.map((contract) => ({
    ...contract,
    interval: "month" as const,
    seats: 120,
    changes: [{ month: 9, seats: 140 }],
  }));
  return {
    ...life,
    contracts,
    deals: life.deals.map((deal) => ({ ...deal, seats: 120 })),
    rhythm: {
      from: startOfLife(life) + 30,
      everyDays: 36,
      lastInbound: today - 16,
      lastOutbound: today - 12,
    },
    usage: { level: 0.71, yearly: 0, fadeFrom: null, fadeTo: 1 },
    ticketsAYear: 3,
    tickets: [ticketAt(today - 5, { priority: "high", state: "open", theme: "integration" })],
    voice: { ...SILENT_VOICE, nps: [{ on: today - 71, score: 7 }] },
  };
};

/** Has seen the webinar, has asked for prices eight days ago, and waits for an answer. Nothing bought. */
export const ACME_GMBH: Script = (setting) => {
  const { today } = setting.span;
  const created = today - 47;
  const mail = { channel: "email" } as const;
  const moments: Life["moments"] = [
    firstTouch(setting, created),
    { on: created + 9, channel: "web", direction: "inbound", kind: "download", campaign: "Shift Planning Guide" },
    { ...mail, on: created + 14, direction: "inbound", kind: "question" },
    { ...mail, on: created + 15, direction: "outbound", kind: "answer" },
    { on: created + 27, channel: "meeting", direction: "inbound", kind: "demo" },
    { on: today - 9, channel: "web", direction: "inbound", kind: "pricing_page" },
    { ...mail, on: today - 8, direction: "inbound", kind: "question", text: PRICING_QUESTION },
  ];
  const deal = {
    createdOn: created + 18,
    stage: "Evaluation",
    closedOn: null,
    lostReason: null,
    kind: "new",
    seats: 60,
  } as const;
  return { ...bareLife(setting, created), moments, deals: [deal] };
};

/** A small customer who recommends us wherever it can. */
export const ACME_LABS: Script = (setting) => {
  const { today } = setting.span;
  const life = payingLife(setting, { startedOn: today - 420 });
  return {
    ...life,
    usage: { level: 0.9, yearly: 0.05, fadeFrom: null, fadeTo: 1 },
    ticketsAYear: 1,
    voice: {
      nps: [{ on: today - 33, score: 10 }],
      referrals: [today - 58, today - 24],
      reviews: [{ on: today - 29, kind: "review" }],
      loyaltyFrom: today - 330,
    },
  };
};
