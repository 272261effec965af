import { expect, test } from "vitest";
import { z } from "zod";
import { sql } from "#database/sql.ts";
import type { FittedEmbedder } from "#playbooks/embedders/embedder.ts";
import { endpointEmbedder } from "#playbooks/embedders/endpoint.ts";
import { lsaEmbedder } from "#playbooks/embedders/lsa.ts";
import { ingestPlaybooks } from "#playbooks/ingest.ts";
import { passageFor, playbookRules } from "#playbooks/rules.ts";
import { searchPlaybooks } from "#playbooks/search.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { embeddingServer } from "../fixtures/embedding-server.ts";
import { playbookFolder, playbookText } from "../fixtures/playbook-folder.ts";

const SUBJECTS = ["Invoice overdue", "Champion left", "Outage hits them", "Renewal near and silent"];
const idOf = (title: string) => title.toLowerCase().replaceAll(" ", "-");

/** A workspace, a folder with four playbooks, and how to ingest and search them offline. */
async function company() {
  const here = await freshWorkspace();
  const files = playbookFolder();
  for (const title of SUBJECTS) files.put({ id: idOf(title), title });
  const embedder = lsaEmbedder();
  const ingest = () => ingestPlaybooks({ ...here, folder: files.folder, embedder });
  const find = async (question: string) =>
    (await searchPlaybooks({ ...here, question, embedder })).passages.map(({ playbookId }) => playbookId);
  return { ...here, ...files, embedder, ingest, find };
}

test("an ingest says what is new, changed, gone and as before, and search follows", async () => {
  const { ingest, find, put, remove } = await company();
  expect((await ingest()).summary).toBe("4 new, 0 changed, 0 gone, 0 as before");
  put({
    id: "champion-left",
    title: "Champion left",
    body: "Our sponsor went away.\n\n## Steps\n1. Find the successor.",
  });
  remove("retention/outage-hits-them.md");
  expect((await ingest()).summary).toBe("1 changed, 1 gone, 2 as before");
  expect((await ingest()).summary).toBe("0 changed, 0 gone, 3 as before");
  expect(await find("who is the successor of the champion?")).toContain("champion-left");
  expect(await find("outage")).toEqual([]);
});

