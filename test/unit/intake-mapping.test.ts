import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { columnsOf } from "#intake/mapping/columns.ts";
import { compile } from "#intake/mapping/compile.ts";
import { readMoney, readNumber } from "#intake/mapping/numbers.ts";
import { patternOf, readDay, readMoment } from "#intake/mapping/times.ts";
import { type Setting, type Transform, transforms } from "#intake/mapping/transforms.ts";
import { parseMapping } from "#intake/mapping.ts";

const setting: Setting = { zone: "Europe/Berlin", currency: "EUR", decimal: undefined, patterns: [] };

describe("values of a column", () => {
  test.each<[Transform, string, unknown]>([
    ["money", "1,234.56", 123_456],
    ["money", "1.234,56", 123_456],
    ["money", "€ 1 234,50", 123_450],
    ["money", "(12.50)", -1_250],
    ["money", "-12,5", -1_250],
    ["money", "1,234", 123_400],
    ["money", "12'000.00", 1_200_000],
    ["integer", "1,200", 1_200],
    ["percent", "60 %", 0.6],
    ["percent", "60", 0.6],
    ["boolean", "TRUE", true],
    ["boolean", "nein", false],
    ["boolean", "0", false],
    ["country", "Deutschland", "DE"],
    ["country", "UK", "GB"],
    ["country", "united states", "US"],
    ["country", "Middle-earth", "Middle-earth"],
    ["money", "$(120.00)", -12_000],
    ["money", "(1,250.50) €", -125_050],
    ["domain", "https://www.Acme.com/about?x=1", "acme.com"],
    ["domain", "jo@acme.co.uk", "acme.co.uk"],
    ["domain", "jo@gmail.com", null],
    ["domain", "n/a", null],
    ["day", "2024-02-29", "2024-02-29"],
    ["day", "29.02.2024", "2024-02-29"],
    ["day", "2024-06-30T23:30:00Z", "2024-07-01"],
    ["moment", "2024-07-28 3:00", "2024-07-28T01:00:00Z"],
    ["moment", "2024-01-15", "2024-01-14T23:00:00Z"],
    ["moment", "2024-01-15T10:00:00+0100", "2024-01-15T09:00:00.000Z"],
  ])("%s reads %s as %s", (transform, text, value) => {
    expect(transforms[transform](text, setting)).toEqual(value);
  });

  test.each<[Transform, string, RegExp]>([
    ["money", "1.234", /may mean 1234 or 1\.234.*decimal/],
    ["money", "twelve", /not a number/],
    ["integer", "12.5", /not a whole number/],
    ["boolean", "perhaps", /neither yes nor no/],
    ["day", "03/04/2024", /two ways.*formats/],
    ["day", "2024-02-30", /not a day of the calendar/],
    ["day", "soon", /not a date.*formats/],
  ])("%s refuses %s and says why", (transform, text, reason) => {
    expect(() => transforms[transform](text, setting)).toThrow(reason);
  });

  test("currencies without cents have none", () => {
    expect(readMoney("1,500", "JPY")).toBe(1_500);
    expect(readMoney("1.5", "KWD")).toBe(1_500);
  });

  test("a named decimal sign settles what is open", () => {
    expect(readNumber("1.234", ",")).toBe("1234");
    expect(readMoney("1.005", "USD", ".")).toBe(101);
  });

  test("dates in a named form", () => {
    expect(readDay("03/04/2024", [patternOf("DD/MM/YYYY")], "UTC")).toBe("2024-04-03");
    expect(readDay("Mar 4, 2024", [patternOf("MMM D, YYYY")], "UTC")).toBe("2024-03-04");
    expect(readMoment("03/04/2024 11:30 PM", [patternOf("MM/DD/YYYY h:mm A")], "UTC")).toBe("2024-03-04T23:30:00Z");
    expect(readMoment("1709590000000", [patternOf("unix_ms")], "UTC")).toBe("2024-03-04T22:06:40.000Z");
  });
});

