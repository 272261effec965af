import { accountVocabulary } from "#accounts/vocabulary.ts";
import type { Reading } from "#database/door.ts";
import { BadInput } from "#errors.ts";
import { didYouMean } from "#lifecycle/nearest-names.ts";
import { knownZone } from "#schedules/cadence.ts";
import { keepSchedule, scheduleParts } from "#schedules/making.ts";
import { inSlack, type Member } from "#schedules/owners.ts";
import { type ReadSchedule, readSchedule } from "#schedules/read-words.ts";
import type { PlaceOptions, Terminal, Told } from "../terminal.ts";
import { numbered, opened } from "./schedules.ts";
import { wordsOf } from "./words.ts";

/** For whom, and where it comes unless the words say so. */
export interface ByWordsOptions extends PlaceOptions {
  owner?: string;
  channel?: string;
  zone?: string;
}

const CHANNEL = /^[CG][A-Z0-9]{2,}$/;

/** `schedule add`: the same words as in Slack. Throws AskAgain and BadInput for what is missing or cannot be. */
export async function addByWords(terminal: Terminal, words: string, options: ByWordsOptions): Promise<Told> {
  const read = readSchedule(withIds(words));
  const { database, workspace, actor } = await opened(terminal, options);
  const schedule = await database.write(actor, async (rows) => {
    const owner = await ownerNamed(rows, options.owner);
    const zone = options.zone === undefined ? workspace.zone : knownZone(options.zone);
    const given = { read, ownerId: owner.personId, zone, slackTeam: null, channel: placeOf(read, options.channel) };
    const parts = await scheduleParts(rows, { ...given, known: accountVocabulary });
    return keepSchedule(rows, parts, null, new Date().toISOString());
  });
  const untried =
    schedule.channel === null
      ? ""
      : ` Invite me to that channel first; \`perennial schedule run ${schedule.id}\` tries it.`;
  return {
    json: { added: schedule.id, schedule },
    words: `Scheduled as ${schedule.id} for ${schedule.ownerName}: ${wordsOf(schedule)}. Next ${schedule.nextAt}.${untried}`,
  };
}

/** `schedule edit`: what is not said about the place stays. Throws as `addByWords`. */
export async function editByWords(
  terminal: Terminal,
  { id, words }: { id: number; words: string },
  options: ByWordsOptions,
): Promise<Told> {
  const read = readSchedule(withIds(words));
  const { database, actor } = await opened(terminal, options);
  const schedule = await database.write(actor, async (rows) => {
    const { ownerId, zone, slackTeam, channel } = await numbered(rows, id);
    const place = placeOf(read, options.channel ?? channel ?? undefined);
    const given = {
      read,
      ownerId,
      zone: options.zone === undefined ? zone : knownZone(options.zone),
      slackTeam,
      channel: place,
    };
    const parts = await scheduleParts(rows, { ...given, known: accountVocabulary });
    return keepSchedule(rows, parts, id, new Date().toISOString());
  });
  return {
    json: { edited: id, schedule },
    words: `Changed: ${wordsOf(schedule)}. Next ${schedule.nextAt}.`,
  };
}

/** A channel by its id; names are known to Slack alone. */
const withIds = (words: string): string => words.replace(/(?<![<&\w])#(?=[CG][A-Z0-9]{2,}\b)([CG][A-Z0-9]+)/g, "<#$1>");

function placeOf({ place }: ReadSchedule, channel: string | undefined): string | null {
  if (place !== null) return place === "person" ? null : place.channel;
  if (channel !== undefined && !CHANNEL.test(channel))
    throw new BadInput(
      `“${channel}” is not the id of a channel. Slack shows it at the end of the channel's details, such as C0123ABCD.`,
    );
  return channel ?? null;
}

async function ownerNamed(rows: Reading, said: string | undefined): Promise<Member> {
  const all = await inSlack(rows);
  const names = all.map(({ name }) => name);
  const who = names.length > 0 ? `Known are ${names.slice(0, 10).join(", ")}.` : "So far nobody has.";
  if (said === undefined)
    throw new BadInput(`Say whose it is: --owner NAME, somebody who has used me in Slack. ${who}`);
  const folded = said.trim().toLowerCase();
  const whole = all.filter(({ name }) => name.toLowerCase() === folded);
  const found = whole.length > 0 ? whole : all.filter(({ name }) => name.toLowerCase().split(" ").includes(folded));
  const [first, other] = found;
  if (first && !other) return first;
  if (other) throw new BadInput(`Which ${said}: ${found.map(({ name }) => name).join(" or ")}?`);
  throw new BadInput(`Nobody called “${said}” has used me in Slack${didYouMean(said, names) || "."} ${who}`);
}
