import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepOwnSettings } from "#cli/playbooks/settle-settings.ts";
import { readConfig } from "#config.ts";
import { createLog } from "#log.ts";
import { searchPlaybooks } from "#playbooks/search.ts";
import { actorIn, type Workspace, workspaceByHandle } from "#workspaces/workspace.ts";
import { House } from "../../src/house.ts";
import { type OwnPlace, ownPlace } from "../fixtures/own-place.ts";
import { playbookFolder } from "../fixtures/playbook-folder.ts";

const ours = fileURLToPath(new URL("../../knowledge", import.meta.url));
let knowledge: string;
let place: OwnPlace;
let house: House;

/** A house with our lifecycle models, and of our playbooks only those of the last stage. */
beforeAll(async () => {
  knowledge = mkdtempSync(join(tmpdir(), "perennial-knowledge-"));
  for (const part of ["lifecycle", "moves.yaml", "playbooks/lapsed"])
    cpSync(join(ours, part), join(knowledge, part), { recursive: true });
  place = await ownPlace();
  const at = "url" in place.at ? { DATABASE_URL: place.at.url } : { PERENNIAL_DATA: place.at.folder };
  house = await House.open(readConfig({ ...at, PERENNIAL_KNOWLEDGE: knowledge }), createLog("silent"));
});

afterAll(async () => {
  await house.close();
  await place[Symbol.asyncDispose]();
  rmSync(knowledge, { recursive: true, force: true });
});

const ask = async (workspace: Workspace, question: string) => {
  const { embedder, stemmer } = house.context(workspace).knowledge;
  const { database } = house;
  const { passages } = await searchPlaybooks({
    database,
    actor: actorIn(workspace),
    question,
    embedder,
    stemmer: stemmer!,
  });
  return passages.map(({ playbookId }) => playbookId);
};

test("two workspaces of one database: German with playbooks of its own, and English with ours only", async () => {
  const own = playbookFolder();
  own.put({
    id: "rechnung",
    title: "Rechnungen für Lieferungen bleiben offen",
    body: "Rechnungen bleiben offen.\n\n## Schritte\n1. Mahnen.",
  });
  own.put({
    id: "ansprechpartner",
    title: "Ansprechpartner wechseln",
    body: "Ansprechpartner wechseln.\n\n## Schritte\n1. Anrufen.",
  });
  const german = await keepOwnSettings(house, await house.ownWorkspace("acme-de"), {
    language: "german",
    own: own.folder,
  });
  const english = await house.ownWorkspace("acme-en");
  const indexed = [await house.ingest(german), await house.ingest(english)];
  expect(indexed[0]!.added).toBe(indexed[1]!.added + 2);

  const inflected = "die offene Rechnung einer Lieferung"; // no word of it stands in the playbook as it is
  expect((await ask(german, inflected))[0]).toBe("rechnung");
  expect(await ask({ ...german, language: "english" }, inflected)).not.toContain("rechnung");
  expect(await ask(english, inflected)).not.toContain("rechnung");
  expect((await ask(english, "did they leave because of failing payments?"))[0]).toBe("gone-because-payment-failed");

  // It is kept, also for the next process, until it is taken back.
  expect(await workspaceByHandle(house.database, "acme-de")).toMatchObject({
    language: "german",
    playbooks: own.folder,
  });
  expect(await workspaceByHandle(house.database, "acme-en")).toMatchObject({ language: null, playbooks: null });
  const back = await keepOwnSettings(house, german, { language: "none", own: "none" });
  expect(await house.ingest(back)).toMatchObject({ gone: 2 });
  expect(await ask(back, inflected)).not.toContain("rechnung");
});

test.each([
  [{ language: "klingon" }, /--language takes one of english, german, .*or none; not “klingon”/],
  [
    { language: "german", own: "/nowhere/at/all" },
    /There is no folder \/nowhere\/at\/all\. It takes folders with commas/,
  ],
])("a language or folder that cannot be is told, and nothing is kept: %o", async (settings, told) => {
  const workspace = await house.ownWorkspace("acme-wrong");
  await expect(keepOwnSettings(house, workspace, settings)).rejects.toThrow(told);
  expect(await workspaceByHandle(house.database, "acme-wrong")).toMatchObject({ language: null, playbooks: null });
});
