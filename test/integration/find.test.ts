import { beforeAll, expect, test } from "vitest";
import { findAccount } from "#accounts/find.ts";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { AskAgain } from "#errors.ts";
import { freshWorkspace } from "../fixtures/database.ts";

let database: Database;
let actor: Actor;
const names = [
  "Acme Corp",
  "Acme GmbH",
  "ACME Labs",
  "Quiet Harbor",
  "Müller & Söhne GmbH & Co. KG",
  "Company_1",
  "Company_10",
  "Hartmann Foods AG",
  "Hartmann Foods Polska",
  "O'Reilly Tools Ltd",
];

beforeAll(async () => {
  ({ database, actor } = await freshWorkspace());
  await database.write(actor, async (rows) => {
    for (const name of names) {
      await rows.run(
        sql`insert into account (workspace_id, name, name_norm, created_on) values (${actor.workspaceId}, ${name}, normal_name(${name}), '2026-01-01')`,
      );
    }
    await rows.run(
      sql`insert into account_domain select workspace_id, 'quietharbor.io', account_id from account where name = 'Quiet Harbor'`,
    );
    await rows.run(
      sql`insert into account_alias select workspace_id, normal_name('Old Anchor'), account_id, 'Old Anchor Inc' from account where name = 'Quiet Harbor'`,
    );
    await rows.run(sql`select index_account_names(array(select account_id from account))`);
  });
});

const find = (said: string) => database.read(actor, (rows) => findAccount(rows, said));
const asked = async (said: string) => {
  const error = await find(said).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AskAgain)) throw new Error(`not asked about ${said}`);
  return error;
};

test.each([
  ["Acme Corp", "Acme Corp"],
  ["acme corp", "Acme Corp"],
  ["ACME Labs'", "ACME Labs"],
  ["acme labs", "ACME Labs"],
  ["acmelabs", "ACME Labs"],
  ["Company_1", "Company_1"],
  ["company 10", "Company_10"],
  ["quietharbor.io", "Quiet Harbor"],
  ["https://www.quietharbor.io/", "Quiet Harbor"],
  ["Old Anchor", "Quiet Harbor"],
  ["Quiet Harbour", "Quiet Harbor"],
  ["Quite Harbor", "Quiet Harbor"],
  ["harbor quiet", "Quiet Harbor"],
  ["müller & söhne", "Müller & Söhne GmbH & Co. KG"],
  ["Muller Sohne", "Müller & Söhne GmbH & Co. KG"],
  ["Hartmann Foods", "Hartmann Foods AG"],
  ["O’Reilly Tools", "O'Reilly Tools Ltd"],
])("“%s” is %s", async (said, name) => {
  expect((await find(said)).name).toBe(name);
});

test("“Acme” may be any of three, and the answer asks which", async () => {
  const error = await asked("Acme");
  expect(error.choices.map((each) => each.label)).toEqual(["Acme Corp", "Acme GmbH", "ACME Labs"]);
  expect(error.message).toMatch(/^Which one do you mean by “Acme”: Acme Corp/);
});

test("a misspelt “Acmee” offers the same three", async () => {
  expect((await asked("Acmee")).choices.map((each) => each.label).sort()).toEqual([
    "ACME Labs",
    "Acme Corp",
    "Acme GmbH",
  ]);
});

test("a name that nobody has is said to be unknown", async () => {
  expect((await asked("Zyxwv Holdings")).message).toContain("I know no account called “Zyxwv Holdings”");
  expect((await asked("?!")).message).toContain("Which account do you mean");
});

test("a word that only begins like one of a name is not that account", async () => {
  for (const said of ["Quartz", "Harpoon", "Hartford Foods", "Companion 10"]) {
    expect((await asked(said)).choices, said).toEqual([]);
  }
});

test("a number in front of # is the account itself", async () => {
  const { id } = await find("Quiet Harbor");
  expect((await find(`#${id}`)).name).toBe("Quiet Harbor");
});
