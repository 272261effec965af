/** A message's blocks as Markdown, as somebody reads them off the screen; buttons stand in brackets. */
export const inWords = (blocks: readonly unknown[]): string =>
  blocks
    .map(blockWords)
    .filter((each) => each !== "")
    .join("\n\n");

type Part = Record<string, unknown>;
const isPart = (value: unknown): value is Part => typeof value === "object" && value !== null && !Array.isArray(value);
const partsIn = (value: unknown): Part[] => (Array.isArray(value) ? value.filter(isPart) : []);

function blockWords(block: unknown): string {
  if (!isPart(block)) return "";
  const { type, text, accessory } = block;
  if (type === "markdown") return String(text);
  if (type === "section") {
    const fields = partsIn(block.fields).map((each) => fromMrkdwn(each.text));
    return [isPart(text) ? fromMrkdwn(text.text) : "", ...fields, buttonWords(accessory)].filter(Boolean).join("\n\n");
  }
  if (type === "context")
    return partsIn(block.elements)
      .map((each) => `<sub>${fromMrkdwn(each.text)}</sub>`)
      .join(" ");
  if (type === "actions") return partsIn(block.elements).map(buttonWords).filter(Boolean).join(" ");
  return "";
}

function buttonWords(element: unknown): string {
  if (!isPart(element) || element.type !== "button" || !isPart(element.text)) return "";
  return `**\\[${String(element.text.text)}\\]**`;
}

/** Slack's mrkdwn as Markdown: bold, days, entities, lines that stay lines. */
function fromMrkdwn(text: unknown): string {
  return String(text)
    .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, "$1")
    .replace(/[\u2060\u200b\u2068\u2069]/g, "")
    .replace(/(?<![\w*])\*([^*\n]+)\*(?![\w*])/g, "**$1**")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .split("\n")
    .map((line) => (/^(?:>|•|\d+\.)/.test(line) ? line.replace(/^•/, "-") : line))
    .join("  \n");
}
