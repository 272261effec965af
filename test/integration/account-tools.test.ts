import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { ownerNamed } from "#cli/talk/owner.ts";
import type { Place } from "#cli/terminal.ts";
import { type Sql, sql } from "#database/sql.ts";
import { DETAILS } from "#tools/detail-lines.ts";
import { toolNamed } from "#tools/index.ts";
import { SAMPLE_DAY, type Sample, sampleCompanyHouse } from "../fixtures/sample.ts";

let sample: Sample;
beforeAll(async () => {
  sample = await sampleCompanyHouse();
});

interface Called {
  // Each tool has a finding of its own; the tests look at a few fields of each.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  found: any;
  words: string;
}

async function call(name: string, input: unknown): Promise<Called> {
  const tool = toolNamed(name)!;
  const found = await tool.run(tool.input.parse(input), sample.context);
  return { found, words: tool.say(found) };
}

const byHand = <T extends z.ZodType>(row: T, query: Sql) =>
  sample.database.read(sample.context.actor, (rows) => rows.many(row, query));

describe("one thing about an account", () => {
  const about = (account: string, ...wanted: string[]) => call("account_detail", { account, about: wanted });

  test("the newest word of the customer stands first, with what was written", async () => {
    const newest = await byHand(
      z.object({ day: z.string(), subject: z.string() }),
      sql`select k.created_at::date as day, k.subject from ticket k join account a using (workspace_id, account_id)
          where a.name = 'Clearforge Media SARL' order by k.created_at desc limit 1`,
    );
    const { words } = await about("Clearforge", "said");
    const [, first = ""] = words.split("\n");
    expect(first).toContain(newest[0]!.day);
    expect(first).toContain(newest[0]!.subject);
    expect(words.match(/^- /gm)).toHaveLength(3);
  });

  test("contacts are told by what they decide, and who is not known is said", async () => {
    const known = await byHand(
      z.object({ name: z.string(), role: z.string().nullable() }),
      sql`select c.full_name as name, c.role from contact c join account a using (workspace_id, account_id) where a.name = 'Northdale Energy AG'`,
    );
    const { words } = await about("Northdale", "contacts");
    for (const { name } of known) expect(words).toContain(name);
    expect(known.some(({ role }) => role === "decision_maker")).toBe(false);
    expect(words).toContain("Decision maker: none on record");
  });

  test("what an account says is what its overview says", async () => {
    const { words } = await about("Acme Corp", "renewal", "mrr", "nps");
    const overview = (await call("account_overview", { account: "Acme Corp" })).words;
    const [renewal, mrr] = ["Renewal:", "MRR:"].map((each) =>
      overview.split("\n").find((line) => line.startsWith(`- ${each}`)),
    );
    expect(words).toContain(renewal);
    expect(words).toContain(mrr);
  });

  test("an account on which nothing is known says so, line by line", async () => {
    const { found } = await about("Quiet Harbor", ...DETAILS);
    expect(found.details.filter(({ lines }: { lines: unknown[] }) => lines.length === 0)).toEqual([]);
    const lines = found.details.flatMap((each: { lines: { says: string }[] }) => each.lines.map(({ says }) => says));
    expect(lines.join("\n")).toMatch(/Contacts: none on record[\s\S]*Last contact: none on record/);
  });
});

test("words to use take the place of the steps, and stand in the same playbooks", async () => {
  const [steps, written, spoken] = await Promise.all([
    call("next_steps", { account: "Clearforge" }),
    call("next_steps", { account: "Clearforge", words: "write" }),
    call("next_steps", { account: "Clearforge", words: "say" }),
  ]);
  const of = ({ found }: Called, field: "playbookId" | "source" | "section") =>
    found.steps.map(({ passage }: { passage: Record<string, string> }) => passage[field]);
  expect(of(written, "playbookId")).toEqual(of(steps, "playbookId"));
  expect(of(steps, "section")).toEqual(["Steps", "Steps"]);
  expect(of(written, "section").join()).not.toMatch(/Steps|Call/);
  expect(of(spoken, "section")[0]).toMatch(/^Call/);
});

