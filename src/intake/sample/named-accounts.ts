import type { Customer } from "./customers.ts";
import { known } from "./known.ts";
import type { ScriptName } from "./life.ts";
import { ACME_CORP, ACME_GMBH, ACME_LABS } from "./named-lives.ts";
import type { Random } from "./random.ts";
import type { Script } from "./setting.ts";
import type { Story } from "./story.ts";

/** An account that demos, documentation and tests call by name. */
export interface NamedAccount {
  script: ScriptName;
  customer: (id: string, random: Random) => Customer;
  tell?: Script;
  hostile?: Story["hostile"];
}

const acmeCorp = known({
  name: "Acme Corp",
  domains: ["acme.com", "acme-industrial.example"],
  aliases: ["Acme Corporation", "Acme Industrial Supply"],
  country: "US",
  currency: "USD",
  segment: "mid-market",
  industry: "Manufacturing",
  employees: 640,
  ownerId: "p-08",
  leadSource: "Trade fair",
  plan: "Business",
  crmStage: "customer",
  tags: ["multi-site", "shift-work"],
  people: [
    ["Dana Whitfield", "Head of Facilities"],
    ["Curtis Boyle", "Operations Manager"],
  ],
});
const acmeGmbh = known({
  name: "Acme GmbH",
  domains: ["acme.de"],
  country: "DE",
  currency: "EUR",
  segment: "mid-market",
  industry: "Logistics",
  employees: 210,
  ownerId: "p-11",
  leadSource: "Webinar",
  plan: "Team",
  crmStage: "opportunity",
  people: [["Jörg Ammann", "Leiter Verwaltung"]],
});
const acmeLabs = known({
  name: "ACME Labs",
  domains: ["acmelabs.example"],
  country: "US",
  currency: "USD",
  segment: "startup",
  industry: "Software",
  employees: 58,
  ownerId: "p-09",
  leadSource: "Referral",
  plan: "Team",
  crmStage: "evangelist",
  people: [["Robin 🌻 Vance", "People Partner"]],
});
/** A name and a day; nothing else is known. */
const quietHarbor: NamedAccount["customer"] = (id) => ({
  id,
  name: "Quiet Harbor",
  domains: [],
  aliases: [],
  parentId: null,
  country: null,
  currency: null,
  segment: null,
  industry: null,
  employees: null,
  ownerId: null,
  leadSource: null,
  plan: "Basic",
  tags: [],
  contacts: [],
});

const GROUP_ID = "acc-0005";
const group = {
  segment: "enterprise",
  industry: "Logistics",
  leadSource: "Referral",
  plan: "Enterprise",
  crmStage: "customer",
} as const;
const meridian = known({
  ...group,
  name: "Meridian Group Holdings plc",
  domains: ["meridian-group.example", "meridian.example"],
  aliases: ["Meridian"],
  country: "GB",
  currency: "EUR",
  employees: 14200,
  ownerId: "p-13",
});
const meridianFreight = known({
  ...group,
  parentId: GROUP_ID,
  name: "Meridian Freight Ltd",
  domains: ["freight.meridian-group.example"],
  aliases: ["Tidemark Freight"],
  country: "GB",
  currency: "EUR",
  employees: 3100,
  ownerId: "p-13",
});
const meridianAir = known({
  ...group,
  parentId: GROUP_ID,
  name: "Meridian Air Cargo BV",
  domains: ["aircargo.meridian-group.example"],
  country: "NL",
  currency: "EUR",
  employees: 1900,
  ownerId: "p-14",
});
const meridianRail = known({
  ...group,
  parentId: GROUP_ID,
  leadSource: "Word of mouth",
  name: "Meridian Rail Services GmbH",
  domains: ["rail.meridian-group.example"],
  country: "DE",
  currency: "EUR",
  employees: 2400,
  ownerId: "p-14",
});

const hartmann = known({
  name: "Hartmann & Söhne GmbH & Co. KG",
  domains: ["hartmann-soehne.example"],
  aliases: ["Hartmann und Söhne"],
  country: "DE",
  currency: "EUR",
  segment: "mid-market",
  industry: "Manufacturing",
  employees: 380,
  ownerId: "p-12",
  leadSource: "Word of mouth",
  plan: "Business",
  crmStage: "customer",
});
const mueller = known({
  name: "Müller Überlandwerke AG",
  domains: ["mueller-ueberland.example"],
  aliases: ["Stadtwerke Müller"],
  country: "CH",
  currency: "EUR",
  segment: "mid-market",
  industry: "Energy",
  employees: 720,
  ownerId: "p-12",
  leadSource: "Organic search",
  plan: "Business",
  crmStage: "customer",
});
const federation = known({
  name: "International Federation of Regional Workplace Mobility Cooperatives and Allied Facilities Services, North-Eastern Division (formerly the Association for Shared Desks, Rooms and Commuter Shifts), Incorporated",
  domains: ["ifrwmc.example"],
  aliases: ["IFRWMC"],
  country: "US",
  currency: "USD",
  segment: "startup",
  industry: "Education",
  employees: 44,
  ownerId: "p-10",
  leadSource: "Paid search",
  plan: "Team",
  crmStage: "customer",
});
const pinecrest = known({
  name: "Pinecrest Analytics LLC",
  domains: ["pinecrest.example"],
  country: "US",
  currency: "USD",
  segment: "startup",
  industry: "Software",
  employees: 71,
  ownerId: "p-10",
  leadSource: "Social",
  plan: "Team",
  crmStage: "customer",
});
const vantage = known({
  name: "Vantage Rooms Inc.",
  domains: ["vantagerooms.example"],
  aliases: ["Corner Rooms"],
  country: "CA",
  currency: "USD",
  segment: "mid-market",
  industry: "Hospitality",
  employees: 260,
  ownerId: "p-09",
  leadSource: "Organic search",
  plan: "Business",
  crmStage: "customer",
});
const sable = known({
  name: "Sable & Finch Ltd",
  domains: ["sablefinch.example"],
  country: "GB",
  currency: "EUR",
  segment: "startup",
  industry: "Media",
  employees: 39,
  ownerId: "p-05",
  leadSource: "Webinar",
  plan: "Team",
  crmStage: "customer",
});
const levant = known({
  name: "Levant Bureau SAS",
  domains: ["levantbureau.example"],
  country: "FR",
  currency: "EUR",
  segment: "mid-market",
  industry: "Media",
  employees: 150,
  ownerId: "p-06",
  leadSource: "Referral",
  plan: "Business",
  crmStage: "customer",
  people: [["ليلى حداد", "Directrice des opérations"]],
});

/** In the order of their ids: the first is acc-0001. */
export const CAST_BY_NAME: NamedAccount[] = [
  { script: "steady", customer: acmeCorp, tell: ACME_CORP },
  { script: "considering", customer: acmeGmbh, tell: ACME_GMBH },
  { script: "advocate", customer: acmeLabs, tell: ACME_LABS },
  { script: "unknown", customer: quietHarbor },
  { script: "steady", customer: meridian },
  { script: "growing", customer: meridianFreight },
  { script: "steady", customer: meridianAir },
  { script: "considering", customer: meridianRail },
  { script: "renewal_silent", customer: hartmann },
  { script: "growing", customer: mueller },
  { script: "onboarding", customer: federation },
  { script: "steady", customer: pinecrest, hostile: ["note"] },
  { script: "detractor", customer: vantage, hostile: ["ticket"] },
  { script: "steady", customer: sable, hostile: ["mail"] },
  { script: "advocate", customer: levant },
];
