// Switches off one guard after the other in a copy of the project and runs the tests that must notice.
// npm run mutate [-- WORD]   only guards whose name has the word
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import { type Mutant, mutants } from "./mutation/mutants.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const PARTS = [
  "src",
  "test",
  "knowledge",
  "prompts",
  "bin",
  "scripts",
  "docs",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];

type Outcome = "red" | "STILL GREEN" | "no such code";

const wanted = mutants.filter(({ guard }) => guard.includes(process.argv[2] ?? ""));
if (wanted.length === 0) {
  console.error(
    `No guard has “${process.argv[2]}” in its name. There are:\n${mutants.map(({ guard }) => guard).join("\n")}`,
  );
  process.exit(2);
}
const sound = testsPass([...new Set(wanted.flatMap(({ tests }) => tests))], () => undefined);
if (!sound.pass) {
  console.error(`The tests fail without any change, so they prove nothing:\n${sound.output}`);
  process.exit(1);
}

const results = wanted.map((mutant) => {
  const outcome = tryMutant(mutant);
  console.error(`${outcome.padEnd(12)} ${mutant.guard}`);
  return { mutant, outcome };
});
const table = new Table({ head: ["guard switched off", "in", "suite"], style: { head: [], border: [] } });
for (const { mutant, outcome } of results) table.push([mutant.guard, mutant.file, outcome]);
console.log(table.toString());
process.exit(results.every(({ outcome }) => outcome === "red") ? 0 : 1);

function tryMutant({ file, from, to, tests }: Mutant): Outcome {
  let found = true;
  const { pass } = testsPass(tests, (copy) => {
    const path = join(copy, file);
    const text = readFileSync(path, "utf8");
    found = text.split(from).length === 2;
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  });
  if (!found) return "no such code";
  return pass ? "STILL GREEN" : "red";
}

/** Runs test files in a fresh copy, so that no cache of an earlier run can hide a change. */
function testsPass(tests: string[], change: (copy: string) => void): { pass: boolean; output: string } {
  const copy = mkdtempSync(join(tmpdir(), "perennial-mutant-"));
  try {
    for (const part of PARTS) cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");
    change(copy);
    const run = spawnSync(
      process.execPath,
      [join(root, "node_modules", "vitest", "vitest.mjs"), "run", "--bail", "1", ...tests],
      {
        cwd: copy,
        encoding: "utf8",
        env: { ...process.env, NO_COLOR: "1" },
      },
    );
    return { pass: run.status === 0, output: run.stdout + run.stderr };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