test("a playbook without words for a call says that its words are to write", async () => {
  const { found, words } = await call("next_steps", { account: "Brightforge Systems", words: "say" });
  const unspoken = found.steps.filter(({ passage }: { passage: { section: string } }) => passage.section === "Mail");
  expect(unspoken.length).toBeGreaterThan(0);
  expect(words.split("no words for a call").length - 1).toBeGreaterThanOrEqual(unspoken.length);
});

describe("contacts since a day", () => {
  const talked = sql`i.direction <> 'none' and i.channel <> 'web' and i.campaign is null`;

  test("are the mails, calls and meetings of both sides, and nothing else", async () => {
    const [account] = await byHand(
      z.object({ name: z.string(), many: z.number() }),
      sql`select a.name, count(*)::int as many from interaction i join account a using (workspace_id, account_id)
          where ${talked} and i.occurred_at::date between '2026-11-01' and ${SAMPLE_DAY} group by a.account_id, a.name order by 2 desc, 1 limit 1`,
    );
    const { found } = await call("account_timeline", { account: account!.name, since: "2026-11-01", only: "contacts" });
    expect(found.events).toHaveLength(account!.many);
    expect(new Set(found.events.map(({ kind }: { kind: string }) => kind))).toEqual(new Set(["interaction"]));
  });

  test("where there were none, the last one before is told", async () => {
    const { words } = await call("account_timeline", {
      account: "Brightforge Systems",
      since: "2026-11-01",
      only: "contacts",
    });
    const [last] = await byHand(
      z.object({ day: z.string() }),
      sql`select max(i.occurred_at::date) as day from interaction i join account a using (workspace_id, account_id) where a.name = 'Brightforge Systems' and ${talked}`,
    );
    expect(words).toContain(`no mail, call or meeting. The last word before: ${last!.day}`);
  });
});

describe("deals", () => {
  const total = z.object({ deals: z.number(), minor: z.number() });

  test("the open ones of a month and a colleague, counted and summed, the nearest first", async () => {
    const [expected] = await byHand(
      total,
      sql`select count(*)::int as deals, sum(o.amount_minor)::bigint as minor from opportunity o join person p on p.workspace_id = o.workspace_id and p.person_id = o.owner_id
          where not o.is_closed and p.full_name = 'Owen Fairclough' and o.close_on between '2026-11-22' and '2026-12-31'`,
    );
    const { found, words } = await call("deals", {
      closes_from: SAMPLE_DAY,
      closes_to: "2026-12-31",
      filters: { owner: ["Owen"] },
    });
    expect(found.count).toBe(expected!.deals);
    expect(found.totals.reduce((sum: number, each: { amountMinor: number }) => sum + each.amountMinor, 0)).toBe(
      expected!.minor,
    );
    const days = found.deals.map((each: { closeOn: string }) => each.closeOn);
    expect(days).toEqual([...days].sort());
    expect(words).toContain(`**${expected!.deals} deals** (open; closing from 2026-11-22 to 2026-12-31; owner Owen`);
  });

  test("by amount, amounts of other currencies are weighed at the stored rate", async () => {
    const rates = await byHand(
      z.object({ currency: z.string(), rate: z.number() }),
      sql`select distinct on (currency) currency::text as currency, rate::float8 as rate from exchange_rate where day <= ${SAMPLE_DAY} order by currency, day desc`,
    );
    const { found } = await call("deals", { sort: "amount", limit: 100 });
    const inBase = found.deals.map(
      ({ amountMinor, currency }: { amountMinor: number; currency: string }) =>
        amountMinor * (rates.find((each) => each.currency === currency)?.rate ?? 1),
    );
    expect(new Set(found.deals.map((each: { currency: string }) => each.currency)).size).toBeGreaterThan(1);
    expect(inBase).toEqual([...inBase].sort((a, b) => b - a));
    expect(found.baseMinor).toBeCloseTo(
      inBase.reduce((sum: number, each: number) => sum + each, 0),
      -2,
    );
  });

  test("those of at least an amount are the ones that come to it", async () => {
    const { found } = await call("deals", { sort: "amount", limit: 100 });
    const { found: big } = await call("deals", { sort: "amount", limit: 100, at_least: 100_000 });
    expect(big.count).toBeGreaterThan(0);
    expect(big.deals).toEqual(found.deals.slice(0, big.count));
  });

  test("won and lost ones are told by the day on which they closed", async () => {
    const [expected] = await byHand(
      total,
      sql`select count(*)::int as deals, sum(amount_minor)::bigint as minor from opportunity where is_closed and not is_won and close_on between '2026-07-01' and '2026-09-30'`,
    );
    const { found } = await call("deals", { state: "lost", closes_from: "2026-07-01", closes_to: "2026-09-30" });
    expect(found.count).toBe(expected!.deals);
    expect(found.averageMinor).toBe(Math.round(found.baseMinor / expected!.deals)); // each has an amount
  });
});

