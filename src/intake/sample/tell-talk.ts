import { type Day, momentOn, workday } from "./calendar.ts";
import type { Moment, Rhythm } from "./life.ts";
import { inCrm, type Row, row, type Source } from "./row.ts";
import type { Story } from "./story.ts";
import { MAIL_TEXTS, type MailText } from "./texts/mails.ts";
import { HOSTILE } from "./texts/words.ts";

/** Clicks, visits, mails, calls and meetings, in the order of their days. */
export function talkRows(story: Story): Row[] {
  const { life, hostile } = story;
  const moments = [...life.moments, ...(life.rhythm ? rhythmMoments(story, life.rhythm) : [])].sort(
    (one, other) => one.on - other.on,
  );
  const last = moments.findLast((moment) => moment.kind === "reply");
  return moments.map((moment, at) => {
    const written = hostile.includes("mail") && moment === last ? HOSTILE.mail : null;
    return interactionRow(story, moment, { id: `${story.customer.id.slice(4)}-${at + 1}`, written });
  });
}

/** Check-ins and answers up to the last words that the life gives; every third round is a review. */
function rhythmMoments({ random }: Story, { from, everyDays, lastInbound, lastOutbound }: Rhythm): Moment[] {
  const moments: Moment[] = [];
  const say = (on: Day, until: Day, moment: Omit<Moment, "on">) => {
    if (on < until) moments.push({ ...moment, on });
  };
  let round = 0;
  for (let day = from; day < Math.max(lastInbound, lastOutbound); day += everyDays + random.whole(-9, 9)) {
    round++;
    say(workday(day), lastOutbound, { channel: "email", direction: "outbound", kind: "check_in" });
    if (random.chance(0.6))
      say(workday(day + 4), lastInbound, { channel: "email", direction: "inbound", kind: "reply" });
    if (round % 3 === 0)
      say(workday(day + 11), lastOutbound, { channel: "meeting", direction: "outbound", kind: "review" });
  }
  if (lastOutbound >= from)
    moments.push({ on: lastOutbound, channel: "email", direction: "outbound", kind: "check_in" });
  if (lastInbound >= from) moments.push({ on: lastInbound, ...random.pick(LAST_WORDS) });
  return moments;
}

const LAST_WORDS: Omit<Moment, "on">[] = [
  { channel: "email", direction: "inbound", kind: "reply" },
  { channel: "email", direction: "inbound", kind: "reply" },
  { channel: "call", direction: "inbound", kind: "call" },
];

function interactionRow(
  { customer, random }: Story,
  moment: Moment,
  { id, written }: { id: string; written: MailText | null },
): Row {
  const texts = MAIL_TEXTS[moment.kind];
  const text = written ?? moment.text ?? (texts ? random.pick(texts) : null);
  const contact =
    moment.direction === "none" || customer.contacts.length === 0
      ? null
      : random.chance(0.7)
        ? customer.contacts[0]
        : random.pick(customer.contacts);
  const ours = moment.direction === "outbound" || moment.channel === "meeting";
  return row(sourceOf(moment), "interaction", {
    id: `int-${id}`,
    account: inCrm(customer.id),
    contact: contact ? inCrm(contact.id) : null,
    person: ours && customer.ownerId && !moment.campaign ? inCrm(customer.ownerId) : null,
    at: momentOn(moment.on, random.whole(0, 359)),
    channel: moment.channel,
    direction: moment.direction,
    kind: moment.kind,
    campaign: moment.campaign ?? null,
    subject: text?.subject ?? null,
    body: text?.body ?? null,
  });
}

function sourceOf({ channel, campaign }: Moment): Source {
  return campaign || ["web", "social", "event"].includes(channel) ? "marketing" : "crm";
}
