import { readFileSync } from "node:fs";
import { run } from "./cli/run.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
}; // our own file

await run(process.argv.slice(2), {
  version,
  openHouse: async (config, log, progress) => {
    const { House } = await import("./house.ts");
    return House.open(config, log, progress);
  },
});
