import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { moveWhatIsTheirs } from "./take-over.ts";

export { type AskedQuestion, recentQuestions } from "./asked-lately.ts";
export {
  type ChannelSettings,
  channelSettings,
  keepChannelSettings,
  keepPersonSettings,
  type PersonSettings,
  personSettings,
} from "./settings.ts";

/** A person as Slack knows them; `email` is null where the app may not see addresses. */
export interface SlackPerson {
  slackUserId: string;
  email: string | null;
  name: string;
}

const personRow = z.object({
  personId: z.number(),
  fullName: z.string(),
  role: z.string(),
  /** false: the CRM has deactivated them. They may ask as long as Slack lets them in, but own nothing. */
  isActive: z.boolean(),
  ownsAccounts: z.boolean(),
});
const knownRow = personRow.extend({ email: z.string().nullable() });

/** A person of the workspace, as the CRM knows them where it does. */
export type Person = z.infer<typeof personRow>;

const owns = sql`exists (select from account a where a.workspace_id = p.workspace_id and a.owner_id = p.person_id
  and a.deleted_at is null and a.merged_into is null)`;
const columns = sql`p.person_id as "personId", p.full_name as "fullName", p.role, p.email, p.is_active as "isActive",
  p.is_active and ${owns} as "ownsAccounts"`;

/**
 * The person behind a Slack user: the one linked to them; else the one with their e-mail whom no other Slack user is
 * linked to, linked from now on; else a new member.
 */
export async function personForSlack(database: Database, workspaceId: number, who: SlackPerson): Promise<Person> {
  const actor: Actor = { workspaceId, personId: null, audience: "private" };
  const slack = { ...who, name: clean(who.name) || who.slackUserId, email: clean(who.email ?? "") || null };
  const known = await database.read(actor, (rows) => linkedTo(rows, slack.slackUserId));
  const settled = known && (known.email !== null || slack.email === null);
  return personRow.parse(settled ? known : await database.write(actor, (rows) => link(rows, workspaceId, slack)));
}

const linkedTo = (rows: Reading, slackUserId: string) =>
  rows.maybe(knownRow, sql`select ${columns} from person p where p.slack_user_id = ${slackUserId}`);

async function link(rows: Writing, workspaceId: number, slack: SlackPerson) {
  const known = await linkedTo(rows, slack.slackUserId);
  const colleague = slack.email ? await unlinkedColleague(rows, slack.email) : null;
  if (known && colleague && !known.ownsAccounts) return takeOver(rows, known.personId, colleague.personId);
  if (known) return (await addEmail(rows, known.personId, slack.email)) ?? known;
  if (colleague) return setSlackUser(rows, colleague.personId, slack.slackUserId);
  // Asked twice at the same moment, the second finds whom the first one made.
  return (await enrol(rows, workspaceId, slack)) ?? (await linkedTo(rows, slack.slackUserId));
}

const unlinkedColleague = (rows: Writing, email: string) =>
  rows.maybe(
    knownRow,
    sql`select ${columns} from person p where lower(p.email) = lower(${email}) and p.slack_user_id is null for update`,
  );

/** An address that another Slack user's person has stays theirs. */
const enrol = (rows: Writing, workspaceId: number, { slackUserId, email, name }: SlackPerson) =>
  rows.maybe(
    knownRow,
    sql`insert into person as p (workspace_id, full_name, email, slack_user_id)
        select ${workspaceId}, ${name}, case when not ${emailTaken(email)} then ${email} end, ${slackUserId}
        on conflict (workspace_id, slack_user_id) do nothing returning ${columns}`,
  );

const emailTaken = (email: string | null): Sql =>
  sql`exists (select from person t where lower(t.email) = lower(${email}))`;

const addEmail = (rows: Writing, personId: number, email: string | null) =>
  rows.maybe(
    knownRow,
    sql`update person p set email = ${email} where person_id = ${personId} and not ${emailTaken(email)} returning ${columns}`,
  );

const setSlackUser = (rows: Writing, personId: number, slackUserId: string) =>
  rows.one(
    knownRow,
    sql`update person p set slack_user_id = ${slackUserId} where person_id = ${personId} returning ${columns}`,
  );

/** Somebody asked before Slack told us their address: they are the colleague whom the CRM knows. */
async function takeOver(rows: Writing, memberId: number, colleagueId: number) {
  const { slackUserId } = await rows.one(
    z.object({ slackUserId: z.string() }),
    sql`select slack_user_id as "slackUserId" from person where person_id = ${memberId} for update`,
  );
  await moveWhatIsTheirs(rows, memberId, colleagueId);
  await rows.run(sql`update person set slack_user_id = null, is_active = false where person_id = ${memberId}`);
  return setSlackUser(rows, colleagueId, slackUserId);
}

const clean = (text: string): string => text.replaceAll("\u0000", "").toWellFormed().trim();
