import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CsvRow, openCsv } from "#intake/csv.ts";

const folder = mkdtempSync(join(tmpdir(), "perennial-csv-"));
let files = 0;

async function read(
  content: string | Buffer,
): Promise<{ heading: string[]; encoding: string; delimiter: string; rows: CsvRow[] }> {
  const path = join(folder, `${++files}.csv`);
  writeFileSync(path, content);
  const csv = await openCsv(path);
  const rows: CsvRow[] = [];
  for await (const row of csv.rows()) rows.push(row);
  return { ...csv, rows };
}
const fieldsOf = (rows: CsvRow[]) => rows.map((row) => ("fields" in row ? row.fields : row.fault));

describe("a CSV file", () => {
  const umlauts = "id;name\n1;Müller\n";
  test.each([
    ["UTF-8", Buffer.from(umlauts), "utf-8"],
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${umlauts}`), "utf-8"],
    ["UTF-16 with a mark", Buffer.from(`\ufeff${umlauts}`, "utf16le"), "utf-16le"],
    ["UTF-16 without one", Buffer.from(umlauts, "utf16le"), "utf-16le"],
    ["big-endian UTF-16", Buffer.from(`\ufeff${umlauts}`, "utf16le").swap16(), "utf-16be"],
    ["windows-1252", Buffer.from(umlauts, "latin1"), "windows-1252"],
  ])("is read as %s", async (_, bytes, encoding) => {
    const csv = await read(bytes);
    expect([csv.encoding, csv.delimiter, csv.heading]).toEqual([encoding, ";", ["id", "name"]]);
    expect(fieldsOf(csv.rows)).toEqual([["1", "Müller"]]);
  });

  test.each([[","], [";"], ["\t"], ["|"]])("parted by %j is recognised", async (delimiter) => {
    const csv = await read(
      `${["id", "a name, with commas", "x"].map((each) => `"${each}"`).join(delimiter)}\n1${delimiter}2${delimiter}3\n`,
    );
    expect(csv.heading).toEqual(["id", "a name, with commas", "x"]);
  });

  test("that is UTF-8 but for one byte loses only that row", async () => {
    const { rows } = await read(
      Buffer.concat([Buffer.from("id,name\n1,Zoë\n2,M"), Buffer.from([0xfc]), Buffer.from("ller\n3,Łukasz\n")]),
    );
    expect(fieldsOf(rows)).toEqual([
      ["1", "Zoë"],
      expect.stringMatching(/byte that is not utf-8.*encoding/),
      ["3", "Łukasz"],
    ]);
  });

  test("keeps quotes, line ends and delimiters inside a field, and the lines still count", async () => {
    const { rows } = await read('id,name\r\n1,"Acme, ""the"" firm\r\nof Bath"\r\n\r\n2,12" screens\r\n');
    expect(rows).toEqual([
      { line: 2, fields: ["1", 'Acme, "the" firm\r\nof Bath'] },
      { line: 5, fields: ["2", '12" screens'] },
    ]);
  });

  test("of a spreadsheet has a title above its heading, and rows of empty cells", async () => {
    const path = join(folder, `${++files}.csv`);
    writeFileSync(path, "Customers, as of May;;\n;;\nNo;Name;Since\n1;Acme;2025\n;;\n2;Zenith;2026\n");
    const lower = [...(await openCsv(path)).below()].find(({ heading }) => heading.includes("Name"));
    expect([lower?.heading, lower?.delimiter]).toEqual([["No", "Name", "Since"], ";"]);
    const rows: CsvRow[] = [];
    for await (const row of lower!.rows()) rows.push(row);
    expect(rows).toEqual([
      { line: 4, fields: ["1", "Acme", "2025"] },
      { line: 6, fields: ["2", "Zenith", "2026"] },
    ]);
  });

  test("with a broken row loses only that row", async () => {
    const { rows } = await read('id,name\n1,a\n2,"b"x\n3,c\n4,d,e\n5\n6,f,,\n7,g\n');
    expect(rows.map((row) => row.line)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(fieldsOf(rows)).toEqual([
      ["1", "a"],
      expect.stringMatching(/after a closing quote/),
      ["3", "c"],
      "has 3 columns, the heading has 2",
      "has 1 columns, the heading has 2",
      ["6", "f"],
      ["7", "g"],
    ]);
  });

  test("with a quote that is never closed still gives the rows below it", async () => {
    const { rows } = await read('id,name\n1,a\n2,"b\n3,c\n4,d');
    expect(fieldsOf(rows)).toEqual([["1", "a"], "a quote is opened and not closed", ["3", "c"], ["4", "d"]]);
  });

  test("with an open quote above megabytes of rows is not swallowed", async () => {
    const below = Array.from({ length: 120_000 }, (_, at) => `${at},some text of a row\n`).join("");
    const { rows } = await read(`id,name\n1,"b\n${below}`);
    expect(rows).toHaveLength(120_001);
    expect(rows[0]).toMatchObject({ line: 2, fault: "a quote is opened and not closed" });
    expect(rows.at(-1)).toEqual({ line: 120_002, fields: ["119999", "some text of a row"] });
  });

  test.each([
    ["is empty", "", /is empty/],
    ["is a spreadsheet", Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 1, 2, 0, 8]), /not a text file.*CSV/],
  ])("that %s is refused with the cure", async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  test("gives back whatever was written, whatever it holds", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", "ü", "😀", ",", '"', "\n", ";", " ", "'") });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(), field, field), { minLength: 1, maxLength: 20 }), async (table) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const { rows } = await read(
          `id,b,c\n${table.map(([id, b, c]) => `${id},${quoted(b)},${quoted(c)}\n`).join("")}`,
        );
        expect(fieldsOf(rows)).toEqual(table.map(([id, b, c]) => [String(id), b, c]));
      }),
      { numRuns: 60 },
    );
  });
});
