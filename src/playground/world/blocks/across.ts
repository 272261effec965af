import { told } from "./complaints.ts";

type Thing = Record<string, unknown>;

const MARKDOWN_CHARACTERS = 12_000;
const CHARTS = 2;
const TABLES = 1;

/** Rules that concern several blocks: ids that are unique, and what a message holds only so much of. */
export function acrossBlocks(blocks: Thing[], surface: "message" | "modal" | "home", base: string): string[] {
  const complaints = [
    ...sameBlockIds(blocks, base),
    ...blocks.flatMap((block, i) => sameActionIds(block, `${base}/${i}`)),
  ];
  if (surface !== "message") return complaints;
  const markdown = blocks.reduce((sum, { type, text }) => sum + (type === "markdown" ? String(text).length : 0), 0);
  if (markdown > MARKDOWN_CHARACTERS) {
    complaints.push(told(`markdown must be less than ${MARKDOWN_CHARACTERS + 1} characters in a message`, base, []));
  }
  if (count(blocks, "data_visualization") > CHARTS) {
    complaints.push(told(`no more than ${CHARTS} data_visualization blocks allowed`, base, []));
  }
  if (count(blocks, "table") > TABLES) complaints.push(told("only_one_table_allowed", base, []));
  return complaints;
}

const children = (block: Thing): Thing[] => [
  block,
  ...list(block.child_blocks),
  ...list(block.elements).filter(isCard),
];
const isCard = ({ type }: Thing): boolean => type === "card";

function count(blocks: Thing[], type: string): number {
  return blocks.flatMap(children).filter((block) => block.type === type).length;
}

function sameBlockIds(blocks: Thing[], base: string): string[] {
  const seen = new Set<unknown>();
  return blocks.flatMap((block, i) => {
    const taken = seen.has(block.block_id);
    if (block.block_id !== undefined) seen.add(block.block_id);
    return taken ? [told(`block_id already exists: ${String(block.block_id)}`, base, [i, "block_id"])] : [];
  });
}

/** "Unique among all other action_ids in the containing block", says the documentation; each child and card is a block. */
function sameActionIds(block: Thing, pointer: string): string[] {
  return children(block).flatMap((each) => {
    const elements = [...list(each.elements).filter((element) => !isCard(element)), ...list(each.actions)];
    const ids = [...elements, ...list([each.accessory, each.element])].map((element) => element.action_id);
    const twice = ids.find((id, i) => id !== undefined && ids.indexOf(id) !== i);
    return twice === undefined ? [] : [told(`action_id already exists: ${String(twice)}`, pointer, [])];
  });
}

const list = (value: unknown): Thing[] =>
  Array.isArray(value) ? value.filter((each): each is Thing => typeof each === "object" && each !== null) : [];
