import { expect, test } from "vitest";
import { type Cadence, cadenceWords, type QuietHours } from "#schedules/cadence.ts";
import { nextSlot, slotsBetween } from "#schedules/slots.ts";

const DAILY = [1, 2, 3, 4, 5, 6, 7];

/** Slots as the wall clock of the zone shows them. */
function slots(given: { cadence: Cadence; zone: string; quiet?: QuietHours }, from: string, to: string): string[] {
  const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: given.zone, dateStyle: "short", timeStyle: "short" });
  const found = slotsBetween({ quiet: null, ...given }, `${from}T00:00:00Z`, `${to}T00:00:00Z`);
  return found.map((slot) => `${shown.format(new Date(slot))} = ${slot}`);
}

test("a slot that falls into the hour that is left out comes once, as soon as the clocks are put forward", () => {
  const cadence = { days: [7], at: "02:30" };
  expect(slots({ cadence, zone: "Europe/Berlin" }, "2026-03-28", "2026-03-30")).toEqual([
    "2026-03-29 03:00 = 2026-03-29T01:00:00Z",
  ]);
  expect(slots({ cadence, zone: "America/New_York" }, "2026-03-07", "2026-03-10")).toEqual([
    "2026-03-08 03:00 = 2026-03-08T07:00:00Z",
  ]);
});

test("in the hour that comes twice, a slot comes once, the first time", () => {
  const cadence = { days: [7], at: "02:30" };
  expect(slots({ cadence, zone: "Europe/Berlin" }, "2026-10-24", "2026-10-27")).toEqual([
    "2026-10-25 02:30 = 2026-10-25T00:30:00Z",
  ]);
  expect(
    slots({ cadence: { days: [7], at: "01:45" }, zone: "Australia/Lord_Howe" }, "2026-04-03", "2026-04-06"),
  ).toEqual(["2026-04-05 01:45 = 2026-04-04T14:45:00Z"]);
});

test("nine o'clock stays nine o'clock through the year", () => {
  const found = slots({ cadence: { days: [1], at: "09:00" }, zone: "America/Sao_Paulo" }, "2026-01-01", "2027-01-01");
  expect(found).toHaveLength(52);
  expect(new Set(found.map((slot) => slot.slice(11, 16)))).toEqual(new Set(["09:00"]));
});

test("the 31st is the last day of shorter months", () => {
  const found = slots({ cadence: { monthDay: 31, at: "07:00" }, zone: "UTC" }, "2026-01-01", "2026-05-01");
  expect(found.map((slot) => slot.slice(0, 10))).toEqual(["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]);
});

test("quiet hours move what comes to a person to their end, over midnight too", () => {
  const quiet = { from: "22:00", to: "07:30" };
  const at = (time: string) =>
    slots({ cadence: { days: [3], at: time }, zone: "Asia/Tokyo", quiet }, "2026-06-08", "2026-06-13");
  expect(at("23:15").map((slot) => slot.slice(0, 16))).toEqual(["2026-06-11 07:30"]);
  expect(at("05:00").map((slot) => slot.slice(0, 16))).toEqual(["2026-06-10 07:30"]);
  expect(at("07:30").map((slot) => slot.slice(0, 16))).toEqual(["2026-06-10 07:30"]);
  expect(at("12:00").map((slot) => slot.slice(0, 16))).toEqual(["2026-06-10 12:00"]);
});

test("two slots that quiet hours move to one moment are one", () => {
  const quiet = { from: "20:00", to: "08:00" };
  const late = slotsBetween(
    { cadence: { days: DAILY, at: "21:00" }, zone: "UTC", quiet },
    "2026-06-01T00:00:00Z",
    "2026-06-08T00:00:00Z",
  );
  expect(late).toHaveLength(new Set(late).size);
  expect(late).toHaveLength(7);
});

test("windows that follow each other hold each slot once, wherever they are cut", () => {
  const timetable = { cadence: { days: DAILY, at: "02:30" }, zone: "Europe/Berlin", quiet: null };
  const hour = 3_600_000;
  const [from, to] = [Date.parse("2026-03-20T00:00:00Z"), Date.parse("2026-11-05T00:00:00Z")];
  const pieces: string[] = [];
  for (let at = from; at < to; at += 7 * hour)
    pieces.push(
      ...slotsBetween(timetable, new Date(at).toISOString(), new Date(Math.min(at + 7 * hour, to)).toISOString()),
    );
  expect(pieces).toEqual(slotsBetween(timetable, new Date(from).toISOString(), new Date(to).toISOString()));
});

test("the next slot is after the moment, never at it", () => {
  const timetable = { cadence: { days: [1], at: "09:00" }, zone: "UTC", quiet: null };
  expect(nextSlot(timetable, "2026-11-23T09:00:00Z")).toBe("2026-11-30T09:00:00Z");
  expect(nextSlot(timetable, "2026-11-23T08:59:59Z")).toBe("2026-11-23T09:00:00Z");
});

test.each<[Cadence, string]>([
  [{ days: [1], at: "09:00" }, "every Monday at 09:00"],
  [{ days: [5, 1], at: "09:00" }, "every Monday and Friday at 09:00"],
  [{ days: [1, 2, 3, 4, 5], at: "08:30" }, "every weekday at 08:30"],
  [{ days: DAILY, at: "08:30" }, "every day at 08:30"],
  [{ monthDay: 1, at: "07:00" }, "on the 1st of each month at 07:00"],
  [{ monthDay: 22, at: "07:00" }, "on the 22nd of each month at 07:00"],
  [{ monthDay: 31, at: "07:00" }, "on the last day of each month at 07:00"],
])("%j is said as “%s”", (cadence, words) => expect(cadenceWords(cadence)).toBe(words));
