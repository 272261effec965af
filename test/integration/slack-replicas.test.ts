import { expect, test } from "vitest";
import { type ChaosOptions, chaos } from "../../scripts/chaos/run.ts";
import { emptyInbox, testDatabase } from "../fixtures/database.ts";

const SOUND = { lost: [], twice: [], torn: [], misplaced: [], strays: [], crashes: [], givenUp: 0 };
const UNDISTURBED = { events: 0, kills: 0, restarts: 0, refreshes: 0, replicas: 1, transport: "socket" } as const;
const PACE = { perSecond: 20, duplicates: 0.05, lostReplies: 0.05, thinks: 120, hurry: true };

const asking = async (options: Partial<ChaosOptions>) => {
  const database = await testDatabase();
  await emptyInbox(database);
  return chaos({ ...UNDISTURBED, ...PACE, ...options, place: { database } });
};

test.each(["socket", "http"] as const)(
  "two bots are replaced one after the other, by %s: every event is acknowledged at once and answered once",
  async (transport) => {
    const result = await asking({ events: 30, restarts: 1, replicas: 2, transport });
    expect(result.reasons).toEqual({});
    expect(result).toMatchObject({ ...SOUND, commandsRefused: 0 });
    expect(result.drains.length).toBe(4);
    expect(result.left).toMatchObject({ waiting: 0, working: 0 });
  },
);

test("Slack ends one of two sockets again and again: every event finds the other, and is acknowledged at once", async () => {
  const result = await asking({ events: 30, refreshes: 3 });
  expect(result.reasons).toEqual({});
  expect(result).toMatchObject({ ...SOUND, commandsRefused: 0 });
  expect(result.fewestSockets).toBeGreaterThan(0);
});
