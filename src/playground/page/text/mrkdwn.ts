/** A piece of a line of Slack's mrkdwn. */
export type Inline =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike"; of: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "link"; url: string; label: string }
  | { kind: "user"; id: string }
  | { kind: "channel"; id: string; label: string | null }
  | { kind: "group"; id: string; label: string | null }
  | { kind: "broadcast"; range: string }
  | { kind: "date"; seconds: number; format: string; url: string | null; fallback: string }
  | { kind: "emoji"; name: string };

/** A stretch of lines that belong together. */
export type Stretch =
  | { kind: "lines"; of: Inline[][] }
  | { kind: "quote"; of: Inline[][] }
  | { kind: "code"; text: string };

const STYLES = { "*": "bold", _: "italic", "~": "strike" } as const;

/** Reads Slack's mrkdwn: fenced code, quotes, then the lines. What is not mrkdwn stays as it was written. */
export function parseMrkdwn(text: string): Stretch[] {
  const parts = text.split(/```\n?([\s\S]*?)```\n?/);
  return parts.flatMap((part, at): Stretch[] => {
    if (at % 2 === 1) return [{ kind: "code", text: decode(part.replace(/\n$/, "")) }];
    return part === "" ? [] : stretchesOf(part.replace(/\n$/, ""));
  });
}

function stretchesOf(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>) ?(.*)$/s.exec(line);
    const kind = quoted === null ? "lines" : "quote";
    const read = parseInline(quoted === null ? line : quoted[1]!);
    const last = stretches.at(-1);
    if (last?.kind === kind) last.of.push(read);
    else stretches.push({ kind, of: [read] });
  }
  return stretches;
}

/** Reads one line. */
export function parseInline(text: string): Inline[] {
  const found: Inline[] = [];
  let plain = "";
  const keep = (piece: Inline) => {
    if (plain !== "") found.push({ kind: "text", text: decode(plain) });
    plain = "";
    found.push(piece);
  };
  for (let at = 0; at < text.length; ) {
    const whole = wholeAt(text, at) ?? styledAt(text, at);
    if (whole === null) {
      plain += text[at];
      at += 1;
    } else {
      keep(whole.piece);
      at += whole.length;
    }
  }
  if (plain !== "") found.push({ kind: "text", text: decode(plain) });
  return found;
}

interface Found {
  piece: Inline;
  length: number;
}

/** `<…>`, `code` and :emoji:, which nothing inside can change. */
function wholeAt(text: string, at: number): Found | null {
  const rest = text.slice(at, at + 4000);
  const angle = /^<([^<>\n]+)>/.exec(rest);
  if (angle !== null) return { piece: reference(angle[1]!), length: angle[0].length };
  const code = /^`([^`\n]+)`/.exec(rest);
  if (code !== null) return { piece: { kind: "code", text: decode(code[1]!) }, length: code[0].length };
  const emoji = /^:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/.exec(rest);
  if (emoji !== null) return { piece: { kind: "emoji", name: emoji[1]! }, length: emoji[0].length };
  return null;
}

/** *bold*, _italic_ and ~struck~, where the mark stands at the edge of a word. */
function styledAt(text: string, at: number): Found | null {
  const mark = text[at]!;
  if (mark !== "*" && mark !== "_" && mark !== "~") return null;
  const next = text[at + 1];
  if (isWord(text[at - 1]) || next === undefined || /\s/.test(next) || next === mark) return null;
  const end = closing(text, at, mark);
  if (end === null) return null;
  return { piece: { kind: STYLES[mark], of: parseInline(text.slice(at + 1, end)) }, length: end - at + 1 };
}

function closing(text: string, from: number, mark: string): number | null {
  for (let at = from + 1; at < text.length; ) {
    const whole = wholeAt(text, at);
    if (whole !== null) {
      at += whole.length;
      continue;
    }
    if (text[at] === mark && at > from + 1 && !/\s/.test(text[at - 1]!) && !isWord(text[at + 1])) return at;
    at += 1;
  }
  return null;
}

const isWord = (letter: string | undefined): boolean => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);

/** What stands in angle brackets: a person, a channel, a day, a link. */
function reference(inside: string): Inline {
  const bar = inside.indexOf("|");
  const target = bar === -1 ? inside : inside.slice(0, bar);
  const label = bar === -1 ? null : decode(inside.slice(bar + 1));
  if (target.startsWith("@")) return { kind: "user", id: target.slice(1) };
  if (target.startsWith("#")) return { kind: "channel", id: target.slice(1), label };
  const date = /^!date\^(-?\d+)\^([^^]+)(?:\^(.+))?$/.exec(target);
  if (date !== null) {
    return {
      kind: "date",
      seconds: Number(date[1]),
      format: decode(date[2]!),
      url: date[3] === undefined ? null : decode(date[3]),
      fallback: label ?? "",
    };
  }
  const group = /^!subteam\^(\w+)$/.exec(target);
  if (group !== null) return { kind: "group", id: group[1]!, label };
  if (target.startsWith("!")) return { kind: "broadcast", range: target.slice(1) };
  const url = decode(target);
  return { kind: "link", url, label: label ?? url.replace(/^mailto:/, "") };
}

/** Slack escapes these three and no more. */
const decode = (text: string): string => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
