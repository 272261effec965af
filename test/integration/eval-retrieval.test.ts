import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { changesSince, readAccepted } from "#evals/accepted-run.ts";
import { askSet, type Run } from "#evals/ask-set.ts";
import { playbookOf } from "#evals/document.ts";
import { type Ground, indexSet } from "#evals/index-set.ts";
import { readQuestionSet } from "#evals/question-set.ts";
import { summaries } from "#evals/summary.ts";
import { endpointEmbedder } from "#playbooks/embedders/endpoint.ts";
import { lsaEmbedder } from "#playbooks/embedders/lsa.ts";
import { closestPassages } from "#playbooks/search.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { embeddingServer } from "../fixtures/embedding-server.ts";

const knowledge = (path: string) => fileURLToPath(new URL(`../../knowledge/${path}`, import.meta.url));
const embedder = lsaEmbedder();

describe("the golden questions over our playbooks", () => {
  let run: Run;
  beforeAll(async () => {
    const set = await readQuestionSet(knowledge("golden/playbooks"), knowledge("playbooks"));
    const ground = { ...(await freshWorkspace()), embedder };
    await indexSet(ground, set.playbooks);
    run = await askSet(ground, set);
  });

  test("the search has not dropped beyond chance since the accepted run", () => {
    const accepted = readAccepted(knowledge("golden/accepted-run.json"));
    expect(accepted?.embedder).toBe(embedder.name);
    const changes = changesSince(accepted!, run);
    // What each figure is about; an accepted run of other questions would compare nothing.
    expect(changes.map(({ what }) => what).sort()).toEqual([
      "answered",
      ...["false answers, tuned", "false answers, unseen", "nDCG@10, tuned", "nDCG@10, unseen"],
    ]);
    for (const { what, questions } of changes) expect(questions, what).toBeGreaterThanOrEqual(40);
    expect(changes.filter(({ dropped }) => dropped)).toEqual([]);
  });

  test("both halves are large enough to tell, and the gate answers most of what can be answered and little else", () => {
    expect(summaries(run).map(({ half }) => half)).toEqual(["tuned", "unseen"]);
    for (const { questions, precision3, gate, answered } of summaries(run)) {
      expect(questions).toBeGreaterThanOrEqual(60);
      expect(Object.keys(precision3)).toContain("retention");
      expect(gate?.unanswerable).toBeGreaterThanOrEqual(50);
      expect(gate?.auroc).toBeGreaterThan(0.85);
      expect(answered).toBeGreaterThan(0.65);
      expect(gate?.falseAnswers).toBeLessThanOrEqual(0.15);
    }
  });
});

describe("documents of any corpus", () => {
  let ground: Ground;
  const document = (id: string, title: string, text: string, stages: string[] = []) =>
    playbookOf({ id, title, text, stages, triggers: [] });
  beforeAll(async () => {
    ground = { ...(await freshWorkspace()), embedder };
    await indexSet(ground, [
      document("card/declined", "A card was declined", "The bank refused the payment. Ask for another card."),
      document("invoice#late", "An invoice is late", "Remind them of the payment. Call after a week."),
      document("who", "Password", "Who may reset a password? Only an admin of the account."),
      document("how", "Password", "How do I reset a password? Press the button below the login."),
      document("ops", "Escalation", "Hand the case over to engineering.", ["ops"]),
      document("other", "Escalation", "Hand the case over to engineering.", ["risk"]),
    ]);
  });
  const ask = (text: string, grades: Record<string, number>, stage: string | null = null, without = {}) =>
    askSet(
      ground,
      {
        questions: [
          {
            id: "q",
            text,
            stage,
            half: null,
            account: null,
            situations: [],
            firedPlaybooks: [],
            grades: new Map(Object.entries(grades)),
          },
        ],
        unanswerable: [{ id: "u", text: "which forklift licence do our drivers need", half: null }],
      },
      without,
    );

  test("are found by their own ids, and measured", async () => {
    const { questions, unanswerable } = await ask("the bank refused his card", { "card/declined": 1 });
    expect(questions[0]).toMatchObject({ ndcg: 1, recall: 1, hit: 1, reciprocalRank: 1, answered: true });
    expect(unanswerable).toMatchObject([{ id: "u", answered: false }]);
  });

  test("how a question is put tells two documents about one subject apart", async () => {
    const [who, how] = [await ask("who may reset passwords", {}), await ask("how do i reset my password", {})];
    expect(who.questions[0]?.first[0]).toBe("who");
    expect(how.questions[0]?.first[0]).toBe("how");
  });

  test("the stage of the question decides between equals, unless it is left out", async () => {
    const first = async (stage: string, without = {}) =>
      (await ask("hand over to engineering", {}, stage, without)).questions[0]?.first[0];
    expect([await first("ops"), await first("risk")]).toEqual(["ops", "other"]);
    expect(await first("ops", { stage: true })).toBe(await first("risk", { stage: true }));
  });

  test("of sections that match alike, what to do comes before what to watch and when to use it", async () => {
    const says = "Offer another card when the bank refuses.";
    const base = document("refused", "Card refused", "");
    const section = (name: string) => ({
      section: name,
      path: [name],
      anchor: name,
      text: says,
      hash: `refused ${name}`,
    });
    const passages = ["When to use it", "What to watch", "When not to use it", "Steps"].map(section);
    const place = { ...(await freshWorkspace()), embedder };
    await indexSet(place, [{ ...base, passages }, document("else", "Invoice", "It is late")]);
    const { passages: found } = await closestPassages({ ...place, question: "bank refuses the card", limit: 1 });
    expect(found[0]).toMatchObject({ playbookId: "refused", section: "Steps" });
  });

  test("words alone and meaning alone both find, and differ", async () => {
    const [words, meaning] = await Promise.all([
      ask("late invoice", { "invoice#late": 1 }, null, { wordShare: 1 }),
      ask("late invoice", { "invoice#late": 1 }, null, { wordShare: 0 }),
    ]);
    expect([words.questions[0]?.hit, meaning.questions[0]?.hit]).toEqual([1, 1]);
    expect(words.questions[0]?.confidence).toBeGreaterThan(0);
    // The gate looks at words, by whatever the passages were found.
    expect(meaning.questions[0]?.confidence).toBeCloseTo(words.questions[0]?.confidence ?? 0, 10);
  });

  test("the vectors of an endpoint are measured by the same way", async () => {
    const { seen, settings } = await embeddingServer();
    const remote = { ...(await freshWorkspace()), embedder: endpointEmbedder(settings) };
    await indexSet(remote, [document("a", "Card", "The card was declined"), document("b", "Invoice", "It is late")]);
    expect(seen.inputs).toHaveLength(2);
    const asked = {
      id: "q",
      text: "card declined",
      stage: null,
      half: null,
      account: null,
      situations: [],
      firedPlaybooks: [],
    };
    const { questions } = await askSet(
      remote,
      { questions: [{ ...asked, grades: new Map([["a", 1]]) }], unanswerable: [] },
      { wordShare: 0 },
    );
    expect(questions[0]?.ndcg).toBe(1);
    expect(seen.inputs.at(-1)).toBe("card declined");
  });
});
