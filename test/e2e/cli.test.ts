import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { lockFolder } from "#database/folder-lock.ts";
import { modelServer } from "../fixtures/model-server.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "perennial-cli-"));
const data = join(folder, "data");
const running = new Set<ChildProcessWithoutNullStreams>();
/** Each process lives for a few seconds: what V8 would spend on a faster database engine does not pay. */
const SHORT_LIVED = "--liftoff-only";

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Starts the real program on the data folder of this file, with none of the developer's own settings. */
function perennial(args: string[], environment: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, PERENNIAL_DATA: data, PERENNIAL_TODAY: "2026-11-22", ...environment };
  const child = spawn(process.execPath, [SHORT_LIVED, join(root, "bin/perennial.js"), ...args], { cwd: folder, env });
  running.add(child.on("close", () => running.delete(child)));
  return child;
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const code = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

function run(args: string[], environment: Record<string, string> = {}, input = ""): Promise<Ended> {
  const child = perennial(args, environment);
  child.stdin.end(input);
  return ended(child);
}

beforeAll(async () => {
  const { code, out, err } = await run(["seed", "--json"]);
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  expect(JSON.parse(out)).toMatchObject({ workspace: "sample", day: "2026-11-22" });
});

afterEach(() => {
  for (const child of running) child.kill("SIGKILL"); // what a failed test has left would keep the folder from the next one
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a thread asks which Acme is meant, and answers once it is told", async () => {
  const asked = await run(["ask", "--json", "--thread", "monday", "what stage is Acme in and what should I do next?"]);
  const question = JSON.parse(asked.out);
  expect(Object.keys(question).sort()).toEqual([
    "dropped",
    "findings",
    "offline",
    "offlineBecause",
    "sources",
    "text",
    "thread",
  ]);
  expect(question).toMatchObject({
    offline: true,
    thread: "monday",
    findings: [{ tool: "why_this_stage", output: { kind: "choice" } }, { tool: "next_steps" }],
  });
  expect(question.text).toContain("Which one do you mean");

  const answer = JSON.parse((await run(["ask", "--json", "--thread", "monday", "Acme GmbH"])).out);
  const stage = answer.findings.find((each: { tool: string }) => each.tool === "why_this_stage").output;
  expect(stage.account.name).toBe("Acme GmbH");
  expect(answer.text).toContain(stage.stage.name);
  expect(answer.text).toContain(stage.stage.since);
  expect(answer.sources.length).toBeGreaterThan(0);
});

test("a tool is called by hand with flags, and says which field is wrong", async () => {
  const { input, output } = JSON.parse(
    (await run(["tools", "portfolio", "--country", "DE,US", "--mrr-at-least", "1000", "--limit", "2", "--json"])).out,
  );
  expect(input).toMatchObject({ filters: { country: ["DE", "US"], mrr: { at_least: 1000 } }, limit: 2 });
  expect(output.accounts).toHaveLength(2);

  const wrong = await run(["tools", "portfolio", '{"filters":{"contry":["DE"]},"limit":"two"}']);
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain("filters.contry is not known; did you mean country");
  expect(wrong.err).toContain("limit:");
});

test("lines that are piped in are one talk; a second Perennial is told who has the folder", async () => {
  const talk = perennial(["chat"]);
  const answers = ended(talk);
  talk.stdin.write("what stage is Acme in?\n2\n");
  let said = "";
  await new Promise<void>((resolve) =>
    talk.stdout.on("data", (piece) => {
      said += piece;
      if (said.includes("Stage:")) resolve();
    }),
  );

  const second = await run(["ask", "--json", "who owns Acme GmbH?"]);
  expect(second.code).toBe(3);
  expect(JSON.parse(second.out).error).toContain(`process ${talk.pid}`);
  expect(second.err).not.toMatch(/\n\s+at /);

  talk.stdin.end("and who owns them?\n/quit\n");
  const { code, out } = await answers;
  expect(code).toBe(0);
  expect(out).toMatch(/Acme GmbH[\s\S]*Owner: Lukas Brandl/);
});

test("doctor says what is there and what is stale, and fails only for what is set up and broken", async () => {
  const fine = await run(["doctor", "--json"]);
  expect(fine.code).toBe(0);
  const { ok, checks } = JSON.parse(fine.out) as {
    ok: boolean;
    checks: { area: string; health: string; says: string }[];
  };
  expect(ok).toBe(true);
  expect(checks.find(({ says }) => says.startsWith("usage:"))).toMatchObject({
    health: "note",
    says: expect.stringContaining("stale"),
  });
  expect(checks.find(({ area }) => area === "model")).toMatchObject({ health: "off" });
  expect(checks.find(({ area }) => area === "playbook search")).toMatchObject({
    health: "ok",
    says: expect.stringMatching(
      /passages, english; vectors of lsa-128, 128 numbers, fingerprint \w{8}, every vector compared/,
    ),
  });
  expect(checks.find(({ area }) => area === "search quality")?.says).toMatch(/golden questions: nDCG@10 0\.\d/);

  const broken = await run(["doctor", "--json"], {
    PERENNIAL_DATA: join(folder, "none"),
    OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
    PERENNIAL_MODEL: "m",
    PERENNIAL_EMBEDDING_MODEL: "local:/nowhere/at/all",
  });
  expect(broken.code).toBe(1);
  expect(JSON.parse(broken.out).checks).toContainEqual(
    expect.objectContaining({ area: "embedder", health: "broken", says: expect.stringContaining("/nowhere/at/all") }),
  );
  expect(JSON.parse(broken.out).checks).toContainEqual(expect.objectContaining({ area: "model", health: "broken" }));
});

