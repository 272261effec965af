import { expect, test } from "vitest";
import { asksForWords, kindOf } from "#playbooks/section-kinds.ts";

test.each([
  ["what do I write to a customer whose card was declined?", true],
  ["what can we tell them about the outage", true],
  ["template for a renewal mail", true],
  ["was schreibe ich dem kunden nach dem ausfall", true],
  ["están furiosos por la subida de precios, ¿qué les digo?", true],
  ["que dire à un client qui part", true],
  ["how do I calm a customer who threatens to cancel?", false],
  ["they say we are too expensive", false],
  ["he told me to wait for the mail", false],
  ["sie sagen, es sei zu teuer. was tun?", false],
])("“%s” asks for words: %s", (question, expected) => {
  expect(asksForWords(question)).toBe(expected);
});

test.each([
  [[], "beside"],
  [["When to use it"], "beside"],
  [["What to watch for"], "beside"],
  [["When not to use it"], "aside"],
  [["Wann nicht"], "aside"],
  [["Cuándo usarlo"], "beside"],
  [["Quand ne pas l’utiliser"], "aside"],
  [["Steps"], "advice"],
  [["Words to use", "Mail"], "advice"],
] as const)("a section under %j is of the kind %s", (path, kind) => {
  expect(kindOf({ path: [...path] })).toBe(kind);
});
