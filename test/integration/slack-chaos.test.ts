import { expect, test } from "vitest";
import { isSound } from "../../scripts/chaos/report.ts";
import { chaos } from "../../scripts/chaos/run.ts";
import { ownPlace } from "../fixtures/own-place.ts";

test("bots are killed while people ask, events come twice, and replies are lost: each question has one whole answer", async () => {
  await using place = await ownPlace();
  const result = await chaos({
    ...{ events: 45, kills: 3, restarts: 0, refreshes: 0, replicas: 1, transport: "socket" },
    ...{ perSecond: 40, duplicates: 0.2, lostReplies: 0.05, thinks: 120, hurry: true, place: place.at },
  });
  const { lost, twice, torn, misplaced, strays, kills, left } = result;
  expect({ lost, twice, torn, misplaced, strays }).toEqual({
    lost: [],
    twice: [],
    torn: [],
    misplaced: [],
    strays: [],
  });
  expect(isSound(result)).toBe(true);
  expect({ kills, left }).toEqual({ kills: 3, left: { waiting: 0, working: 0, failed: 0 } });
  expect(result.duplicates + result.lostReplies).toBeGreaterThan(0);
});