const yaml = (file: string) => `source: shop\ndefaults: { currency: USD }\nfiles:\n${file}`;
const accounts = (fields: string) =>
  yaml(`  - file: a.csv\n    kind: account\n    id: Id\n    fields:\n${fields.replace(/^/gm, "      ")}`);

describe("a mapping", () => {
  test.each([
    [
      "a field that the kind does not have",
      accounts("nmae: Name"),
      /shop\.yaml line 8.*account has no field "nmae"; did you mean name/,
    ],
    [
      "a transform that does not exist",
      accounts("name: { from: Name, as: titel }"),
      /line 8.*"titel" is no transform; there are text/,
    ],
    [
      "a kind that does not exist",
      yaml("  - { file: a.csv, kind: acount, id: Id, fields: {} }"),
      /"acount" is no kind; there are team/,
    ],
    ["a field from nowhere", accounts("name: { as: text }"), /one of `from`, `value` and `template`/],
    ["a key that nobody reads", accounts("name: { form: Name }"), /form is not known here/],
    ["a date form without a year", accounts("createdOn: { from: C, formats: [DD/MM] }"), /must hold YYYY/],
    [
      "a zone that does not exist",
      "source: x\ndefaults: { zone: Mars/Base }\nfiles: [{ file: a, kind: account, id: I, fields: {} }]",
      /Europe\/Berlin/,
    ],
    ["text that is no YAML", "source: [", /not readable as YAML/],
  ])("names file, place and cure of %s", (_, text, message) => {
    expect(() => parseMapping(text, "shop.yaml")).toThrow(message);
  });

  test("headings without a name are not proposed", () => {
    expect(() => columnsOf(["Stand 05/2026", "", ""], "list.csv").must("Company", "account.name")).toThrow(
      'list.csv has no column "Company", which the mapping wants for account.name; its columns are Stand 05/2026. Change',
    );
  });

  test("tells which column a file lacks, and which is near", () => {
    const mapping = parseMapping(accounts("name: Company Name"), "shop.yaml");
    expect(() => compile(mapping, mapping.files[0]!, ["Id", "CompanyName"], "a.csv")).toThrow(
      /a\.csv has no column "Company Name".*account\.name; did you mean CompanyName/,
    );
  });

  test("builds records from columns, tables, templates, constants and parts", () => {
    const mapping = parseMapping(
      accounts(
        "name: { template: '{First} & {Second}' }\nsegment: { value: startup }\ncrmStage: { from: Flag, map: { 'TRUE': churned }, otherwise: customer }\nannualRevenueMinor: Revenue\ncurrency: Cur\n" +
          "domains: { from: Sites, separator: ';', as: domain }\nowner.email: Owner\ncustom.seats: { from: Seats, as: integer }\nplan: { from: Plan, null_when: [none] }",
      ),
      "shop.yaml",
    );
    const heading = ["Id", "First", "Second", "Flag", "Revenue", "Cur", "Sites", "Owner", "Seats", "Plan"];
    const { read } = compile(mapping, mapping.files[0]!, heading, "a.csv");
    expect(
      read(["7", "Smith", "Sons", "true", "1,000.5", "EUR", "smith.com; www.sons.de", "jo@us.com", "12", "None"], 2)
        ?.record,
    ).toEqual({
      id: "7",
      name: "Smith & Sons",
      segment: "startup",
      crmStage: "churned",
      annualRevenueMinor: 100_050,
      currency: "EUR",
      domains: ["smith.com", "sons.de"],
      owner: { email: "jo@us.com" },
      custom: { seats: 12 },
      plan: null,
    });
    expect(read(["8", "A", "B", "x", "5", "", "", "", "", ""], 3)?.record).toMatchObject({
      crmStage: "customer",
      currency: "USD",
      annualRevenueMinor: 500,
      domains: null,
    });
  });

  test("every preset can be read", () => {
    const presets = readdirSync("knowledge/mappings");
    expect(presets.sort()).toEqual(["hubspot.yaml", "ravenstack.yaml", "salesforce.yaml"]);
    for (const file of presets)
      expect(parseMapping(readFileSync(`knowledge/mappings/${file}`, "utf8"), file).files.length).toBeGreaterThan(3);
  });
});
