import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { playbookFolder } from "../fixtures/playbook-folder.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

/** A command over our playbooks and a folder of the company's own; none of these needs a database. */
async function perennial(own: string, ...args: string[]): Promise<{ code: number; json: Record<string, unknown> }> {
  const { PATH = "", HOME = "" } = process.env;
  const env = {
    PATH,
    HOME,
    PERENNIAL_PLAYBOOKS: own,
    PERENNIAL_DATA: join(own, "data"),
    PERENNIAL_TODAY: "2026-11-22",
  };
  const command = [join(root, "bin/perennial.js"), "playbooks", ...args, "--json"];
  const { code, stdout } = await run(process.execPath, command, { env }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (failed: { code: number; stdout: string }) => failed,
  );
  return { code, json: JSON.parse(stdout) };
}

test("a new playbook is begun as a draft, looked at, and checked beside ours", async () => {
  const { folder, put } = playbookFolder();
  put({ id: "champion-left", title: "Champion left" });
  const begun = await perennial(folder, "new", "office-moves", "--stage", "retention", "--title", "Their office moves");
  const file = join(folder, "retention", "office-moves.md");
  expect(begun).toMatchObject({ code: 0, json: { id: "office-moves" } });
  expect(readFileSync(file, "utf8")).toContain("title: Their office moves");

  expect(await perennial(folder, "preview", file)).toMatchObject({
    code: 0,
    json: {
      draft: true,
      passages: expect.arrayContaining([expect.objectContaining({ section: "Steps", anchor: "steps" })]),
    },
  });

  const { code, json } = await perennial(folder, "check");
  expect({ code, drafts: json.drafts, errors: json.errors }).toEqual({ code: 0, drafts: 1, errors: 0 });
  expect(json.replaced).toMatchObject([
    { id: "champion-left", file: "knowledge/playbooks/retention/champion-left.md" },
  ]);
});

test("what cannot be is refused with exit code 2 and a cure", async () => {
  const { folder, write } = playbookFolder();
  write("retention/broken.md", "half a file");
  const taken = await perennial(folder, "new", "champion-left", "--stage", "retention");
  expect(taken).toMatchObject({
    code: 2,
    json: { error: expect.stringMatching(/champion-left already.*Choose another id/) },
  });
  expect(existsSync(join(folder, "retention", "champion-left.md"))).toBe(false);
  expect(await perennial(folder, "preview", join(folder, "retention", "broken.md"))).toMatchObject({
    code: 2,
    json: { error: expect.stringMatching(/has no front matter\. Begin the file with/) },
  });
  expect(await perennial(folder, "check")).toMatchObject({ code: 2, json: { errors: 1 } });
});
