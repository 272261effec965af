import { expect, test } from "vitest";
import type { Answer, Finding } from "#agent/answer.ts";
import { ACTIONS, actionOf, readValue } from "#slack/actions.ts";
import type { Block, Look } from "#slack/message.ts";
import {
  answerMessages,
  cardOf,
  cut,
  cutMrkdwn,
  dayFrom,
  helpMessage,
  homeView,
  momentIn,
  nameIn,
  quoteIn,
  refusalMessage,
  settingsModal,
  toMrkdwn,
} from "#slack/views/index.ts";
import { tools } from "#tools/index.ts";

const look: Look = { today: "2026-11-22", zone: "Europe/Berlin", audience: "private" };
const account = { id: 12, name: "Acme GmbH", spelling: null };
const reason = {
  what: "next renewal",
  asked: "in the next 60 days",
  value: "2026-12-20",
  shown: "2026-12-20",
  held: "yes",
  on: "2026-12-20",
  rows: [{ row: "subscription:3", label: "subscription Team, active", source: "billing S-12" }],
  doubt: null,
};
const stage = {
  stage: "retention",
  name: "Retention",
  since: "2026-03-02",
  daysInStage: 265,
  expectedDays: 365,
  model: "Six stages",
  says: "Pays since 2026-03-02.",
  reasons: [reason],
  context: [],
  confidence: "sure",
  doubts: ["usage data is 9 days old (source telemetry)"],
  lapsedSince: null,
  pending: null,
  crmDiffers: null,
  pin: null,
};
const why: Finding = finding("why_this_stage", {
  account,
  stage,
  objective: "Keep them",
  nearest: { stage: "Advocacy", missing: [{ ...reason, held: "no" }] },
  history: [],
});
const steps: Finding = finding("next_steps", {
  account,
  today: look.today,
  stage: "Retention",
  steps: [
    {
      move: "check_in",
      title: "Call before the renewal",
      playbookTitle: "Renewal in 90 days",
      why: [reason],
      owner: "Owen Fairclough",
      dueOn: "2026-11-29",
      effortMinutes: 30,
      success: "A date is set",
      passage: {
        playbookId: "renewal-90-days",
        title: "Renewal in 90 days",
        section: "Steps",
        path: ["Steps"],
        text: "# Steps\n\n1. **Call** them.\n2. Ask.",
        source: "knowledge/playbooks/retention/renewal-90-days.md#steps",
        reviewBy: "2027-01-01",
        stages: [],
        moves: [],
      },
    },
  ],
  held: [],
  emptyBecause: null,
  doubts: [],
});

function finding(tool: string, output: unknown, words = `**${tool}**\nin words`): Finding {
  return { tool, input: {}, output, words, isError: false };
}

function answer(changes: Partial<Answer>): Answer {
  const usage = { modelCalls: 0, tokens: 0, ms: 1 };
  const focus = { account: null, accounts: [], calls: [], pending: null };
  const nothing = { findings: [], sources: [], dropped: [], keptOut: [] };
  return { text: "", offline: false, offlineBecause: null, ...nothing, usage, focus, ...changes };
}

const typesOf = (blocks: readonly Block[]) => blocks.map(({ type }) => type);
const wordsOf = (blocks: readonly Block[]) => JSON.stringify(blocks);

/** The actions that can be pressed, with what they carry, in their order. */
function pressesIn(value: unknown): { action: string; value: unknown }[] {
  if (typeof value !== "object" || value === null) return [];
  const own =
    "action_id" in value && "value" in value
      ? [{ action: String(value.action_id), value: readValue(String(value.value)) }]
      : [];
  return [...own, ...Object.values(value).flatMap(pressesIn)];
}

test("why an account is in its stage, with the row and its day behind the reason, and what the next stage lacks", () => {
  const card = wordsOf(cardOf(why, look));
  expect(card).toContain("*Retention* since 2 Mar 2026 (265 days, expected up to 365)");
  expect(card).toContain("Next renewal: *20 Dec 2026* — subscription Team, active (billing S-12)");
  expect(card).toContain("*For Advocacy it lacks:*");
  expect(card).toContain("Usage data is 9 days old");
});

test("a step says who, until when and why, quotes its passage, and opens the whole playbook", () => {
  const blocks = cardOf(steps, look);
  const card = wordsOf(blocks);
  expect(card).toContain("Owen Fairclough, by *29 Nov 2026 (in 7 days)*, about 30 minutes");
  expect(card).toContain("> 1. *Call* them.");
  expect(card).toContain("renewal-90-days.md#steps");
  expect(pressesIn(blocks)[0]).toEqual({
    action: ACTIONS.playbook,
    value: { passage: "renewal-90-days#steps" },
  });
});

