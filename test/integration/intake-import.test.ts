import { cpSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { importFolder, refusals } from "#intake/import.ts";
import { parseMapping } from "#intake/mapping.ts";
import { readMapping } from "#intake/mapping-file.ts";
import { allWorkspaces, chooseBaseCurrency } from "#workspaces/workspace.ts";
import { freshWorkspace } from "../fixtures/database.ts";

const shop = parseMapping(readFileSync("test/fixtures/csv/shop.yaml", "utf8"), "shop.yaml");
const anyRow = z.record(z.string(), z.unknown());
const rowsOf = ({ database, actor }: { database: Database; actor: Actor }, query: ReturnType<typeof sql>) =>
  database.read(actor, (rows) => rows.many(anyRow, query));
const folderOf = () => {
  const folder = mkdtempSync(join(tmpdir(), "perennial-import-"));
  cpSync("test/fixtures/csv/shop", folder, { recursive: true });
  return folder;
};
const brief = (files: { kind: string; new: number; changed: number; same: number; refused: number }[]) =>
  files.map((each) => [each.kind, each.new, each.changed, each.same, each.refused]);

test("a folder of three encodings and dialects comes in, and what does not is listed with its place and reason", async () => {
  const place = await freshWorkspace();
  const summary = await importFolder({ ...place, folder: folderOf(), mapping: shop });
  expect(brief(summary.files)).toEqual([
    ["account", 2, 0, 0, 3],
    ["subscription", 3, 0, 0, 4],
    ["interaction", 2, 0, 0, 0],
  ]);
  expect(summary.files.map((each) => [each.encoding, each.delimiter])).toEqual([
    ["utf-8", ";"],
    ["utf-8", ","],
    ["windows-1252", ";"],
  ]);
  expect(summary.missing).toEqual(["surveys*.csv"]);
  expect(summary.touchedAccounts).toBe(2);
  const refused = await refusals(place.database, place.actor, summary.runId!);
  expect(refused.map((each) => [each.file, each.line, each.id, each.column, each.reason])).toEqual([
    ["kunden.csv", 4, "3", "Firma", "is missing"],
    ["kunden.csv", 5, "1", "Kundennummer", "duplicate id, first seen in line 2; the first one counts"],
    ["kunden.csv", 6, "4", "Angelegt", '"31.02.2024" is not a day of the calendar'],
    ["contracts.csv", 4, "k3", "customer", 'account "9" is not known here, or is not the only one of that name'],
    ["contracts.csv", 5, "k4", "monthly", '"ten" is not a number'],
    ["contracts.csv", 6, null, null, "has 5 columns, the heading has 6"],
    ["contracts.csv", 7, null, null, "a quote is opened and not closed"],
  ]);
  expect(refused[2]?.raw).toMatchObject({ Firma: "Hübner AG", Umsatz: "12,5" });
  expect(
    await rowsOf(place, sql`select name, country, annual_revenue_minor as revenue from account order by 1 desc`),
  ).toEqual([
    { name: "Müller & Söhne GmbH", country: "DE", revenue: 125_000_050 },
    { name: 'Bäckerei "Zum Korn"', country: "AT", revenue: 8_000_000 },
  ]);
  expect(await rowsOf(place, sql`select occurred_at as at, body from interaction order by 1`)).toEqual([
    { at: "2024-06-05T07:30:00.000Z", body: "Rückruf erbeten" },
    { at: "2024-06-06T12:00:00.000Z", body: "Größere Bestellung angekündigt" },
  ]);
  expect(await rowsOf(place, sql`select sum(delta_minor)::int as mrr from mrr_event`)).toEqual([{ mrr: 128_000 }]);
});

const LIST = `Kundenliste;;;;;
;;;;;
Nr;Firma;Betreuung;Monatlich;Seit;Stand
1;Grünwald GmbH;Mia Keller;1.250,00 €;01.03.2024;aktiv
2;Holz AG;Mia Keller;899,50 €;15.07.2023;aktiv
;;;;;
3;Weiß KG;Tom Reed;450 €;31.12.2025;gekündigt
4;Zorn AG;Tom Reed;€(120,00);31.12.2025;aktiv
Summe;;;2.599,50 €;;
`;

const list = parseMapping(
  `
source: list
defaults: { currency: EUR, zone: Europe/Berlin }
files:
  - { file: list.csv, kind: person, id: Betreuung, skip_when: { column: Betreuung, is: [""] }, fields: { name: Betreuung } }
  - { file: list.csv, kind: account, id: Nr, fields: { name: Firma, owner: Betreuung } }
  - file: list.csv
    kind: subscription
    id: Nr
    fields: { account: Nr, mrrMinor: Monatlich, startedOn: Seit, status: { from: Stand, map: { aktiv: active, gekündigt: ended } } }
`,
  "list.yaml",
);

test("one list of a spreadsheet brings people, customers and what they pay; its title, blank rows and total do no harm", async () => {
  const place = await freshWorkspace({ baseCurrency: "EUR" });
  const folder = mkdtempSync(join(tmpdir(), "perennial-import-"));
  writeFileSync(join(folder, "list.csv"), Buffer.from(LIST, "latin1").map(euroAs1252));
  const summary = await importFolder({ ...place, folder, mapping: list, batchSize: 2 }); // people come again in a later batch too
  expect(brief(summary.files)).toEqual([
    ["person", 2, 0, 2, 0],
    ["account", 4, 0, 0, 1],
    ["subscription", 2, 0, 0, 3],
  ]);
  expect(summary.refused.map(({ kind, line, column, reason }) => [kind, line, column, reason])).toEqual([
    ["account", 9, "Firma", "is missing"],
    ["subscription", 7, "endedOn", expect.stringContaining("no day says when")],
    ["subscription", 8, "Monatlich", expect.stringContaining("must not be below 0")],
    ["subscription", 9, "Seit", "is missing"],
  ]);
  expect(
    await rowsOf(
      place,
      sql`select p.full_name as name, count(*)::int as accounts from account a join person p on p.person_id = a.owner_id group by 1 order by 1`,
    ),
  ).toEqual([
    { name: "Mia Keller", accounts: 2 },
    { name: "Tom Reed", accounts: 2 },
  ]);
  expect(await rowsOf(place, sql`select sum(delta_minor)::int as mrr from mrr_event`)).toEqual([{ mrr: 214_950 }]);
});

/** latin1 writes € as its last byte; windows-1252 has a place of its own for it. */
const euroAs1252 = (byte: number): number => (byte === 0xac ? 0x80 : byte);

test("people whom nobody has brought are told by name", async () => {
  const place = await freshWorkspace();
  const folder = mkdtempSync(join(tmpdir(), "perennial-import-"));
  writeFileSync(join(folder, "list.csv"), "Nr,Firma,Wer\n1,Acme,Tom Reed\n2,Zenith,Tom Reed\n3,Apex,Mia Keller\n");
  const mapping = parseMapping(
    `{ source: list, files: [{ file: list.csv, kind: account, id: Nr, may_wait: [owner], fields: { name: Firma, owner.name: Wer } }] }`,
    "list.yaml",
  );
  const { waiting } = await importFolder({ ...place, folder, mapping });
  expect(waiting).toEqual([{ kind: "account", field: "owner", count: 3, named: ["Tom Reed", "Mia Keller"] }]);
});

test("an empty workspace may still change its currency, one with rows may not", async () => {
  const { database, actor } = await freshWorkspace();
  const [workspace] = (await allWorkspaces(database)).filter(({ id }) => id === actor.workspaceId);
  expect((await chooseBaseCurrency(database, workspace!, "EUR"))?.baseCurrency).toBe("EUR");
  await importFolder({ database, actor, folder: folderOf(), mapping: shop });
  expect(await chooseBaseCurrency(database, workspace!, "CHF")).toBeNull();
});

test("a second run is all the same; one changed line is one changed row, and doubles nothing", async () => {
  const place = await freshWorkspace();
  const folder = folderOf();
  await importFolder({ ...place, folder, mapping: shop });
  const second = await importFolder({ ...place, folder, mapping: shop });
  expect(brief(second.files)).toEqual([
    ["account", 0, 0, 2, 3],
    ["subscription", 0, 0, 3, 4],
    ["interaction", 0, 0, 2, 0],
  ]);
  const contracts = join(folder, "contracts.csv");
  writeFileSync(contracts, readFileSync(contracts, "utf8").replace("k7,2,30", "k7,2,40"));
  expect(brief((await importFolder({ ...place, folder, mapping: shop })).files)[1]).toEqual([
    "subscription",
    0,
    1,
    2,
    4,
  ]);
  expect(await rowsOf(place, sql`select sum(delta_minor)::int as mrr, count(*)::int as n from mrr_event`)).toEqual([
    { mrr: 129_000, n: 4 },
  ]);
});

test("a dry run says what a real one would do, and leaves nothing behind", async () => {
  const place = await freshWorkspace();
  const folder = folderOf();
  const dry = await importFolder({ ...place, folder, mapping: shop, dryRun: true });
  const left = sql`select (select count(*) from account) + (select count(*) from external_id) + (select count(*) from import_run) + (select count(*) from import_refusal)
    + (select count(*) from source_feed) + (select count(*) from import_seen) as n`;
  expect(await rowsOf(place, left)).toEqual([{ n: 0 }]);
  const real = await importFolder({ ...place, folder, mapping: shop });
  expect([dry.files, dry.refused, dry.touchedAccounts, dry.runId]).toEqual([
    real.files,
    real.refused,
    real.touchedAccounts,
    null,
  ]);
});

const many = parseMapping(
  "source: many\nfiles:\n  - { file: a.csv, kind: account, id: id, fields: { name: name } }\n  - { file: n.csv, kind: note, id: id, fields: { account: account, body: body, at: at } }",
  "many.yaml",
);
function manyRows(): string {
  const folder = mkdtempSync(join(tmpdir(), "perennial-import-"));
  const rows = (count: number, row: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => `${row(at)}\n`).join("");
  writeFileSync(join(folder, "a.csv"), `id,name\n${rows(60, (at) => `${at},Company ${at}`)}7,again\n`);
  writeFileSync(
    join(folder, "n.csv"),
    `id,account,body,at\n${rows(95, (at) => `${at},${at % 61},"two\nlines",2026-01-01`)}3,1,twice,2026-01-02\n`,
  );
  return folder;
}

test("a run that is stopped goes on after its last batch, and ends as if it had not been", async () => {
  const [stopped, whole] = [await freshWorkspace(), await freshWorkspace()];
  const folder = manyRows();
  const stop = new AbortController();
  const half = await importFolder({
    ...stopped,
    folder,
    mapping: many,
    batchSize: 10,
    signal: stop.signal,
    onProgress: ({ kind, line }) => {
      if (kind === "note" && line > 60) stop.abort();
    },
  });
  expect([half.stopped, half.files[1]!.new]).toEqual([true, 40]);
  const rest = await importFolder({ ...stopped, folder, mapping: many, batchSize: 10 });
  const atOnce = await importFolder({ ...whole, folder, mapping: many });
  expect([rest.resumed, rest.stopped, rest.runId]).toEqual([true, false, half.runId]);
  expect(rest.files).toEqual(atOnce.files);
  const reasons = async (place: typeof whole, runId: number) =>
    (await refusals(place.database, place.actor, runId)).map((each) => [each.line, each.id, each.reason]);
  expect(await reasons(stopped, rest.runId!)).toEqual(await reasons(whole, atOnce.runId!));
  expect(await reasons(whole, atOnce.runId!)).toContainEqual([
    192,
    "3",
    "duplicate id, first seen in line 8; the first one counts",
  ]);
  expect(await rowsOf(stopped, sql`select * from import_seen`)).toEqual([]);
});

test("a run whose file changed meanwhile starts anew, and still doubles nothing", async () => {
  const place = await freshWorkspace();
  const folder = manyRows();
  const stop = new AbortController();
  await importFolder({
    ...place,
    folder,
    mapping: many,
    batchSize: 10,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  utimesSync(join(folder, "a.csv"), 1, 1);
  const again = await importFolder({ ...place, folder, mapping: many });
  expect([again.resumed, again.files[0]!.new, again.files[0]!.same]).toEqual([false, 50, 10]);
  expect(await rowsOf(place, sql`select count(*)::int as n from account`)).toEqual([{ n: 60 }]);
});

test.each([
  ["a folder that is not there", "/nowhere/at/all", shop, /cannot be read.*Name the folder/],
  ["a folder without the files", "test/fixtures/csv", shop, /lacks kunden\.csv.*It holds.*shop\.yaml/],
])("%s is said, with the cure", async (_, folder, mapping, message) => {
  const place = await freshWorkspace();
  await expect(importFolder({ ...place, folder, mapping })).rejects.toThrow(message);
});

test("a mapping that fits no row is said early, and the next run starts from the top", async () => {
  const place = await freshWorkspace();
  const folder = mkdtempSync(join(tmpdir(), "perennial-import-"));
  const mapping = parseMapping(
    "source: m\nfiles: [{ file: n.csv, kind: note, id: id, fields: { account: account, body: body, at: at } }]",
    "m.yaml",
  );
  writeFileSync(
    join(folder, "n.csv"),
    `id,account,body,at\n${Array.from({ length: 9_000 }, (_, at) => `${at},nobody,x,2026-01-01\n`).join("")}`,
  );
  await expect(importFolder({ ...place, folder, mapping })).rejects.toThrow(
    /None of the first 8000 rows of n\.csv.*Check the mapping of note/,
  );
  expect(await rowsOf(place, sql`select count(*)::int as n from import_run where finished_at is null`)).toEqual([
    { n: 0 },
  ]);
});

test("a preset is found by its name, and a wrong name lists the presets", async () => {
  expect((await readMapping("hubspot", "knowledge")).source).toBe("hubspot");
  await expect(readMapping("salesfarce", "knowledge")).rejects.toThrow(/presets: hubspot, ravenstack, salesforce/);
});

test("a column that is missing is said before anything is written", async () => {
  const place = await freshWorkspace();
  const folder = folderOf();
  writeFileSync(join(folder, "anrufe.csv"), "Nr;Kunde;Zeitpunkt;Notiz\n1;1;05.06.2024;x\n");
  await expect(importFolder({ ...place, folder, mapping: shop })).rejects.toThrow(
    /anrufe\.csv has no column "Zeit".*interaction\.at; did you mean Zeitpunkt/,
  );
  expect(await rowsOf(place, sql`select * from account`)).toEqual([]);
});

test("a Salesforce export and a HubSpot export of the same customers make one of each", async () => {
  const place = await freshWorkspace();
  const preset = (name: string) =>
    parseMapping(readFileSync(`knowledge/mappings/${name}.yaml`, "utf8"), `${name}.yaml`);
  const salesforce = await importFolder({
    ...place,
    folder: "test/fixtures/csv/salesforce",
    mapping: preset("salesforce"),
  });
  const hubspot = await importFolder({ ...place, folder: "test/fixtures/csv/hubspot", mapping: preset("hubspot") });
  expect([salesforce.refused, hubspot.refused]).toEqual([[], []]);
  expect(
    await rowsOf(
      place,
      sql`select a.name, p.full_name as owner, a.crm_stage as stage, a.country from account a left join person p on p.person_id = a.owner_id order by 1`,
    ),
  ).toEqual([
    { name: "Globex Inc", owner: "Ann Lee", stage: "customer", country: "US" },
    { name: "Initech", owner: "Bo Diaz", stage: "lead", country: "DE" },
  ]);
  expect(
    await rowsOf(
      place,
      sql`select name, kind, amount_minor as amount, probability, is_won as won from opportunity order by 1`,
    ),
  ).toEqual([
    { name: "Globex first order", kind: null, amount: 70_000, probability: 1, won: true },
    { name: "Globex seats", kind: "expansion", amount: 1_200_000, probability: 0.6, won: false },
    { name: "Initech start", kind: null, amount: 500_000, probability: 0.2, won: false },
  ]);
  expect(await rowsOf(place, sql`select status, priority, channel from ticket`)).toEqual([
    { status: "pending", priority: "high", channel: "web" },
  ]);
  expect(await rowsOf(place, sql`select full_name as name, email from contact`)).toEqual([
    { name: "Cy Young", email: "cy@globex.com" },
  ]);
  expect(await rowsOf(place, sql`select channel, direction from interaction`)).toEqual([
    { channel: "call", direction: "outbound" },
  ]);
});

test("an export that ends long ago is told as old as its newest row, however new the file is", async () => {
  const { database, actor } = await freshWorkspace();
  const folder = mkdtempSync(join(tmpdir(), "perennial-old-"));
  writeFileSync(join(folder, "accounts.csv"), "id,name,since\n1,Acme,2023-01-05\n");
  writeFileSync(join(folder, "tickets.csv"), "id,account,opened\nt1,1,2023-03-09\n");
  const mapping = parseMapping(
    `source: desk
files:
  - { file: accounts.csv, kind: account, id: id, fields: { name: name, createdOn: since } }
  - { file: tickets.csv, kind: ticket, id: id, fields: { account: account, createdAt: { from: opened, as: moment } } }
`,
    "desk.yaml",
  );
  await importFolder({ database, actor, folder, mapping });
  const feeds = await database.read(actor, (rows) =>
    rows.many(
      z.object({ domain: z.string(), day: z.string() }),
      sql`select domain, synced_at::date as day from source_feed order by domain`,
    ),
  );
  expect(feeds).toEqual([
    { domain: "crm", day: "2023-03-09" },
    { domain: "support", day: "2023-03-09" },
  ]);
});
