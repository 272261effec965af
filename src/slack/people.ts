import { personForSlack, personSettings } from "#people/people.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import { lookUpChannel } from "./channels.ts";
import type { Asker, Where } from "./job.ts";
import { type Desk, lookUpMember, type Member, type Standing } from "./members.ts";
import { SlackRefusal } from "./refusal.ts";

/** A desk that knows whose data it serves. */
export interface AskerDesk extends Desk {
  workspace: Workspace;
  botUserId: string;
}

/**
 * Who asks, in front of whom. Throws SlackRefusal for everybody who is not a full member of the team; the refusal is quiet
 * for bots, workflows and people who left, because nobody waits for an answer there.
 */
export async function askerOf(desk: AskerDesk, userId: string, where: Where): Promise<Asker> {
  if (userId === desk.botUserId) throw refusal("bot", desk.workspace);
  const member = await lookUpMember(desk, userId);
  if (member?.standing !== "member") throw refusal(member?.standing ?? "stranger", desk.workspace);
  const audience = await audienceIn(desk, where);
  const { person, settings } = await personOf(desk, member);
  const { workspace } = desk;
  return {
    // Moments become days in the workspace's zone, or two people would be told two different days of one renewal.
    actor: { workspaceId: workspace.id, personId: person.personId, audience, zone: workspace.zone },
    userId,
    ownerName: person.ownsAccounts ? person.fullName : null,
    name: person.fullName,
    zone: settings.zone ?? knownZone(member.zone) ?? workspace.zone,
    isAdmin: member.isAdmin,
  };
}

async function personOf({ house, workspace }: AskerDesk, { userId, email, name }: Member) {
  const person = await personForSlack(house.database, workspace.id, { slackUserId: userId, email, name });
  const actor = { workspaceId: workspace.id, personId: person.personId, audience: "private" as const };
  const settings = await house.database.read(actor, (rows) => personSettings(rows, person.personId));
  return { person, settings };
}

/**
 * Only a direct message is private; where people of another company read, nothing of the store is shown. Throws
 * SlackRefusal where Slack does not tell who reads.
 */
async function audienceIn(desk: Desk, where: Where): Promise<Asker["actor"]["audience"]> {
  if (where.kind === "im") return "private";
  if (where.shared) return "external";
  const told = await lookUpChannel(desk, where.channel);
  if (!told) throw new SlackRefusal(WHO_READS);
  return told.shared ? "external" : "channel";
}

const WHO_READS =
  "I cannot look into that channel, so I do not know whether people of another company read there, and show no customer data. Invite me with /invite @Perennial, or ask me in a direct message.";

function refusal(standing: Exclude<Standing, "member">, workspace: Workspace): SlackRefusal {
  if (standing === "bot" || standing === "gone")
    return new SlackRefusal(`a ${standing} is not answered`, { quiet: true });
  if (standing === "guest") return new SlackRefusal("Guests cannot ask me. Ask a member of the team to look it up.");
  const team = workspace.name === workspace.handle ? "this team" : workspace.name;
  return new SlackRefusal(`I answer only members of ${team}.`);
}

/** Slack's zones are IANA names, but an old one must not break an answer. */
function knownZone(zone: string | null): string | null {
  if (zone === null) return null;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch (unknown) {
    if (unknown instanceof RangeError) return null;
    throw unknown;
  }
}
