import { expect, test } from "vitest";
import { AskAgain } from "#errors.ts";
import { filterNamed } from "#schedules/name-filter.ts";
import { type ReadSchedule, readSchedule, readsAsSchedule } from "#schedules/read-words.ts";

const leads = { channel: "C0LEADS", name: "cs-leads" };

test.each<[string, Partial<ReadSchedule>]>([
  [
    "Every Monday at 9 in <#C0LEADS|cs-leads>, churn for my team",
    { report: "churn", cadence: { days: [1], at: "09:00" }, place: leads, mine: "team", named: null },
  ],
  [
    "every weekday at 8:30 my renewals",
    { report: "renewals", cadence: { days: [1, 2, 3, 4, 5], at: "08:30" }, place: null, mine: "accounts" },
  ],
  [
    "first of the month at 07:00 churn for DACH in <#C0LEADS|cs-leads>",
    { report: "churn", cadence: { monthDay: 1, at: "07:00" }, named: "DACH", place: leads },
  ],
  [
    "Please send me the churn report every Friday at 4 pm",
    { report: "churn", cadence: { days: [5], at: "16:00" }, place: "person", named: null },
  ],
  [
    "daily digest at 7:15 am Europe/Berlin",
    { report: "digest", cadence: { days: [1, 2, 3, 4, 5, 6, 7], at: "07:15" }, zone: "Europe/Berlin" },
  ],
  [
    "mondays, wed and fridays at noon renewals for team Enterprise",
    { report: "renewals", cadence: { days: [1, 3, 5], at: "12:00" }, named: "team Enterprise" },
  ],
  ["on the 15th of every month at 17:00, renewals", { cadence: { monthDay: 15, at: "17:00" } }],
  ["last day of the month at 6pm, churn", { cadence: { monthDay: 31, at: "18:00" } }],
  [
    "every Tuesday at 10 alerts on detractors and cancellations for my accounts in <#C0LEADS>",
    {
      report: "alerts",
      conditions: ["detractor", "cancellation"],
      mine: "accounts",
      place: { channel: "C0LEADS", name: "" },
    },
  ],
  [
    "warn me 45 days before a renewal without contact",
    {
      report: "alerts",
      cadence: { days: [1, 2, 3, 4, 5], at: "09:00" },
      place: "person",
      conditions: ["renewal_untouched"],
      limits: { renewalDays: 45 },
      named: null,
    },
  ],
  [
    "every Monday at 8 alerts on renewals in 60 days without contact for 20 days, health below 55 and cancellations for DACH",
    {
      cadence: { days: [1], at: "08:00" },
      conditions: ["health_band", "renewal_untouched", "cancellation"],
      limits: { renewalDays: 60, contactDays: 20, goodFrom: 55 },
      named: "DACH",
    },
  ],
  [
    "alerts at 7:30 on 6 tickets in 3 days, detractors below 5, champions silent for 30 days in <#C0LEADS>",
    {
      cadence: { days: [1, 2, 3, 4, 5], at: "07:30" },
      conditions: ["ticket_storm", "champion_silent", "detractor"],
      limits: { stormTickets: 6, stormDays: 3, detractorScore: 4, silentDays: 30 },
      place: { channel: "C0LEADS", name: "" },
      named: null,
    },
  ],
  ["warn us every day at 9 when health drops below 35", { conditions: ["health_band"], limits: { watchFrom: 35 } }],
  ["alerts every Friday at 9 on detractors", { conditions: ["detractor"], limits: {} }],
  ["12 am every sunday digest to me", { cadence: { days: [7], at: "00:00" }, place: "person" }],
])("“%s” is understood", (words, wanted) => expect(readSchedule(words)).toMatchObject(wanted));

test.each([
  ["every Monday churn", /at what time/],
  ["every Monday at 9", /what to report/],
  ["churn at 9", /on which days/],
  ["please", /what to report.*on which days.*at what time/],
  ["every other week at 9, churn", /“every other week” I cannot keep/],
  ["first Monday of the month at 9, churn", /I cannot keep/],
  ["every quarter at 9, churn", /I cannot keep/],
  ["every Monday at 25:00, churn", /no time “25:00”/],
  ["every Monday at 13 pm, churn", /no time “13 pm”/],
  ["every month on the 32nd at 9, churn", /No month has a day 32/],
  ["every Monday at 9 Europe/Berln, churn", /no time zone “Europe\/Berln”. Did you mean Europe\/Berlin/],
  ["every Monday at 9 CET, churn", /“CET” is not the name of a time zone/],
  ["every Monday at 9 in #cs-leads, churn", /which channel #cs-leads is/],
  ["every Monday at 9, churn, and a pony, for DACH", /I did not understand “pony” and “DACH”/],
])("“%s” is answered with what is wrong", (words, sentence) => {
  expect(() => readSchedule(words)).toThrow(AskAgain);
  expect(() => readSchedule(words)).toThrow(sentence);
});

test.each([
  ["every Monday at 9 churn for my team", true],
  ["Every weekday at 8:30 my renewals", true],
  ["which customers churned every month?", false],
  ["what renews every Monday at 9:00?", false],
  ["churn last week", false],
  ["every account of mine with tickets", false],
  ["warn me 45 days before a renewal without contact", true],
  ["warn me if a champion has gone silent", true],
  ["can you warn me about Acme?", false],
  ["warn me about the weather", false],
])("“%s”: to be scheduled is %s", (words, is) => expect(readsAsSchedule(words)).toBe(is));

const known = {
  teams: ["DACH", "Enterprise", "EMEA"],
  owners: ["Owen Fairclough", "Lukas Brandl", "Lukas Meyer"],
  segments: ["mid-market", "enterprise"],
  countries: ["DE", "FR"],
  plans: ["Pro"],
};

test.each([
  ["DACH", { team: "DACH" }],
  ["the DACH team", { team: "DACH" }],
  ["enterprise", { team: "Enterprise" }],
  ["segment enterprise", { segment: "enterprise" }],
  ["mid market", { segment: "mid-market" }],
  ["Germany", { country: "DE" }],
  ["plan pro", { plan: "Pro" }],
  ["Owen", { owner: "Owen Fairclough" }],
])("“%s” names %j", (said, filter) => expect(filterNamed(said, known)).toEqual(filter));

test("a name that nobody has, or several have, is asked back", () => {
  expect(() => filterNamed("DACHS", known)).toThrow(
    /no team, person, segment, country or plan “DACHS” here. Did you mean DACH/,
  );
  expect(() => filterNamed("Lukas", known)).toThrow("Which Lukas: Lukas Brandl or Lukas Meyer?");
  expect(() => filterNamed("team Pro", known)).toThrow(/no team “Pro”/);
});