test("a broken file is listed with its cure, the others are indexed, and its old version still answers", async () => {
  const { ingest, find, write } = await company();
  await ingest();
  write(
    "retention/champion-left.md",
    playbookText({ id: "champion-left", title: "Champion left", stages: ["loyalty"] }),
  );
  write("retention/new-one.md", "no front matter");
  write("retention/price-rise.md", playbookText({ id: "price-rise", title: "Price rise" }));
  const result = await ingest();
  expect(result).toMatchObject({
    added: 1,
    changed: 0,
    gone: 0,
    same: 3,
    broken: [{ oldVersionKept: true }, { oldVersionKept: false }],
  });
  expect(result.summary).toMatch(
    /2 broken \(.*champion-left\.md line 4.*Its old version is kept\.;.*new-one\.md has no front matter/s,
  );
  expect(await find("the champion left")).toContain("champion-left");
  expect(await find("price rise")).toContain("price-rise");
});

test("two playbooks with one id: the second is listed, the first indexed", async () => {
  const { ingest, write } = await company();
  write("support/invoice-overdue.md", playbookText({ id: "invoice-overdue", title: "Again", stages: ["support"] }));
  const { added, broken } = await ingest();
  expect(added).toBe(4);
  expect(broken[0]?.reason).toMatch(
    /support\/invoice-overdue\.md has the id "invoice-overdue" of .*retention\/invoice-overdue\.md/,
  );
});

test("a folder that is not there is told with the setting that names it", async () => {
  const { database, actor, embedder, folder } = await company();
  await expect(ingestPlaybooks({ database, actor, embedder, folder: `${folder}-x` })).rejects.toThrow(
    /cannot be read\. Check the path, or set PERENNIAL_KNOWLEDGE/,
  );
});

test("two workspaces never see each other's playbooks", async () => {
  const [one, other] = [await company(), await company()];
  await one.ingest();
  expect(await other.find("the champion left")).toEqual([]);
  expect(await other.database.read(other.actor, playbookRules)).toEqual([]);
  other.put({ id: "champion-left", title: "Champion left", body: "Ours.\n\n## Steps\n1. Ask the board." });
  await other.ingest();
  const passage = await one.database.read(one.actor, (rows) => passageFor({ rows, playbookId: "champion-left" }));
  expect(passage.text).toContain("1. Look.");
});

test("an ingest that dies before its end leaves the old index whole", async () => {
  const { database, actor, folder, embedder, put, ingest, find } = await company();
  await ingest();
  put({ id: "champion-left", title: "Sponsor resigned" });
  const dying: FittedEmbedder = {
    ...embedder,
    fit: () => {
      throw new Error("killed");
    },
  };
  await expect(ingestPlaybooks({ database, actor, folder, embedder: dying })).rejects.toThrow("killed");
  expect(await find("sponsor resigned")).toEqual([]);
  expect(await find("champion left")).toContain("champion-left");
  expect((await ingest()).changed).toBe(1);
  expect(await find("sponsor resigned")).toContain("champion-left");
});

test("two ingests at once end with one index and no error", async () => {
  const { ingest, find } = await company();
  const results = await Promise.all([ingest(), ingest()]);
  expect(results.map(({ added, same }) => [added, same]).sort()).toEqual([
    [0, 4],
    [4, 0],
  ]);
  expect(await find("champion left")).toContain("champion-left");
});

test("the rules of playbooks come back as they were written", async () => {
  const { database, actor, put, ingest } = await company();
  put({
    id: "silent",
    title: "Silent",
    moves: ["renewal_preparation", "personal_check_in"],
    more: "when: { all: [{ fact: renews_on, ahead_within_days: 60 }] }\n",
  });
  await ingest();
  const rules = await database.read(actor, playbookRules);
  expect(rules.find(({ id }) => id === "silent")).toEqual({
    id: "silent",
    title: "Silent",
    stages: ["retention"],
    moves: ["renewal_preparation", "personal_check_in"],
    when: { all: [{ fact: "renews_on", ahead_within_days: 60 }] },
    ownerRole: "account_manager",
    effortMinutes: 30,
    dueInDays: 2,
    success: "They answer",
  });
  expect(rules.find(({ id }) => id === "champion-left")?.when).toBeNull();
});

test("one edited section asks the endpoint for one passage, and a question for one vector", async () => {
  const { database, actor, folder, put } = await company();
  const { seen, settings } = await embeddingServer();
  const embedder = endpointEmbedder(settings);
  expect((await ingestPlaybooks({ database, actor, folder, embedder })).embedded).toBe(8);
  put({
    id: "champion-left",
    title: "Champion left",
    body: "Why it matters that champion left.\n\n## Steps\n1. Write to the successor.",
  });
  seen.inputs.length = 0;
  expect((await ingestPlaybooks({ database, actor, folder, embedder })).embedded).toBe(1);
  expect(seen.inputs).toHaveLength(1);
  expect(seen.inputs[0]).toMatch(/^Champion left › Steps\n\nChampion left\n\n1\. Write to the successor\.$/);
  const found = await searchPlaybooks({ database, actor, question: "champion left, who follows?", embedder });
  expect(found).toMatchObject({ verdict: "found", note: null });
  expect(found.passages[0]?.playbookId).toBe("champion-left");
  expect(seen.inputs).toHaveLength(2);
});

test("an endpoint that breaks off leaves the old index; the next run goes on where it stopped", async () => {
  const { database, actor, folder, put, ingest, find } = await company();
  await ingest();
  for (let at = 0; at < 40; at++) put({ id: `case-${at}`, title: `Container k${at}k is stuck` });
  const { seen, behaviour, settings } = await embeddingServer();
  const embedder = endpointEmbedder(settings);
  behaviour.answers = [200, 500, 500, 500, 500, 500]; // the first 64 passages, then nothing
  await expect(ingestPlaybooks({ database, actor, folder, embedder })).rejects.toThrow(/answered 500, 5 times/);
  expect(await find("container k7k is stuck")).toEqual([]);
  expect(await find("champion left")).toContain("champion-left");
  seen.inputs.length = 0;
  expect((await ingestPlaybooks({ database, actor, folder, embedder })).added).toBe(40);
  expect(seen.inputs).toHaveLength(88 - 64);
  expect(await find("container k7k is stuck")).not.toEqual([]);
});

test("a busy endpoint is asked again; one that refuses is told with the setting to look at", async () => {
  const { database, actor, folder } = await company();
  const { seen, behaviour, settings } = await embeddingServer();
  behaviour.answers = [429, 503, 200];
  const embedder = endpointEmbedder(settings);
  expect((await ingestPlaybooks({ database, actor, folder, embedder })).embedded).toBe(8);
  expect(seen.requests).toBe(3);
  const refused = endpointEmbedder({ ...settings, model: "other" });
  behaviour.answers = [401];
  await expect(ingestPlaybooks({ database, actor, folder, embedder: refused })).rejects.toThrow(
    /refused \(401\)\. Check OPENAI_API_KEY/,
  );
});

test("a dimension that does not fit is refused and the playbooks stay searchable", async () => {
  const { database, actor, folder, put } = await company();
  const { behaviour, settings } = await embeddingServer({ dimension: 16 });
  await expect(
    ingestPlaybooks({ database, actor, folder, embedder: endpointEmbedder({ ...settings, dimension: 32 }) }),
  ).rejects.toThrow(/answers vectors of 16 numbers, PERENNIAL_EMBEDDING_DIMENSION says 32\. Set it to 16/);
  await ingestPlaybooks({ database, actor, folder, embedder: endpointEmbedder(settings) });
  behaviour.dimension = 24; // the provider changed its model under the same name
  put({ id: "price-rise", title: "Price rise" });
  await expect(ingestPlaybooks({ database, actor, folder, embedder: endpointEmbedder(settings) })).rejects.toThrow(
    /now answers vectors of 24 numbers; those kept have 16/,
  );
  const found = await searchPlaybooks({
    database,
    actor,
    question: "champion left",
    embedder: endpointEmbedder(settings),
  });
  expect(found.passages[0]?.playbookId).toBe("champion-left");
});

test("an endpoint that is away when somebody asks: words still find it, and the answer says so", async () => {
  const { database, actor, folder } = await company();
  const { behaviour, settings } = await embeddingServer();
  const embedder = endpointEmbedder(settings);
  await ingestPlaybooks({ database, actor, folder, embedder });
  behaviour.answers = [500, 500, 500, 500, 500];
  const found = await searchPlaybooks({ database, actor, question: "champion left", embedder });
  expect(found.passages[0]?.playbookId).toBe("champion-left");
  expect(found.note).toMatch(/by words only/);
});

test("another model replaces the vectors of the one before, whole", async () => {
  const { database, actor, folder, ingest } = await company();
  await ingest();
  const { settings } = await embeddingServer();
  await ingestPlaybooks({ database, actor, folder, embedder: endpointEmbedder(settings) });
  const rows = await database.read(actor, (each) =>
    each.many(
      z.object({ model: z.string(), complete: z.boolean(), vectors: z.number(), terms: z.number() }),
      sql`select model, complete, (select count(*) from passage_vector) as vectors, (select count(*) from term_vector) as terms from embedding_index`,
    ),
  );
  expect(rows).toEqual([{ model: "loopback", complete: true, vectors: 8, terms: 0 }]);
});