test("two cards of one account share one row of buttons, without what is shown already", () => {
  const [message] = answerMessages(
    answer({
      offline: true,
      offlineBecause: "no model",
      text: "Offline answer: no model is configured.\n\n…",
      findings: [why, steps],
    }),
    look,
    { turn: 7 },
  );
  const pressed = pressesIn(message).map(({ action }) => actionOf(action));
  expect(pressed.filter((each) => each === ACTIONS.timeline)).toHaveLength(1);
  expect(pressed).toContain(ACTIONS.overview);
  expect(pressed).not.toContain(ACTIONS.whyThisStage);
  expect(pressed).not.toContain(ACTIONS.nextSteps);
  expect(message!.blocks.length).toBeLessThanOrEqual(12);
});

test("a model's prose comes first and its cards after it; words of a tool that it repeats are not shown twice", () => {
  const prose = "Acme GmbH renews soon.";
  const said = answerMessages(answer({ text: prose, findings: [steps] }), look, { turn: 7 });
  expect(typesOf(said[0]!.blocks)[0]).toBe("markdown");
  expect(wordsOf(said[0]!.blocks)).toContain("Call before the renewal");
  const repeated = answerMessages(answer({ text: `${prose}\n\n${steps.words}`, findings: [steps] }), look, { turn: 7 });
  expect(repeated[0]!.blocks[0]).toEqual({ type: "markdown", text: prose });
});

test("offline it says so, and why, before everything else", () => {
  const notice = "The model did not answer (it was too slow); this is the offline answer.";
  const [message] = answerMessages(
    answer({ offline: true, offlineBecause: "provider", text: `${notice}\n\n${why.words}`, findings: [why] }),
    look,
    { turn: null },
  );
  expect(message!.blocks[0]).toMatchObject({ type: "context", elements: [{ text: notice }] });
  expect(message!.text).toContain("in words");
});

test("a channel reads what was kept out of it, and each person can have it privately", () => {
  const given = answer({
    text: "It renews soon.",
    findings: [steps],
    keptOut: ["ticket subjects", "names of contacts"],
  });
  const [open] = answerMessages(given, { ...look, audience: "channel" }, { turn: 7 });
  expect(wordsOf(open!.blocks)).toContain("Kept out of this channel: ticket subjects and names of contacts.");
  expect(open!.text).toContain("Kept out of this channel");
  expect(pressesIn(open)).toContainEqual({ action: ACTIONS.showPrivately, value: { turn: 7 } });
  const [alone] = answerMessages(given, look, { turn: 7 });
  expect(wordsOf(alone!.blocks)).not.toContain("Kept out");
});

test("thumbs carry the turn and what was thought of it; a question back is not to be judged", () => {
  const [message] = answerMessages(answer({ text: "Yes.", findings: [why] }), look, { turn: 7 });
  expect(message!.blocks.at(-1)).toMatchObject({
    type: "context_actions",
    elements: [{ positive_button: { value: '{"turn":7,"feedback":"good"}' } }],
  });
  const choice = finding("account_overview", { kind: "choice", message: "Which one?", choices: [] }, "Which one?");
  const [back] = answerMessages(answer({ text: "Which one?", findings: [choice] }), look, { turn: 7 });
  expect(typesOf(back!.blocks)).not.toContain("context_actions");
});

test("a tool that failed is a sentence, never its data", () => {
  const failed = {
    ...finding("portfolio", { kind: "failed", message: "x" }, "That failed on my side (ref 7f3a)."),
    isError: true,
  };
  const [message] = answerMessages(
    answer({ offline: true, text: "Offline.\n\nThat failed on my side (ref 7f3a).", findings: [failed] }),
    look,
    { turn: 7 },
  );
  expect(wordsOf(message!.blocks)).toContain("That failed on my side (ref 7f3a).");
  expect(wordsOf(message!.blocks)).not.toContain("kind");
});

test("few accounts to choose from are buttons, many are a menu; both carry the account", () => {
  const choices = Array.from({ length: 6 }, (_, at) => ({ id: at + 1, label: `Acme ${at + 1}`, hint: "DE" }));
  const ask = (count: number) =>
    cardOf(
      finding("find_account", {
        kind: "choice",
        message: "Which one do you mean by “Acme”: …?",
        choices: choices.slice(0, count),
      }),
      look,
    );
  expect(pressesIn(ask(3))).toEqual(
    [1, 2, 3].map((id) => ({ action: `${ACTIONS.chooseAccount}:${id}`, value: { account: id } })),
  );
  expect(wordsOf(ask(3))).toContain("by “Acme”");
  expect(wordsOf(ask(6))).toContain("static_select");
  expect(wordsOf(ask(6))).toContain('\\"account\\":6');
});

