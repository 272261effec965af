import { isAscii, isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";

export const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** How the bytes of a file are to be read. `damaged`: characters that stand where bytes were not text in this encoding. */
export interface Reading {
  encoding: Encoding;
  damaged: RegExp | null;
}

// The five bytes that windows-1252 leaves open decode to control characters; no text has them.
const OPEN_IN_1252 = /[\u0081\u008d\u008f\u0090\u009d]/;

/**
 * Finds out a file's encoding: by its byte order mark, by the zero bytes of UTF-16, else UTF-8 if every byte of it is,
 * else windows-1252. A file that is UTF-8 but for a few bytes stays UTF-8, with those bytes marked as damaged.
 */
export async function detectEncoding(path: string, told?: Encoding): Promise<Reading> {
  const head = await firstBytes(path, 65_536);
  const encoding = told ?? byMark(head) ?? byZeros(head);
  if (encoding && encoding !== "utf-8")
    return { encoding, damaged: encoding === "windows-1252" ? OPEN_IN_1252 : /\ufffd/ };
  const kind = await scanUtf8(path);
  if (kind === "clean") return { encoding: "utf-8", damaged: null };
  return kind === "mixed" || encoding === "utf-8"
    ? { encoding: "utf-8", damaged: /\ufffd/ }
    : { encoding: "windows-1252", damaged: OPEN_IN_1252 };
}

/** The start of a file. */
export async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function byMark(head: Buffer): Encoding | null {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? "utf-8" : null;
}

function byZeros(head: Buffer): Encoding | null {
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2]! += 1;
  const [even, odd] = zeros as [number, number];
  if (even + odd < head.length / 4) return null;
  return odd > even ? "utf-16le" : "utf-16be";
}

/** clean: all of it is UTF-8. mixed: it is, but for a few bytes. other: another encoding. */
async function scanUtf8(path: string): Promise<"clean" | "mixed" | "other"> {
  let carried = Buffer.alloc(0);
  let beyondAscii = false;
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([carried, piece as Buffer]);
    const end = wholeCharacters(bytes);
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) return beyondAscii || moreTextThanFaults(whole) ? "mixed" : "other";
    beyondAscii ||= !isAscii(whole);
    carried = bytes.subarray(end);
  }
  return carried.length === 0 ? "clean" : beyondAscii ? "mixed" : "other";
}

/** Where the last character that may be cut in two begins. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return byte >= [0xc0, 0xe0, 0xf0][back - 1]! ? bytes.length - back : bytes.length;
    if (byte < 0x80) break;
  }
  return bytes.length;
}

function moreTextThanFaults(bytes: Buffer): boolean {
  const text = bytes.toString("utf8");
  const faults = text.match(/\ufffd/g)?.length ?? 0;
  const characters = text.match(/[\u0080-\ufffc]/g)?.length ?? 0;
  return characters > faults;
}

/** The file's text, piece by piece, without its byte order mark. */
export async function* textOf(
  path: string,
  encoding: Encoding,
  onBytes: (read: number) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  let read = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 18 })) {
    read += (piece as Buffer).length;
    onBytes(read);
    yield decoder.decode(piece as Buffer, { stream: true });
  }
  yield decoder.decode();
}
