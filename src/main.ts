import { readFileSync } from "node:fs";
import { run } from "./cli/run.ts";
import type { House } from "./house.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
}; // our own file

let house: House | null = null;

await run(process.argv.slice(2), {
  version,
  openHouse: async (config, log, progress) => {
    const { House } = await import("./house.ts");
    house = await House.open(config, log, progress);
    return house;
  },
  openDoors: async (workspace) => {
    const { openDoors } = await import("./doors.ts");
    if (!house) throw new Error("the doors open over an open house");
    return openDoors(house, workspace);
  },
  examineSlack: async (settings) => {
    const { examineSlack } = await import("./slack/doctor.ts");
    return examineSlack(settings);
  },
  slackManifest: async (settings) => {
    const { manifest, manifestFor } = await import("./slack/manifest.ts");
    return settings ? manifestFor(settings) : manifest({});
  },
});