const portfolio = {
  asked: "",
  asOf: "2026-11-22",
  count: 500,
  baseCurrency: "USD",
  baseMrrMinor: 100,
  totals: [],
  accounts: Array.from({ length: 500 }, (_, id) => ({
    id,
    name: `Account ${id}`,
    owner: "Owen Fairclough",
    team: null,
    stage: "Retention",
    since: null,
    lapsedSince: null,
    mrrMinor: 123_450,
    currency: "JPY",
    health: 60,
    renewsOn: "2026-12-20",
    lastTouchOn: null,
    nps: null,
    openTickets: 0,
    tickets: 0,
    seats: null,
    overdueMinor: 0,
  })),
  groupedBy: null as string | null,
  measure: "mrr" as "mrr" | "accounts",
  groups: [] as { value: string | null; accounts: number; baseMrrMinor: number; averageHealth: number | null }[],
  churnSignals: null,
  countWithUrgent: null,
  showing: null,
};

test("of 500 accounts the table shows what Slack takes, and says how many those are", () => {
  const blocks = cardOf(finding("portfolio", portfolio), look, { turn: 3 });
  const table = blocks.find((block) => "rows" in block);
  const shown = table && "rows" in table ? table.rows.length - 1 : 0;
  expect(shown).toBe(100);
  expect(wordsOf(blocks)).toContain("100 of 500 accounts shown");
  expect(wordsOf(blocks)).toContain('"value":123450,"text":"¥123,450"');
  expect(pressesIn(blocks)).toEqual([{ action: ACTIONS.portfolioCsv, value: { turn: 3 } }]);
});

test("groups get a chart: shares where they are few, bars where they are many, each label once", () => {
  const grouped = (names: string[]) =>
    cardOf(
      finding("portfolio", {
        ...portfolio,
        accounts: [],
        groupedBy: "owner",
        groups: names.map((value, at) => ({
          value,
          accounts: at + 1,
          baseMrrMinor: 100 * (at + 1),
          averageHealth: null,
        })),
      }),
      look,
    );
  expect(wordsOf(grouped(["A", "B"]))).toContain('"type":"pie"');
  const long = "Northern and Eastern Europe, key accounts";
  const bars = grouped(Array.from({ length: 30 }, (_, at) => `${long} ${at}`)).find(
    ({ type }) => type === "data_visualization",
  );
  expect(bars).toMatchObject({ chart: { type: "bar" } });
  const labels = JSON.stringify(bars).match(/(?<="label":")[^"]+/g) ?? [];
  expect(new Set(labels).size).toBe(20);
  expect(grouped(["A"]).some(({ type }) => type === "data_visualization")).toBe(false);
});

test("“MRR by stage” charts MRR, “how many accounts in each stage” charts accounts", () => {
  const charted = (measure: "mrr" | "accounts") =>
    cardOf(
      finding("portfolio", {
        ...portfolio,
        accounts: [],
        groupedBy: "stage",
        measure,
        groups: [
          { value: "Retention", accounts: 3, baseMrrMinor: 123_400, averageHealth: 60 },
          { value: "Awareness", accounts: 7, baseMrrMinor: 0, averageHealth: null },
        ],
      }),
      look,
    ).find(({ type }) => type === "data_visualization");
  const bars = (label: string, retention: number, awareness: number) => ({
    title: `${label} by stage`,
    chart: {
      series: [
        {
          data: expect.arrayContaining([
            { label: "Retention", value: retention },
            { label: "Awareness", value: awareness },
          ]),
        },
      ],
    },
  });
  expect(charted("mrr")).toMatchObject(bars("MRR in USD", 1_234, 0));
  expect(charted("accounts")).toMatchObject({
    title: "Accounts by stage",
    chart: {
      segments: [
        { label: "Awareness", value: 7 },
        { label: "Retention", value: 3 },
      ],
    },
  });
});

test("no playbook covers it: said plainly, and the closest ones can be opened", () => {
  const close = { playbookId: "x", title: "Comparing us", section: "Call", source: "knowledge/x.md#call" };
  const card = wordsOf(
    cardOf(
      finding("search_playbooks", {
        verdict: "close",
        passages: [close],
        account: null,
        stage: null,
        facts: [],
        note: null,
      }),
      look,
    ),
  );
  expect(card).toContain("*No playbook covers this.*");
  expect(card).toContain("*Comparing us* — Call");
  expect(card).toContain("Open the playbook Comparing us");
});

