import type { Block, Message } from "../message.ts";

/** Slack's limits, in characters or pieces. */
export const LIMITS = {
  section: 3_000,
  field: 2_000,
  fields: 10,
  context: 10,
  header: 150,
  button: 75,
  option: 75,
  options: 100,
  modalTitle: 24,
  markdown: 12_000,
  /** Not documented: messages are refused with msg_blocks_too_long from about 13,000. */
  messageCharacters: 12_000,
  messageBlocks: 50,
  viewBlocks: 100,
  /** Slack recommends this for `text`, and cuts it at ten times as much. */
  text: 4_000,
  tableRows: 100,
  tableCharacters: 8_000,
  /** In one message. */
  charts: 2,
  chartLabel: 20,
  chartTitle: 50,
  chartCategories: 20,
  pieSegments: 6,
} as const;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
/** An entity, a link, a mention or a date: what may only stand whole. */
const TOKENS = /&(?:amp|lt|gt);|<[^<>\n]{1,3000}>/g;
const LONGEST_GRAPHEME = 128; // no emoji or letter with its accents is longer, unless somebody wants to be a nuisance
const OPEN = "\u2068";
const CLOSE = "\u2069";

/** Plain text of at most so many characters, never cut inside a character as people see it. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return closed(text.slice(0, boundary(text, most - 2)).trimEnd());
}

/** The same for mrkdwn: an entity or a link is never cut in half. */
export function cutMrkdwn(text: string, most: number): string {
  if (text.length <= most) return text;
  const at = boundary(text, most - 2);
  for (const token of text.matchAll(TOKENS)) {
    if (token.index >= at) break;
    if (token.index + token[0].length > at) return closed(text.slice(0, token.index).trimEnd());
  }
  return closed(text.slice(0, at).trimEnd());
}

/** Lines that fit together; what does not fit is told by `more(left)` in a line of its own. */
export function cutLines(lines: readonly string[], most: number, more = (left: number) => `… ${left} more`): string {
  const whole = lines.join("\n");
  if (whole.length <= most) return whole;
  const kept: string[] = [];
  let room = most - more(lines.length).length - 1;
  for (const line of lines) {
    if (line.length + 1 > room) break;
    kept.push(line);
    room -= line.length + 1;
  }
  if (kept.length === 0) return cutMrkdwn(whole, most);
  return [...kept, more(lines.length - kept.length)].join("\n");
}

/** Where to cut so that the character at `wanted` stays out whole. */
function boundary(text: string, wanted: number): number {
  const from = Math.max(0, wanted - LONGEST_GRAPHEME);
  const nearby = text.slice(from, wanted + LONGEST_GRAPHEME);
  const found = graphemes.segment(nearby).containing(Math.max(0, wanted - from))?.index ?? 0;
  if (found > 0) return from + found;
  // One endless character (a letter under thousands of accents): only its surrogate pairs are kept whole.
  return /[\udc00-\udfff]/.test(text[wanted] ?? "") ? wanted - 1 : wanted;
}

/** With an ellipsis, and with the isolate closed that the cut left open. */
const closed = (text: string): string => `${text}…${text.lastIndexOf(OPEN) > text.lastIndexOf(CLOSE) ? CLOSE : ""}`;

/** How much of a message's room blocks take: their words, and a little for each block itself. */
export function weightOf(blocks: readonly Block[]): number {
  return blocks.reduce((whole, block) => whole + BLOCK_COST + charactersIn(block), 0);
}

const BLOCK_COST = 125; // what a bare divider was measured to take
const ROOM_FOR_NUMBERS = 200; // that buttons of one action get

function charactersIn(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, inner]) => (key === "type" ? sum : sum + charactersIn(inner)), 0);
}

const chartsIn = (blocks: readonly Block[]): number =>
  blocks.filter(({ type }) => type === "data_visualization").length;

/** Blocks in packs that each fit into one message, in their order. A group stays together where it can. */
export function pack(groups: readonly (readonly Block[])[]): Block[][] {
  const packs: Block[][] = [];
  let open: Block[] = [];
  const takes = (more: readonly Block[]) =>
    open.length + more.length <= LIMITS.messageBlocks &&
    chartsIn([...open, ...more]) <= LIMITS.charts &&
    weightOf([...open, ...more]) <= LIMITS.messageCharacters - ROOM_FOR_NUMBERS;
  const close = () => {
    if (open.length > 0) packs.push(open);
    open = [];
  };
  for (const group of groups) {
    if (takes(group)) {
      open.push(...group);
      continue;
    }
    close();
    for (const block of group) {
      if (!takes([block])) close();
      open.push(block);
    }
  }
  close();
  return packs;
}

/** A message that Slack takes: no more blocks than fit (the rest is named), each press with an id of its own, text cut. */
export function fitMessage({ text, blocks }: Message): Message {
  const [first = [], ...rest] = pack([blocks]);
  const left = rest.flat().length;
  const kept = left === 0 ? first : first.slice(0, LIMITS.messageBlocks - 1);
  const dropped = blocks.length - kept.length;
  const note = `${dropped} more ${dropped === 1 ? "part is" : "parts are"} left out here. Ask for fewer, or about one account.`;
  return {
    text: fitText(text),
    blocks: uniqueActions(
      dropped === 0 ? kept : [...kept, { type: "context", elements: [{ type: "mrkdwn", text: note, verbatim: true }] }],
    ),
  };
}

/** Text for those who do not see blocks; never empty. */
export const fitText = (text: string): string =>
  cutLines((text.trim() || "(nothing to show)").split("\n"), LIMITS.text, (left) => `… ${left} more lines`);

/** Two buttons of one action in one message get ids of their own: `timeline`, `timeline:2`. */
export function uniqueActions<B>(blocks: readonly B[]): B[] {
  const taken = new Set<string>();
  const free = (id: string): string => {
    if (!taken.has(id)) return id;
    const [action] = id.split(":", 1);
    let at = 2;
    while (taken.has(`${action}:${at}`)) at += 1;
    return `${action}:${at}`;
  };
  const renamed = <T>(value: T): T => {
    if (Array.isArray(value)) return value.map(renamed) as T; // the same array, element by element
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => {
      if (key !== "action_id" || typeof inner !== "string") return [key, renamed(inner)];
      const id = free(inner);
      taken.add(id);
      return [key, id];
    });
    return Object.fromEntries(entries) as T; // the same keys
  };
  return blocks.map(renamed);
}
