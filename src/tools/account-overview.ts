import { z } from "zod";
import { accountHealth } from "#accounts/health.ts";
import { healthWeeks } from "#accounts/health-weeks.ts";
import type { AccountOverview } from "#accounts/overview.ts";
import type { HealthPart } from "#metrics/health.ts";
import { formatMoney } from "#money.ts";
import { defineTool } from "./define-tool.ts";
import { healthBefore, healthBeforeLine } from "./health-before.ts";
import { KeptOut, OPPORTUNITY_NAMES } from "./in-channel.ts";
import { stageFinding, stageInChannel, stageLines } from "./stage-finding.ts";
import { accountInput, subjectOf } from "./subject.ts";
import { counted, distance, listed, quoted, spellingNote } from "./words.ts";

export const accountOverviewTool = defineTool({
  name: "account_overview",
  title: "Account overview",
  description:
    "Stage with its evidence, owner, MRR, health and how it was before, renewal, open tickets and opportunities of one account, and how fresh the data is. Use for “how is …?”, “tell me about …”, “how did the health of … develop?” and before advising on an account.",
  effect: "reads",
  input: z.object({ account: accountInput }),
  run: ({ account: said }, context) =>
    context.database.read(context.actor, async (rows) => {
      const subject = await subjectOf(rows, said, context);
      const { facts, account, overview: card } = subject;
      const health = accountHealth(facts, context.today);
      const { values } = facts;
      return {
        account,
        today: context.today,
        stage: await stageFinding(rows, subject, context),
        card,
        mrr: {
          minor: Number(values.mrr_minor ?? 0),
          currency: facts.currency,
          plan: values.plan ?? null,
          seats: values.seats ?? null,
        },
        health,
        healthBefore: healthBefore(await healthWeeks(rows, [account.id]), context.today),
        customerSince: text(values.first_paid_on),
        renewsOn: text(values.renews_on),
        cancelOn: text(values.cancel_on),
        lastTouchOn: text(values.last_touch_on),
        overdue:
          Number(values.overdue_minor ?? 0) > 0
            ? { minor: Number(values.overdue_minor), currency: facts.currency, since: text(values.overdue_since) }
            : null,
        nps: values.nps_score === null ? null : { score: Number(values.nps_score), on: text(values.nps_on) },
        freshness: facts.freshness,
      };
    }),
  say: (found) => {
    const { account, card, mrr, today } = found;
    const lines = [
      `${spellingNote(account)}**${account.name}**${about(card)}`,
      ...stageLines(found.stage),
      `- Owner: ${card.owner ?? "nobody"}${card.team ? `, team ${card.team}` : ""}`,
      `- MRR: ${formatMoney(mrr.minor, mrr.currency)}${mrr.plan ? `, plan ${mrr.plan}` : ""}${mrr.seats ? `, ${counted(Number(mrr.seats), "seat")}` : ""}`,
      found.customerSince
        ? `- Customer since: ${found.customerSince} (${distance(found.customerSince, today)})`
        : "- Not a paying customer so far",
      found.renewsOn && `- Renewal: ${found.renewsOn} (${distance(found.renewsOn, today)})`,
      found.cancelOn && `- Cancelled: the paid term ends on ${found.cancelOn} (${distance(found.cancelOn, today)})`,
      found.overdue &&
        `- Overdue: ${formatMoney(found.overdue.minor, found.overdue.currency)} since ${found.overdue.since}`,
      found.health && healthLine(found.health),
      healthBeforeLine(found.healthBefore),
      `- Last contact: ${found.lastTouchOn ? `${found.lastTouchOn} (${distance(found.lastTouchOn, today)})` : "none on record"}`,
      found.nps && `- NPS: ${found.nps.score} on ${found.nps.on}`,
      ticketsLine(card.openTickets),
      card.openOpportunities.length > 0 &&
        `- Open opportunities: ${card.openOpportunities.map(opportunityWords).join("; ")}`,
      card.openTasks.length > 0 &&
        `- Open tasks: ${card.openTasks.map(({ title, dueOn }) => quoted(title) + (dueOn ? ` due ${dueOn}` : "")).join("; ")}`,
    ];
    return lines.filter(Boolean).join("\n");
  },
  inChannel: (found) => {
    const kept = new KeptOut();
    const stage = stageInChannel(found.stage, kept);
    return { finding: { ...found, stage, card: cardInChannel(found.card, kept) }, keptOut: kept.words };
  },
});

function cardInChannel(card: AccountOverview, kept: KeptOut): AccountOverview {
  const { openTickets, openOpportunities, openTasks } = card;
  return {
    ...card,
    openTickets: openTickets.map((each) => ({ ...each, subject: kept.of(each.subject, null, "ticket subjects") })),
    openOpportunities: openOpportunities.map((each) => ({
      ...each,
      name: kept.of(each.name, null, OPPORTUNITY_NAMES),
    })),
    openTasks: openTasks.map((each) => ({ ...each, title: kept.of(each.title, "Task", "titles of tasks") })),
  };
}

function about({ segment, industry, country, parent }: AccountOverview): string {
  const words = [segment, industry, country, parent && `part of ${parent}`].filter(Boolean);
  return words.length > 0 ? ` (${words.join(", ")})` : "";
}

function healthLine({ score, parts }: { score: number | null; parts: HealthPart[] }): string {
  const known = parts
    .filter((each) => each.points !== null)
    .map((each) => `${each.part} ${each.points}/${each.weight}: ${each.because}`);
  const missing = parts
    .filter((each) => each.points === null)
    .map((each) => `${each.part} (${each.because}, weight ${each.weight})`);
  const head = score === null ? "- Health: too little is known for a score" : `- Health: ${score} of 100`;
  return `${head} — ${known.join("; ")}${missing.length > 0 ? `. Not counted: ${listed(missing)}` : ""}`;
}

function ticketsLine(tickets: AccountOverview["openTickets"]): string {
  if (tickets.length === 0) return "- Open tickets: none";
  return `- Open tickets: ${tickets.map(({ id, priority, subject, openedOn }) => `#${id} ${priority ?? "without priority"}, ${openedOn}${subject ? ` ${quoted(subject, 80)}` : ""}`).join("; ")}`;
}

function opportunityWords({
  name,
  stage,
  amountMinor,
  currency,
  closeOn,
}: AccountOverview["openOpportunities"][number]): string {
  const amount = amountMinor !== null && currency ? `, ${formatMoney(amountMinor, currency)}` : "";
  return `${name ? quoted(name, 80) : "One"} in ${stage}${amount}${closeOn ? `, closes ${closeOn}` : ""}`;
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
