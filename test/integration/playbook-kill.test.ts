import { expect, test } from "vitest";
import { killIngests, withOwnDatabase } from "../../scripts/kill-ingest.ts";

// The long form, 20 kills over all playbooks, is scripts/kill-ingest.ts.
test("an ingest that is killed leaves the old index or the new one, and both answer", async () => {
  const server = process.env.TEST_DATABASE_URL;
  const given = { stages: ["lapsed"], times: server ? 5 : 2 };
  const all = server
    ? await withOwnDatabase(server, (url) => killIngests({ ...given, url }))
    : await killIngests({ ...given, url: null });
  expect(all).toHaveLength(given.times);
  expect(all.filter(({ index, answers }) => index === "between" || !answers)).toEqual([]);
});
