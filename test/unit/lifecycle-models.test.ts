import { describe, expect, test } from "vitest";
import { BadInput } from "#errors.ts";
import { parseModel, parseMoves, stageOf } from "#lifecycle/model.ts";
import { MODEL_IDS, modelOf, models, moves, readKnowledge } from "./lifecycle-company.ts";

const original = readKnowledge("lifecycle/experience-six.yaml");

function refusal(change: (yaml: string) => string): string {
  const changed = change(original);
  expect(changed).not.toBe(original);
  try {
    parseModel(changed, "ours.yaml", moves);
  } catch (error) {
    if (error instanceof BadInput) return error.message;
    throw error;
  }
  return "accepted";
}

describe("the five models", () => {
  test.each([
    ["experience-six", "awareness consideration purchase support retention advocacy"],
    ["acquisition-five", "awareness acquisition conversion retention loyalty"],
    ["engagement-five", "awareness engagement conversion retention loyalty"],
    ["study-five", "awareness consideration purchase retention advocacy"],
    ["clm-five", "awareness consideration purchase retention advocacy"],
  ] as const)("%s has its stages in order", (id, stages) => {
    expect(modelOf(id).stages.map((stage) => stage.id)).toEqual(stages.split(" "));
    expect(modelOf(id).id).toBe(id);
  });
  test("no price is cut, and nobody is asked for more, before the purchase", () => {
    for (const model of models) {
      for (const stage of model.stages.filter(
        ({ like }) => like.includes("awareness") || like.includes("consideration"),
      )) {
        const forbidden = stage.moves.forbidden.map(({ move }) => move);
        expect(forbidden).toEqual(
          expect.arrayContaining(["discount", "time_limited_offer", "upsell", "ask_for_review"]),
        );
      }
    }
  });
  test("the models judge by rules of their own", () => {
    const conditions = models.map((model) => JSON.stringify(model.stages.map(({ enter, stay }) => [enter, stay])));
    expect(new Set(conditions).size).toBe(MODEL_IDS.length);
  });
  test("each stage of the playbooks has a place in each model", () => {
    for (const model of models) {
      const like = new Set(model.stages.flatMap((stage) => stage.like));
      expect(like.size).toBe(6);
    }
  });
});

describe("a model with a mistake", () => {
  test.each<[string, (yaml: string) => string, RegExp]>([
    [
      "an unknown fact is named with line and nearest names",
      (yaml) => yaml.replace("fact: last_interest_on", "fact: last_intrest_on"),
      /^ours\.yaml line \d+, stages\[1\]\.enter\[1\]\.fact: there is no fact "last_intrest_on"; did you mean last_interest_on/,
    ],
    [
      "an unknown place in a sentence",
      (yaml) => yaml.replace("{first_touch_channel}", "{channel}"),
      /says: \{channel\} names no fact; did you mean first_touch_channel/,
    ],
    [
      "an unknown move",
      (yaml) => yaml.replace("social_proof, useful_email,", "social_prof, useful_email,"),
      /there is no move "social_prof"; did you mean social_proof/,
    ],
    [
      "a move both allowed and forbidden",
      (yaml) => yaml.replace("{ move: discount,", "{ move: webinar,"),
      /"webinar" is both allowed and forbidden in awareness/,
    ],
    [
      "two stages of one id",
      (yaml) => yaml.replace("- id: consideration", "- id: awareness"),
      /stages\[1\]\.id: another stage has this id/,
    ],
    [
      "two rules of one id",
      (yaml) => yaml.replace("- id: spoke_to_us", "- id: showed_interest"),
      /stages\[1\]\.enter\[2\]\.id: another rule/,
    ],
    [
      "a date that is none",
      (yaml) => yaml.replace("since: last_interest_on", "since: interest_30d"),
      /interest_30d is not a date; did you mean last_interest_on/,
    ],
    [
      "no stages",
      (yaml) => yaml.replace(/stages:\n[\s\S]*(?=\nlapsed:)/, "stages: []\n"),
      /stages: a model needs at least one stage/,
    ],
    [
      "a missing objective",
      (yaml) => yaml.replace(/ {4}objective: Be known.*\n/, ""),
      /stages\[0\]\.objective: is missing/,
    ],
    [
      "a key that nobody reads",
      (yaml) => yaml.replace("expected_days: 60", "expected_days: 60\n    expcted: 1"),
      /expcted is not known here/,
    ],
    ["text that is no YAML", () => "id: [", /ours\.yaml is not readable as YAML/],
  ])("%s", (_, change, message) => {
    expect(refusal(change)).toMatch(message);
  });
  test("several mistakes are told together", () => {
    const message = refusal((yaml) => yaml.replace("{first_touch_channel}", "{a}").replace("{interest_kind}", "{b}"));
    expect(message.split("\n")).toHaveLength(2);
  });
  test("the line is the line of the mistake", () => {
    const line = original.split("\n").findIndex((text) => text.includes("fact: last_interest_on")) + 1;
    const message = refusal((yaml) => yaml.replace("fact: last_interest_on", "fact: nothing_like_it"));
    expect(message).toContain(`line ${line},`);
  });
});

test("the example of the guide is a stage that a model takes", () => {
  const guide = readKnowledge("../docs/lifecycle-models.md");
  const stage = guide.match(/```yaml\n( {2}- id: trial\n[\s\S]*?)```/)?.[1] ?? "";
  const ours = parseModel(original.replace("  - id: purchase", `${stage}\n  - id: purchase`), "ours.yaml", moves);
  expect(ours.stages.map((each) => each.id).slice(1, 4)).toEqual(["consideration", "trial", "purchase"]);
});

describe("the catalogue of moves", () => {
  test("knows kind and channel of each move", () => {
    expect(moves.get("upsell")).toMatchObject({ kind: "growth", channel: "any" });
  });
  test("a kind that does not exist is refused with its place", () => {
    const broken = "moves:\n  hug: { title: Hug, kind: warmth, channel: any }\n";
    expect(() => parseMoves(broken, "moves.yaml")).toThrow(/moves\.yaml line 2, moves\.hug\.kind/);
  });
});

test("a stage is found by its id, and nothing by another name", () => {
  expect(stageOf(modelOf("clm-five"), "purchase")?.name).toBe("Purchase");
  expect(stageOf(modelOf("clm-five"), "support")).toBeUndefined();
});
