import { isoDay } from "./calendar.ts";
import type { ScriptName } from "./life.ts";
import { inCrm, type Row, row } from "./row.ts";
import { CRM_STAGES } from "./scripts.ts";
import type { Story } from "./story.ts";

/** In so many of a hundred accounts nobody kept the CRM's stage up to date. */
const STALE_STAGE_SHARE = 0.08;
const REVENUE_A_HEAD_MINOR = 14_000_000;

export function accountRow(story: Story): Row {
  const { customer, life, random } = story;
  const revenue = customer.employees
    ? Math.round(customer.employees * random.between(0.6, 1.6)) * REVENUE_A_HEAD_MINOR
    : null;
  return row("crm", "account", {
    id: customer.id,
    name: customer.name,
    domains: customer.domains,
    aliases: customer.aliases,
    parent: customer.parentId ? inCrm(customer.parentId) : null,
    owner: customer.ownerId,
    segment: customer.segment,
    industry: customer.industry,
    country: customer.country,
    employees: customer.employees,
    annualRevenueMinor: revenue,
    currency: customer.currency,
    leadSource: customer.leadSource,
    plan: life.contracts.at(-1)?.plan ?? null,
    crmStage: crmStageOf(story),
    tags: customer.tags,
    createdOn: isoDay(life.createdOn),
  });
}

function crmStageOf({ customer, life, random }: Story): string | null {
  if (customer.crmStage) return customer.crmStage;
  const right = CRM_STAGES[life.script];
  return right !== null && random.chance(STALE_STAGE_SHARE) ? leftBehind(right, life.script) : right;
}

/** The stage of some time ago, or a hope that was entered too early. */
function leftBehind(right: string, script: ScriptName): string {
  if (right === "former customer" || right === "evangelist") return right === "evangelist" ? "opportunity" : "customer";
  if (right === "customer") return script === "just_bought" ? "salesqualifiedlead" : "opportunity";
  return "customer";
}

export function contactRows({ customer, life }: Story): Row[] {
  return customer.contacts.map(({ id, name, email, phone, title, role, optOut }) => {
    const left = role === "champion" && life.championLeftOn !== null ? isoDay(life.championLeftOn) : null;
    const createdOn = isoDay(life.createdOn);
    return row("crm", "contact", {
      id,
      account: inCrm(customer.id),
      name,
      email,
      phone,
      title,
      role,
      leadSource: customer.leadSource,
      emailOptOut: optOut,
      leftOn: left,
      createdOn,
    });
  });
}
