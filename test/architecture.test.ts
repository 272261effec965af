import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const source = fileURLToPath(new URL("../src", import.meta.url));

/** The floors from the ground up; rooms on one floor do not know each other. */
const FLOORS = [
  ["lifecycle", "metrics", "database", "grounding"],
  ["accounts", "inbox", "installations", "people", "playbooks", "schedules", "stages", "threads", "workspaces"],
  ["evals", "intake", "reports"],
  ["tools"],
  ["agent"],
  ["cli", "slack", "playground"],
  ["main.ts", "house.ts", "doors.ts", "jobs.ts", "rounds.ts", "up-to-date.ts"],
];
/** Single stones that everybody may stand on. */
const STONES = [
  "actor.ts",
  "config.ts",
  "csv.ts",
  "errors.ts",
  "log.ts",
  "money.ts",
  "prompts.ts",
  "seeded.ts",
  "slack-settings.ts",
];

interface Import {
  from: string;
  room: string;
  to: string;
  toRoom: string;
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
/** A room with a front door of its own name, `grounding.ts` before `grounding/`, is one room. */
const roomOf = (file: string): string =>
  STONES.includes(file) ? "stones" : file.split(sep)[0]!.replace(/^grounding\.ts$/, "grounding");
const floorOf = (room: string): number => (room === "stones" ? 0 : FLOORS.findIndex((rooms) => rooms.includes(room)));

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(source, file), "utf8");
  const named = [
    ...text.matchAll(/^\s*(?:import|export)\b[^;]*?\bfrom\s+"(#|\.{1,2}\/)([^"]+)"/gm),
    ...text.matchAll(/\bimport\(\s*"(#|\.{1,2}\/)([^"]+)"/g),
  ];
  return named.map(([, how, path]) => {
    const to = how === "#" ? path! : relative(source, join(source, file, "..", how + path!));
    return { from: file, room: roomOf(file), to, toRoom: roomOf(to) };
  });
});

test("every room of the house stands on a floor", () => {
  expect([...new Set(files.map(roomOf))].filter((room) => floorOf(room) === -1)).toEqual([]);
});

test("imports go down the house only, and rooms on one floor do not know each other", () => {
  const allowed = ({ room, toRoom }: Import) =>
    room === toRoom ||
    toRoom === "stones" ||
    floorOf(toRoom) < floorOf(room) ||
    (floorOf(room) === 6 && floorOf(toRoom) === 6);
  expect(imports.filter((each) => !allowed(each)).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("the judges are pure: no clock, database, model, log or file", () => {
  const impure = files
    .filter((file) => ["lifecycle", "metrics"].includes(roomOf(file)))
    .filter((file) =>
      /from "(#database|#log|#config|node:|pg|pino|@langchain)|\bDate\.now\(|new Date\(\)|Math\.random/.test(
        readFileSync(join(source, file), "utf8"),
      ),
    );
  expect(impure).toEqual([]);
});

test("the environment is read in one place", () => {
  expect(
    files.filter((file) => file !== "config.ts" && /process\.env/.test(readFileSync(join(source, file), "utf8"))),
  ).toEqual([]);
});
