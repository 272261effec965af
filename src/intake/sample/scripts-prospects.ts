import type { Deal, Moment, ScriptName } from "./life.ts";
import { ago, bareLife, courtship, firstTouch, type Script, type Setting, seatsOf } from "./setting.ts";
import { LOST_REASONS } from "./texts/words.ts";

/** Seen once or twice, never heard of: no word from their side. */
const leadOnly: Script = (setting) => {
  const first = ago(setting, 3, 160);
  const again = first + setting.random.whole(1, 20);
  const moments = [firstTouch(setting, first)];
  if (again < setting.span.today)
    moments.push({
      on: again,
      channel: "email",
      direction: "outbound",
      kind: "campaign_mail",
      campaign: "New Leads Series",
    });
  return { ...bareLife(setting, first), moments };
};

/** A name and a day. */
const unknown: Script = (setting) => bareLife(setting, ago(setting, 40, 90));

function openDeal(setting: Setting, createdOn: number): Deal {
  const stage = setting.random.pick(["Discovery", "Evaluation", "Proposal", "Negotiation", "Contract"] as const);
  return { createdOn, stage, closedOn: null, lostReason: null, kind: "new", seats: seatsOf(setting) };
}

/** Asks, compares, has seen a demo; nothing bought yet. */
const considering: Script = (setting) => {
  const first = ago(setting, 20, 95);
  const lastSign = Math.max(first + 2, ago(setting, 1, 24));
  const moments = courtship(setting, first, lastSign).slice(0, setting.random.whole(3, 7));
  const deals = setting.random.chance(0.8)
    ? [openDeal(setting, Math.min(setting.span.today - 1, first + setting.random.whole(4, 14)))]
    : [];
  return { ...bareLife(setting, first), moments, deals };
};

/** Had an offer and said no. */
const lost: Script = (setting) => {
  const first = ago(setting, 90, 420);
  const closedOn = first + setting.random.whole(40, 80);
  const deal: Deal = {
    createdOn: first + 6,
    stage: "Closed Lost",
    closedOn,
    lostReason: setting.random.pick(LOST_REASONS),
    kind: "new",
    seats: seatsOf(setting),
  };
  return { ...bareLife(setting, first), moments: courtship(setting, first, closedOn - 5), deals: [deal] };
};

/** Tries the product; the trial ends in the coming days. */
const trial: Script = (setting) => {
  const startedOn = ago(setting, 4, 22);
  const first = startedOn - setting.random.whole(6, 40);
  const begun: Moment = { on: startedOn, channel: "web", direction: "inbound", kind: "trial_started" };
  return {
    ...bareLife(setting, first),
    moments: [...courtship(setting, first, startedOn).slice(0, 5), begun],
    deals: [{ ...openDeal(setting, first + 2), stage: setting.random.pick(["Evaluation", "Proposal"] as const) }],
    trial: { startedOn, endsOn: startedOn + 30, seats: Math.min(25, seatsOf(setting)) },
    usage: { level: setting.random.between(0.3, 0.8), yearly: 0, fadeFrom: null, fadeTo: 1 },
  };
};

/** Was at the till, and left. */
const abandonedCheckout: Script = (setting) => {
  const on = ago(setting, 2, 18);
  const first = on - setting.random.whole(3, 35);
  const till = { on, channel: "web", direction: "inbound" } as const;
  return {
    ...bareLife(setting, first),
    moments: [
      ...courtship(setting, first, on).filter(
        (each) => ["download", "pricing_page"].includes(each.kind) || each.direction === "none",
      ),
      { ...till, kind: "checkout_started" },
      { ...till, direction: "none", kind: "checkout_abandoned" },
    ],
  };
};

export const PROSPECT_SCRIPTS = {
  lead_only: leadOnly,
  unknown,
  considering,
  lost,
  trial,
  abandoned_checkout: abandonedCheckout,
} satisfies Partial<Record<ScriptName, Script>>;
