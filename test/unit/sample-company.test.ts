import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type RecordKind, type RecordOf, records } from "#intake/records.ts";
import { SCRIPTS } from "#intake/sample/life.ts";
import { type SampleCompany, sampleCompany } from "#intake/sample/sample-company.ts";
import { TICKET_TEXTS } from "#intake/sample/texts/tickets.ts";

const SEED = 1;
const DAYS = ["2024-02-29", "2025-12-31", "2026-11-22"];
const told = new Map(DAYS.map((day) => [day, sampleCompany({ seed: SEED, day })]));

function companyOn(day: string): SampleCompany {
  const company = told.get(day);
  if (!company) throw new Error(`no company was told for ${day}`);
  return company;
}

function rowsOf<K extends RecordKind>(company: SampleCompany, kind: K): RecordOf<K>[] {
  const all = company.batches.flatMap((batch) => batch.records).filter((each) => each.kind === kind);
  return all.map((each) => each.record as RecordOf<K>); // the kind says which record it is
}

/** The CRM's id in a reference, however it is written. */
function idIn(ref: unknown): string {
  return typeof ref === "string" ? ref : String((ref as { id?: string } | null)?.id ?? "");
}

const grouped = <T>(rows: T[], key: (row: T) => string): Map<string, T[]> => Map.groupBy(rows, key);
const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);
const mean = (numbers: number[]): number => (numbers.length === 0 ? 0 : sum(numbers) / numbers.length);
const dayOf = (at: string): number => Date.parse(at.slice(0, 10)) / 86_400_000;
const monthsBetween = (from: string, to: string): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));
const MONTHS = { month: 1, quarter: 3, year: 12 };
const hashOf = (company: SampleCompany): string => createHash("sha256").update(JSON.stringify(company)).digest("hex");

describe("the same seed and day", () => {
  test("give the same rows, and another seed gives others", () => {
    const day = "2026-11-22";
    expect(hashOf(sampleCompany({ seed: SEED, day }))).toBe(hashOf(companyOn(day)));
    expect(hashOf(sampleCompany({ seed: SEED + 1, day }))).not.toBe(hashOf(companyOn(day)));
  });

  test("cannot be asked for with a day that does not exist", () => {
    expect(() => sampleCompany({ seed: SEED, day: "2025-02-29" })).toThrow(/is no day/);
    expect(() => sampleCompany({ seed: SEED, day: "yesterday" })).toThrow(/is no day/);
  });
});