test("nothing that stands in a CRM can call people, link or format", () => {
  const shown = nameIn("*Acme* <!channel> <@U123> _x_ `y` ~z~ & <https://evil.example|pay here> @here :fire:");
  expect(shown).not.toMatch(/[*`~]|<|>|_x_/);
  expect(shown).toContain("&lt;!channel&gt;");
  expect(shown).toContain("&amp;");
  expect(shown).not.toContain("@here");
  expect(shown).not.toContain(":fire:");
  expect(nameIn("line\nbreak\u202e\u0000")).toBe("line break");
  expect(nameIn("שלום בע״מ")).toBe("\u2068שלום בע״מ\u2069");
  expect(nameIn("  ")).toBe("unnamed");
  expect(quoteIn("see https://evil.example/x now")).toBe("“see (link) now”");
});

test("Markdown of our tools reads well in Slack, and its links cannot be pressed", () => {
  expect(
    toMrkdwn("## Next\n**Acme** is *fine*, see [the page](https://x.example)\n- one\n  - two\n> quoted **it**"),
  ).toBe("*Next*\n*Acme* is _fine_, see the page (https://x.example)\n• one\n  • two\n> quoted *it*");
  expect(toMrkdwn("| a | b |\n|---|---|\n| 1 | 2 |")).toBe("*a · b*\n1 · 2");
  expect(toMrkdwn("<!channel> & `a<b`")).toBe("&lt;!channel&gt; &amp; `a&lt;b`");
});

test("text is never cut inside a character, an entity or a date", () => {
  expect(cut("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 15)).toBe("👩‍👩‍👧‍👦…");
  expect(cutMrkdwn("ab &amp; cd", 7)).toBe("ab…");
  const moment = momentIn("2026-11-22T13:05:00Z", "Europe/Berlin");
  expect(moment).toBe("<!date^1795352700^{date_short_pretty} at {time}|22 Nov 2026, 14:05>");
  expect(cutMrkdwn(`at ${moment} it was`, 30)).toBe("at…");
});

test("a day is the same day everywhere", () => {
  expect(dayFrom("2026-12-20", "2026-11-22")).toBe("20 Dec 2026 (in 28 days)");
});

test("App Home tells what needs the person and why; who owns nothing learns how to ask", () => {
  const parts = {
    name: "Owen",
    ownsAccounts: true,
    needsMe: [
      {
        accountId: 4,
        name: "Globex",
        because: { kind: "silent" as const, lastTouchOn: "2026-10-01", days: 52 },
        mrrMinor: 100_00,
        currency: "USD",
      },
    ],
    tasks: [{ taskId: 1, title: "Call", dueOn: "2026-11-20", isLate: true, account: { id: 4, name: "Globex" } }],
    asked: [{ question: "how is Globex?", askedAt: "2026-11-22T08:00:00Z", turn: 9 }],
    settings: { zone: null, digest: "off" as const },
    workspace: { accounts: 431, model: "Six stages", dataFrom: "2026-11-13" },
    isAdmin: false,
  };
  const mine = homeView(parts, look);
  const words = JSON.stringify(mine);
  expect(words).toContain("No contact since 1 Oct 2026 (52 days ago)");
  expect(words).toContain("*late:* due 20 Nov 2026 (2 days ago)");
  expect(pressesIn(mine)).toContainEqual({ action: `${ACTIONS.homeAsk}:1`, value: { turn: 9 } });
  expect(words).not.toContain("lifecycle model");
  const newcomer = JSON.stringify(homeView({ ...parts, ownsAccounts: false, needsMe: [], tasks: [], asked: [] }, look));
  expect(newcomer).toContain("431 accounts");
  expect(newcomer).not.toContain("Accounts that need me");
  expect(JSON.stringify(homeView({ ...parts, needsMe: [] }, look))).toContain("None today");
});

test("only an admin sees the lifecycle model, only a channel its rule", () => {
  const parts = {
    settings: { zone: null, digest: "off" as const },
    zone: "Europe/Berlin",
    models: null,
    channel: null,
  };
  expect(JSON.stringify(settingsModal(parts))).not.toMatch(/Lifecycle model|When it may speak/);
  const all = JSON.stringify(
    settingsModal({
      ...parts,
      models: { chosen: "a", all: [{ id: "a", name: "Six stages" }] },
      channel: { id: "C1", name: "#sales", settings: { speak: "never" } },
    }),
  );
  expect(all).toContain("Lifecycle model of the workspace");
  expect(all).toContain("When it may speak in #sales");
});

test("help names every tool of the catalogue, and a refusal keeps its sentence", () => {
  const help = helpMessage(tools);
  for (const { name } of tools) expect(wordsOf(help.blocks)).toContain(name);
  expect(help.text).toContain("What stage is Acme GmbH in");
  expect(refusalMessage("I answer only members of Larkspur.").text).toBe("I answer only members of Larkspur.");
});
