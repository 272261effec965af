import { type Day, isoDay } from "./calendar.ts";
import { startOf } from "./contract.ts";
import { strangerName } from "./names.ts";
import { inCrm, type Row, row } from "./row.ts";
import type { Story } from "./story.ts";
import { DETRACTOR_COMMENTS, PASSIVE_COMMENTS, PROMOTER_COMMENTS } from "./texts/words.ts";

const DAYS_BETWEEN_REWARDS = 60;
const POINTS = 50;

/** What customers say when asked, and what they do for us unasked. */
export function voiceRows(stories: Story[]): Row[] {
  const leads = stories.filter(
    ({ customer, life }) => customer.leadSource === "Referral" && life.contracts.length === 0,
  );
  return stories.flatMap((story) => [...surveyRows(story), ...referralRows(story, leads), ...loyaltyRows(story)]);
}

function surveyRows({ customer, life, random, span }: Story): Row[] {
  const contact = () => (customer.contacts.length > 0 ? inCrm(random.pick(customer.contacts).id) : null);
  const answer = (kind: "nps" | "csat", at: number, on: Day, score: number, comment: string) =>
    row("surveys", "survey", {
      id: `sv-${customer.id.slice(4)}-${kind}-${at + 1}`,
      account: inCrm(customer.id),
      contact: contact(),
      kind,
      score,
      comment: comment || null,
      on: isoDay(on),
    });
  const nps = life.voice.nps.map(({ on, score }, at) => answer("nps", at, on, score, random.pick(commentsOn(score))));
  const [first] = life.contracts;
  const afterTraining = first ? startOf(first) + 21 : span.today;
  if (afterTraining >= span.today || !random.chance(0.35)) return nps;
  return [answer("csat", 0, afterTraining, random.pick([3, 4, 4, 5, 5]), ""), ...nps];
}

function commentsOn(score: number): string[] {
  if (score >= 9) return PROMOTER_COMMENTS;
  return score >= 7 ? PASSIVE_COMMENTS : DETRACTOR_COMMENTS;
}

/** A recommendation leads to an account of ours where one came by referral in the weeks after. */
function referralRows({ customer, life, random }: Story, leads: Story[]): Row[] {
  return life.voice.referrals.map((on, at) => {
    const at_ = leads.findIndex((lead) => lead.life.createdOn >= on && lead.life.createdOn <= on + 45);
    const [came] = at_ >= 0 ? leads.splice(at_, 1) : [];
    return row("marketing", "referral", {
      id: `ref-${customer.id.slice(4)}-${at + 1}`,
      account: inCrm(customer.id),
      referred: came ? inCrm(came.customer.id) : null,
      referredName: came?.customer.name ?? strangerName(random),
      status: came ? "contacted" : random.pick(["new", "contacted", "declined"]),
      on: isoDay(on),
    });
  });
}

function loyaltyRows({ customer, life, random, span }: Story): Row[] {
  const entry = (
    name: string,
    kind: "points" | "reward" | "review" | "case_study",
    on: Day,
    points: number,
    detail: string,
  ) =>
    row("marketing", "loyalty", {
      id: `loy-${customer.id.slice(4)}-${name}`,
      account: inCrm(customer.id),
      kind,
      points,
      detail,
      on: isoDay(on),
    });
  const rows = life.voice.reviews.map(({ on, kind }, at) =>
    entry(
      `${kind}-${at + 1}`,
      kind,
      on,
      kind === "review" ? 100 : 300,
      kind === "review"
        ? `Public review, ${random.whole(4, 5)} of 5 stars`
        : "Case study about the rollout, published with their logo",
    ),
  );
  let [day, count] = [life.voice.loyaltyFrom ?? span.today, 0];
  for (; day < span.today; day += DAYS_BETWEEN_REWARDS) {
    count++;
    const reward = count % 4 === 0;
    rows.push(
      entry(
        `p${count}`,
        reward ? "reward" : "points",
        day,
        reward ? -POINTS * 3 : POINTS,
        reward ? "Training day for site managers" : "Loyalty programme, two months",
      ),
    );
  }
  return rows;
}
