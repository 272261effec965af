import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AccountFacts, DOMAINS, type FactValue, STORED_FACTS, type StoredFactName } from "#lifecycle/facts.ts";
import { judgeStage } from "#lifecycle/judge.ts";
import type { Judgement } from "#lifecycle/judgement.ts";
import { type LifecycleModel, stageOf } from "#lifecycle/model.ts";
import { eligibleSteps, type PlaybookRule } from "#lifecycle/next-steps.ts";
import { account, ago, models, moves, TODAY } from "./lifecycle-company.ts";

const day = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: -90, max: 900 })).map(ago);
const small = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 }));

function anyValue(name: StoredFactName): fc.Arbitrary<FactValue> {
  const { kind } = STORED_FACTS[name];
  if (kind === "date") return day;
  if (kind === "text") return fc.constantFrom("pricing", "webinar", "paid search", "{mrr_minor} [x]");
  return kind === "money" ? fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5_000_000 })) : small;
}

const names = Object.keys(STORED_FACTS) as StoredFactName[]; // its keys are the names
const values = fc.record(Object.fromEntries(names.map((name) => [name, anyValue(name)])), { requiredKeys: [] });
const ages = fc.tuple(...DOMAINS.map(() => fc.constantFrom(0, 0, 0, 9, null)));
const anyAccount: fc.Arbitrary<AccountFacts> = fc.tuple(values, ages).map(([known, old]) => {
  const freshness = DOMAINS.map((domain, at) => {
    const age = old[at] ?? null;
    return { domain, source: age === null ? null : "feed", asOf: age === null ? null : ago(age), expectedDays: 2 };
  });
  return account(known, { freshness });
});

const everyPlaybook: PlaybookRule[] = [...moves.keys()].map((move, at) => ({
  id: `with-${move}`,
  title: move,
  stages: ["awareness", "consideration", "purchase", "support", "retention", "advocacy", "lapsed"],
  moves: at % 3 === 0 ? [move, "personal_check_in"] : [move],
  when: null,
  ownerRole: "account_manager",
  effortMinutes: 10,
  dueInDays: 1,
  success: "done",
}));

const hasReason = ({ rule }: Judgement): boolean =>
  rule.says.length > 0 && (rule.kind === "default" || rule.reasons.some((reason) => reason.held === "yes"));

describe.each(models.map((model): [string, LifecycleModel] => [model.id, model]))(
  "%s, whatever the facts",
  (_, model) => {
    test("every account has a stage of the model, a reason, and a day that is not ahead", () => {
      fc.assert(
        fc.property(anyAccount, (facts) => {
          const judgement = judgeStage({ model, facts, day: TODAY });
          expect(stageOf(model, judgement.stage)).toBeDefined();
          expect(hasReason(judgement)).toBe(true);
          expect(judgement.since <= TODAY && judgement.daysInStage >= 0).toBe(true);
          expect(judgement.rule.reasons.every(({ held }) => held !== "unknown") || judgement.doubts.length > 0).toBe(
            true,
          );
        }),
        { numRuns: 100 },
      );
    });

    test("no step makes a move that its stage forbids or does not allow, and none passes a shut gate", () => {
      fc.assert(
        fc.property(anyAccount, (facts) => {
          const judgement = judgeStage({ model, facts, day: TODAY });
          const found = eligibleSteps({ model, moves, playbooks: everyPlaybook, judgement, facts, day: TODAY });
          const stage = stageOf(model, judgement.stage);
          const allowed = judgement.lapsed ? model.lapsed.moves : (stage?.moves.allowed ?? []);
          const held = found.held.flatMap((gate) => gate.moves);
          for (const { move, why } of found.steps) {
            expect(allowed).toContain(move);
            expect(held).not.toContain(move);
            expect(stage?.moves.forbidden.map((each) => each.move)).not.toContain(move);
            expect(why.length > 0 || judgement.rule.kind === "default").toBe(true);
          }
          expect(found.steps.length > 0).toBe(found.emptyBecause === null);
        }),
        { numRuns: 100 },
      );
    });

    test("day after day with the same facts, an account comes to rest where a first look puts it or where it may stay", () => {
      fc.assert(
        fc.property(anyAccount, fc.constantFrom(...model.stages.map((stage) => stage.id)), (facts, start) => {
          let before: Judgement["next"] = {
            stage: start,
            since: ago(30),
            candidate: null,
            candidateSince: null,
            candidateCount: 0,
            judgedOn: ago(10),
          };
          let last: Judgement | null = null;
          for (let left = 9; left >= 0; left -= 1) {
            const on = ago(left);
            last = judgeStage({ model, facts, day: TODAY, before: { ...before, judgedOn: ago(left + 1) } });
            before = { ...last.next, judgedOn: on };
          }
          expect(last?.pending).toBeNull();
          expect(last?.rule.rule).not.toBe("until_confirmed");
        }),
        { numRuns: 60 },
      );
    });
  },
);

test("a judgement depends on nothing but what it is given", () => {
  const model = models[0];
  if (!model) throw new Error("the models are missing");
  fc.assert(
    fc.property(anyAccount, (facts) => {
      const copy = structuredClone(facts);
      const judgement = judgeStage({ model, facts, day: TODAY });
      expect(facts).toEqual(copy);
      expect(judgeStage({ model, facts: copy, day: TODAY })).toEqual(judgement);
    }),
    { numRuns: 50 },
  );
});