describe("what is due", () => {
  test("overdue tasks of everybody, each with who has it", async () => {
    const [expected] = await byHand(
      z.object({ tasks: z.number(), owner: z.string() }),
      sql`select count(*)::int as tasks, (array_agg(p.full_name order by k.due_on, k.task_id))[1] as owner
          from task k join person p on p.workspace_id = k.workspace_id and p.person_id = k.owner_id where k.status = 'open' and k.due_on <= ${SAMPLE_DAY}`,
    );
    const { found, words } = await call("agenda", { within_days: 0, only: "tasks" });
    expect(found.counts).toMatchObject({ tasks: expected!.tasks, deals: 0, renewing: 0 });
    expect(words.split("\n")[2]).toContain(expected!.owner);
  });

  test("tasks, unanswered words, urgent tickets, deals and renewals of one colleague", async () => {
    const [expected] = await byHand(
      z.object({ tasks: z.number(), waiting: z.number(), renewing: z.number(), deals: z.number() }),
      sql`with me as (select person_id from person where full_name = 'Tasha Whitlock'),
            mine as (select f.* from account_facts f join account a using (workspace_id, account_id) join me on me.person_id = a.owner_id)
          select (select count(*)::int from task k join me on me.person_id = k.owner_id where k.status = 'open' and k.due_on <= '2026-11-29') as tasks,
            (select count(*)::int from mine where last_inbound_on >= '2026-10-23' and (last_outbound_on is null or last_outbound_on < last_inbound_on)) as waiting,
            (select count(*)::int from mine where mrr_minor > 0 and cancel_on is null and renews_on between '2026-11-22' and '2026-11-29') as renewing,
            (select count(*)::int from opportunity o join me on me.person_id = o.owner_id where not o.is_closed and o.close_on <= '2026-11-29') as deals`,
    );
    const { found, words } = await call("agenda", { owner: "Tasha" });
    expect(found.owner).toBe("Tasha Whitlock");
    expect(found.counts).toMatchObject(expected!);
    expect(found.tasks[0].dueOn < SAMPLE_DAY).toBe(true); // what is overdue stands first
    expect(words).toContain(`Tasks due: ${expected!.tasks}`);
    expect(found.accounts.length).toBeGreaterThan(3); // "the first one" can be asked about next
  });

  test("a colleague whom nobody knows is asked about", async () => {
    await expect(call("agenda", { owner: "Nobody Atall" })).rejects.toThrow(/no account owner “Nobody Atall”/);
  });
});

test("who asks in a terminal is found by a name that one person has", async () => {
  // Of the place only these two are read.
  const place = { house: { database: sample.database }, workspace: sample.workspace } as unknown as Place;
  expect(await ownerNamed(place, "owen fairclough")).toBe("Owen Fairclough");
  expect(await ownerNamed(place, "Fairclough")).toBe("Owen Fairclough");
  await expect(ownerNamed(place, "Owen Fairclogh")).rejects.toThrow(/--as or PERENNIAL_ME.*Owen Fairclough/);
});
