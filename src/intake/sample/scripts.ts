import type { ScriptName } from "./life.ts";
import { CUSTOMER_SCRIPTS } from "./scripts-customers.ts";
import { DEPARTURE_SCRIPTS } from "./scripts-departures.ts";
import { PROSPECT_SCRIPTS } from "./scripts-prospects.ts";
import { TROUBLED_SCRIPTS } from "./scripts-troubled.ts";
import type { Script } from "./setting.ts";

export const SCRIPT_OF: Record<ScriptName, Script> = {
  ...PROSPECT_SCRIPTS,
  ...CUSTOMER_SCRIPTS,
  ...TROUBLED_SCRIPTS,
  ...DEPARTURE_SCRIPTS,
};

/** How many accounts live through each plot, beside those with a name of their own. */
export const CAST: Record<ScriptName, number> = {
  lead_only: 22,
  unknown: 0,
  considering: 28,
  lost: 9,
  trial: 12,
  abandoned_checkout: 9,
  just_bought: 12,
  onboarding: 22,
  steady: 84,
  growing: 30,
  contracting: 15,
  quiet_after_onboarding: 8,
  at_risk: 18,
  renewal_contacted: 9,
  renewal_silent: 8,
  dunning: 9,
  cancelled: 8,
  churned_voluntary: 36,
  churned_involuntary: 8,
  reactivated: 9,
  advocate: 28,
  detractor: 9,
  champion_left: 8,
  ticket_storm: 7,
  outage_victim: 8,
};

/** What the CRM calls accounts of each plot (HubSpot's lifecycle stages), where its users kept it up. */
export const CRM_STAGES: Record<ScriptName, string | null> = {
  lead_only: "lead",
  unknown: null,
  considering: "opportunity",
  lost: "lead",
  trial: "trial",
  abandoned_checkout: "salesqualifiedlead",
  just_bought: "customer",
  onboarding: "customer",
  steady: "customer",
  growing: "customer",
  contracting: "customer",
  quiet_after_onboarding: "customer",
  at_risk: "customer",
  renewal_contacted: "customer",
  renewal_silent: "customer",
  dunning: "customer",
  cancelled: "customer",
  churned_voluntary: "former customer",
  churned_involuntary: "former customer",
  reactivated: "customer",
  advocate: "evangelist",
  detractor: "customer",
  champion_left: "customer",
  ticket_storm: "customer",
  outage_victim: "customer",
};