describe.each(DAYS)("the sample company on %s", (day) => {
  const company = companyOn(day);
  const subscriptions = rowsOf(company, "subscription");
  const ledger = rowsOf(company, "mrr_event");
  const scriptOf = new Map(company.plots.map((plot) => [plot.accountId, plot.script]));
  const living = (...scripts: string[]) =>
    company.plots.filter((plot) => scripts.includes(plot.script)).map((plot) => plot.accountId);
  const accountNamed = (name: string) => rowsOf(company, "account").find((account) => account.name === name);

  test("passes the checks that every import passes", () => {
    const faults = company.batches
      .flatMap((batch) => batch.records)
      .filter(({ kind, record }) => !records[kind].safeParse(record).success);
    expect(faults).toEqual([]);
  });

  test("has between 35,000 and 50,000 rows, each under an id of its own", () => {
    const keys = company.batches.flatMap(({ source, records: rows }) =>
      rows.map(({ kind, record }) => `${source}/${kind}/${record.id}`),
    );
    expect(keys.length).toBeGreaterThan(35_000);
    expect(keys.length).toBeLessThan(50_000);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("names only accounts, contacts and people that stand before the row", () => {
    const seen = new Set<string>();
    const missing: string[] = [];
    for (const { kind, record } of company.batches.flatMap((batch) => batch.records)) {
      const { account, parent, contact, owner, person, assignee, referred } = record as Record<string, unknown>;
      const named = [account, parent, contact, owner, person, assignee, referred].map(idIn).filter((id) => id !== "");
      missing.push(...named.filter((id) => !seen.has(id)).map((id) => `${kind} ${record.id} → ${id}`));
      seen.add(record.id);
    }
    expect(missing).toEqual([]);
  });

  test("says nothing about the day itself or later, whatever the hour", () => {
    const moments = company.batches.flatMap(({ records: rows }) =>
      rows.flatMap(({ record }) =>
        Object.entries(record).filter(([field]) =>
          ["at", "createdAt", "firstReplyAt", "solvedAt", "issuedOn", "paidOn", "startedOn", "enteredOn"].includes(
            field,
          ),
        ),
      ),
    );
    const late = moments.filter(([, at]) => typeof at === "string" && at.slice(0, 10) >= day);
    expect(late).toEqual([]);
  });

  test("tells every plot at least five times, but for the ones with a name of their own", () => {
    const counts = grouped(company.plots, (plot) => plot.script);
    const thin = SCRIPTS.filter((script) => script !== "unknown" && (counts.get(script)?.length ?? 0) < 5);
    expect(thin).toEqual([]);
    expect(company.plots.length).toBeGreaterThan(390);
  });

  test("explains each account's subscriptions by its ledger, to the cent and in one currency", () => {
    const paying = subscriptions.filter((each) => each.status === "active" || each.status === "past_due");
    const inSubscriptions = grouped(paying, (each) => `${idIn(each.account)} ${each.currency}`);
    const inLedger = grouped(ledger, (each) => `${idIn(each.account)} ${each.currency}`);
    for (const [key, events] of inLedger) {
      expect(sum(events.map((each) => each.deltaMinor)), key).toBe(
        sum((inSubscriptions.get(key) ?? []).map((each) => each.mrrMinor)),
      );
    }
    expect([...inSubscriptions.keys()].filter((key) => !inLedger.has(key))).toEqual([]);
  });

  test("bills what the ledger says, interval by interval", () => {
    const events = grouped(ledger, (each) => each.subscription ?? "");
    const invoices = grouped(rowsOf(company, "invoice"), (each) => each.subscription ?? "");
    for (const { id, interval, startedOn, endedOn, trial } of subscriptions) {
      if (trial || !interval) continue;
      const bills = (invoices.get(id) ?? []).toSorted((one, other) => one.issuedOn.localeCompare(other.issuedOn));
      expect(bills[0]?.issuedOn, id).toBe(startedOn);
      for (const bill of bills) {
        const changes = events.get(id) ?? [];
        const mrr = sum(changes.filter((each) => each.at.slice(0, 10) <= bill.issuedOn).map((each) => each.deltaMinor));
        const added = sum(
          changes.filter((each) => each.at.slice(0, 10) === bill.issuedOn).map((each) => each.deltaMinor),
        );
        const into = monthsBetween(startedOn, bill.issuedOn) % MONTHS[interval];
        expect(bill.dueMinor, `${id} ${bill.id}`).toBe(
          into === 0 ? mrr * MONTHS[interval] : added * (MONTHS[interval] - into),
        );
      }
      const regular = bills.filter((bill) => monthsBetween(startedOn, bill.issuedOn) % MONTHS[interval] === 0);
      const months = monthsBetween(startedOn, endedOn ?? day);
      expect(Math.abs(regular.length - months / MONTHS[interval]), id).toBeLessThanOrEqual(1);
    }
  });

  test("lets no customer leave who had not fallen silent first", () => {
    const usage = grouped(rowsOf(company, "usage"), (each) => idIn(each.account));
    const talk = grouped(rowsOf(company, "interaction"), (each) => idIn(each.account));
    const gone = living("churned_voluntary", "churned_involuntary");
    expect(gone.length).toBeGreaterThan(40);
    for (const id of gone) {
      const end = dayOf(subscriptions.find((each) => idIn(each.account) === id)?.endedOn ?? "");
      const active = (from: number, until: number) =>
        (usage.get(id) ?? [])
          .filter((each) => dayOf(each.day) > end - from && dayOf(each.day) <= end - until)
          .map((each) => each.activeUsers ?? 0);
      expect(sum(active(21, 0)) / 3, id).toBeLessThan(0.5 * mean(active(140, 85)));
      const words = (talk.get(id) ?? []).filter((each) => each.direction === "inbound" && dayOf(each.at) > end - 42);
      expect(words, id).toEqual([]);
    }
  });

  test("keeps the payment story of those who are in dunning and of those who left unpaid", () => {
    const invoices = grouped(rowsOf(company, "invoice"), (each) => idIn(each.account));
    for (const id of living("dunning")) {
      const overdue = (invoices.get(id) ?? []).filter((each) => each.status === "open" && (each.dueOn ?? day) < day);
      expect(overdue.length, id).toBeGreaterThan(0);
      expect(overdue[0]?.attempts ?? 0, id).toBeGreaterThan(1);
      expect(subscriptions.find((each) => idIn(each.account) === id)?.status).toBe("past_due");
    }
    for (const id of living("churned_involuntary")) {
      expect(subscriptions.find((each) => idIn(each.account) === id)).toMatchObject({
        status: "ended",
        cancelKind: "involuntary",
      });
      expect((invoices.get(id) ?? []).at(-1)?.status).toBe("uncollectible");
    }
    const others = [...invoices].filter(([id]) => scriptOf.get(id) !== "dunning").flatMap(([, bills]) => bills);
    expect(others.filter((each) => each.status === "open" && (each.dueOn ?? day) < day)).toEqual([]);
  });

  test("loses somebody in each of the last four weeks", () => {
    const weeksAgo = ledger
      .filter((each) => each.reason?.endsWith("churn"))
      .map((each) => Math.floor((dayOf(day) - dayOf(each.at)) / 7));
    expect([0, 1, 2, 3].filter((week) => !weeksAgo.includes(week))).toEqual([]);
  });

  test("gives every leaver a reason, and brings some back", () => {
    const departures = rowsOf(company, "churn");
    expect(departures.filter((each) => !each.reason)).toEqual([]);
    expect(new Set(departures.map((each) => each.reason)).size).toBeGreaterThan(5);
    const back = grouped(ledger, (each) => idIn(each.account));
    for (const id of living("reactivated")) {
      expect((back.get(id) ?? []).map((each) => each.reason)).toEqual(["new", "churn", "reactivation"]);
    }
  });

  test("has renewals in the coming weeks, some of them without a word for two months", () => {
    const talk = grouped(rowsOf(company, "interaction"), (each) => idIn(each.account));
    for (const id of living("renewal_silent")) {
      const subscription = subscriptions.find((each) => idIn(each.account) === id);
      const ahead = dayOf(subscription?.renewsOn ?? "") - dayOf(day);
      expect(ahead, id).toBeGreaterThanOrEqual(0);
      expect(ahead, id).toBeLessThanOrEqual(31);
      const words = (talk.get(id) ?? []).filter((each) => each.direction !== "none").map((each) => dayOf(each.at));
      expect(dayOf(day) - Math.max(...words), id).toBeGreaterThan(60);
    }
  });

  test("knows three Acmes, each in another chapter", () => {
    expect(accountNamed("Acme Corp")).toMatchObject({ currency: "USD", owner: "p-08" });
    expect(accountNamed("Acme Corp")?.domains).toContain("acme.com");
    expect(accountNamed("Acme GmbH")).toMatchObject({ currency: "EUR", country: "DE", domains: ["acme.de"] });
    expect(accountNamed("ACME Labs")).toBeDefined();
    const corp = accountNamed("Acme Corp")?.id ?? "";
    const renewal = subscriptions.find((each) => idIn(each.account) === corp)?.renewsOn ?? "";
    expect(dayOf(renewal) - dayOf(day)).toBeLessThanOrEqual(45);
    expect(
      rowsOf(company, "ticket").filter((each) => idIn(each.account) === corp && each.status === "open"),
    ).toHaveLength(1);
    const gmbh = accountNamed("Acme GmbH")?.id ?? "";
    expect(subscriptions.filter((each) => idIn(each.account) === gmbh)).toEqual([]);
    expect(rowsOf(company, "opportunity").filter((each) => idIn(each.account) === gmbh && !each.closed)).toHaveLength(
      1,
    );
    const asked = rowsOf(company, "interaction").filter(
      (each) => idIn(each.account) === gmbh && each.subject?.includes("Prices"),
    );
    expect(asked).toMatchObject([{ direction: "inbound" }]);
  });

  test("knows of Quiet Harbor only that it is there", () => {
    const quiet = accountNamed("Quiet Harbor");
    const filled = Object.entries(quiet ?? {}).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    );
    expect(filled.map(([field]) => field).toSorted()).toEqual(["createdOn", "id", "name"]);
    const others = company.batches
      .flatMap((batch) => batch.records)
      .filter(({ record }) => "account" in record && idIn(record.account) === quiet?.id);
    expect(others).toEqual([]);
  });

  test("has names that are hard to type, and a group of companies", () => {
    const accounts = rowsOf(company, "account");
    expect(accountNamed("Hartmann & Söhne GmbH & Co. KG")?.aliases).toContain("Hartmann und Söhne");
    const group = accountNamed("Meridian Group Holdings plc");
    expect(accounts.filter((account) => account.parent && idIn(account.parent) === group?.id)).toHaveLength(3);
    expect(accounts.some((account) => account.name.length > 150)).toBe(true);
    expect(accounts.filter((account) => (account.aliases?.length ?? 0) > 0).length).toBeGreaterThan(8);
    expect(accounts.filter((account) => (account.domains?.length ?? 0) > 1).length).toBeGreaterThan(8);
    const people = rowsOf(company, "contact").map((contact) => contact.name ?? "");
    expect(people.some((name) => /\p{Extended_Pictographic}/u.test(name))).toBe(true);
    expect(people.some((name) => /\p{Script=Arabic}/u.test(name))).toBe(true);
  });

  test("has had no telemetry for nine days, and everything else today", () => {
    const asOf = new Map(company.feeds.map((feed) => [feed.domain, feed.syncedOn]));
    expect(dayOf(day) - dayOf(asOf.get("usage") ?? "")).toBe(9);
    expect([...asOf].filter(([domain]) => domain !== "usage").every(([, on]) => on === day)).toBe(true);
    const newest = Math.max(...rowsOf(company, "usage").map((each) => dayOf(each.day)));
    expect(dayOf(day) - newest).toBe(9);
  });

  test("carries text that gives orders, in a note, a ticket and a mail of three accounts", () => {
    const written = [
      ...rowsOf(company, "note").filter((each) => /ignore all previous instructions/i.test(each.body)),
      ...rowsOf(company, "ticket").filter((each) => /\[system message\]/.test(each.body ?? "")),
      ...rowsOf(company, "interaction").filter((each) => /!\[status\]\(https:/.test(each.body ?? "")),
    ];
    expect(new Set(written.map((each) => idIn(each.account))).size).toBe(3);
  });

  test("has a CRM whose stages are mostly right and sometimes left behind", () => {
    const customers = rowsOf(company, "account").filter((account) =>
      ["steady", "growing", "contracting", "at_risk", "onboarding"].includes(scriptOf.get(account.id) ?? ""),
    );
    const wrong = customers.filter((account) => account.crmStage !== "customer").length / customers.length;
    expect(wrong).toBeGreaterThan(0.02);
    expect(wrong).toBeLessThan(0.16);
  });

  test("hears many different complaints, all filled in", () => {
    const tickets = rowsOf(company, "ticket");
    expect(new Set(TICKET_TEXTS.map((text) => text.subject)).size).toBeGreaterThanOrEqual(40);
    expect(new Set(tickets.map((each) => each.body)).size).toBeGreaterThan(200);
    expect(tickets.filter((each) => /[{}]/.test(`${each.subject}${each.body}`))).toEqual([]);
  });

  test("has a team for every region, with a manager, and hardly an account in the name of one who left", () => {
    const people = rowsOf(company, "person");
    for (const team of rowsOf(company, "team"))
      expect(people.find((person) => person.id === team.manager)?.team, team.name).toBe(team.id);
    expect(rowsOf(company, "team")).toHaveLength(4);
    const left = people.filter((person) => person.active === false).map((person) => person.id);
    const share =
      rowsOf(company, "account").filter((account) => left.includes(idIn(account.owner))).length / company.plots.length;
    expect(share).toBeLessThan(0.04);
  });
});