test("an import says what was new and what was refused, keeps the refused rows, and a dry run then finds all the same", async () => {
  const export_ = mkdtempSync(join(folder, "export-"));
  writeFileSync(join(export_, "customers.csv"), "\ufeffid;name\n1;Börse Süd\n2;\n3;Nordlicht AG\n");
  const mapping = join(folder, "mapping.yaml");
  writeFileSync(
    mapping,
    "source: crm\nfiles:\n  - file: customers.csv\n    kind: account\n    id: id\n    fields:\n      name: name\n",
  );
  const refused = join(folder, "refused.csv");
  const first = await run([
    "import",
    export_,
    "--mapping",
    mapping,
    "--workspace",
    "own",
    "--refused",
    refused,
    "--json",
  ]);
  expect(JSON.parse(first.out)).toMatchObject({
    workspace: "own",
    new: 2,
    refused: 1,
    judged: 2,
    refusedRows: [{ line: 3, column: "name" }],
  });
  expect(readFileSync(refused, "utf8")).toContain('"customers.csv","3","account","2","name"');
  const again = await run(["import", export_, "--mapping", mapping, "--workspace", "own", "--dry-run", "--json"]);
  expect(JSON.parse(again.out)).toMatchObject({ dryRun: true, runId: null, new: 0, changed: 0, same: 2, refused: 1 });
});

test("every account of the sample company has a reason, by every model", async () => {
  const { code, out } = await run(["stages", "--all-models", "--json"]);
  const { accounts, models, withoutReason } = JSON.parse(out);
  expect({ code, withoutReason }).toEqual({ code: 0, withoutReason: 0 });
  expect(models).toHaveLength(5);
  for (const model of models) expect(model.judged).toBe(accounts);
});

test("a pin is shown beside the rules' result until it is taken back", async () => {
  const pinned = await run([
    "pin",
    "Acme GmbH",
    "advocacy",
    "--until",
    "2027-01-31",
    "--reason",
    "they speak at our event",
  ]);
  expect(pinned.out).toContain("Acme GmbH is pinned to Advocacy until 2027-01-31");
  const why = await run(["tools", "why_this_stage", "--account", "Acme GmbH"]);
  expect(why.out).toMatch(/Advocacy, pinned until 2027-01-31[\s\S]*Stage: Consideration/);
  expect((await run(["unpin", "Acme GmbH", "--json"])).out).toContain('"unpinned":true');
  const nonsense = await run(["pin", "Acme GmbH", "advocacy", "--until", "2027-02-31"]);
  expect(nonsense).toMatchObject({ code: 2, err: expect.stringContaining("“2027-02-31” is no day") });
});

test("the churn report has what a model wrote about it; without a model it says so", async () => {
  const without = JSON.parse((await run(["report", "churn", "--json"])).out);
  expect(without).toMatchObject({
    title: "Week of 9 Nov 2026",
    narrative: { text: null, because: "No narrative: no model is configured." },
  });
  const server = await modelServer();
  server.script({ say: "Four customers were lost in the week. Ashgate Hotels BV is at risk." });
  const told = await run(["report", "churn"], { OPENAI_BASE_URL: server.url, PERENNIAL_MODEL: "scripted" });
  await server.close();
  expect(told.out).toMatch(
    /^Churn, week of 9 Nov 2026 \(all accounts\)\nNet −\$[\d,.]+ MRR, to \$[\d,.]+; 4 customers lost/,
  );
  expect(told.out).toContain("\n\nFour customers were lost in the week. Ashgate Hotels BV is at risk.\n");
});

test("wrong usage ends with 2, a database that is away with 3, each with a sentence", async () => {
  const away = { DATABASE_URL: "postgres://nobody:secret@127.0.0.1:1/none" };
  const [unknown, flag, empty, setting, database] = await Promise.all([
    run(["aks", "hello"]),
    run(["ask", "--thraed", "x", "hello", "--json"]),
    run(["ask", "  "]),
    run(["ask", "hello"], { PERENNIAL_TODAY: "tomorrow" }),
    run(["ask", "hello", "--json"], away),
  ]);
  expect(unknown).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Did you mean ask?") });
  expect(flag.code).toBe(2);
  expect(JSON.parse(flag.out).error).toContain("--thraed");
  expect(empty).toMatchObject({ code: 2, err: expect.stringContaining("The question is empty") });
  expect(setting).toMatchObject({ code: 2, err: expect.stringContaining("PERENNIAL_TODAY") });
  expect(database.code).toBe(3);
  expect(JSON.parse(database.out).error).toContain("The database cannot be reached");
  expect(database.err + database.out).not.toContain("secret");
});

test("colours come when they are asked for, and never with NO_COLOR", async () => {
  const [plain, forced, refused] = await Promise.all([
    run(["tools"]),
    run(["tools"], { FORCE_COLOR: "1" }),
    run(["tools"], { NO_COLOR: "1" }),
  ]);
  expect(forced.out).toContain("\u001b[1m");
  expect(plain.out + refused.out).not.toContain("\u001b");
});

test("a talk that is told to end closes its database", async () => {
  const talk = perennial(["chat"]);
  const done = ended(talk);
  talk.stdin.write("/thread\n");
  await new Promise<void>((resolve) => talk.stdout.once("data", () => resolve()));
  talk.kill("SIGTERM");
  expect((await done).code).toBe(143);
  lockFolder(data).release(); // throws while anybody has it
});
