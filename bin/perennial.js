#!/usr/bin/env node
// Starts Perennial with a Node that can run it. Plain old JavaScript, so that any Node can read it and say what is missing.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const NEEDED = [24, 12];
const folder = dirname(dirname(fileURLToPath(import.meta.url)));

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** Where Node keeps what it has compiled, so that the next start is quicker. A folder that cannot be written is no harm. */
process.env.NODE_COMPILE_CACHE ??= join(folder, ".cache", "compiled");

/** The Node that comes with Perennial's own packages, where there is one for this machine. */
function pinnedNode() {
  const file = process.platform === "win32" ? "node.exe" : "node";
  const packageName = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const places = [folder, join(folder, "..", "..")].map((each) => join(each, "node_modules", packageName, "bin", file));
  return places.find((each) => each !== process.execPath && existsSync(each));
}

// Node strips types from files of a project, but not from files under node_modules, where an installed Perennial lies.
const hooks = folder.split(/[\\/]/).includes("node_modules")
  ? ["--disable-warning=ExperimentalWarning", "--import", pathToFileURL(join(folder, "bin", "strip-types.js")).href]
  : [];

if (!isNewEnough(process.versions.node) && !pinnedNode()) {
  console.error(
    `Perennial needs Node ${NEEDED.join(".")} or newer; this is ${process.versions.node}.\nInstall it from https://nodejs.org, or run npm ci without --omit=optional: it brings the right one along on Linux and Windows.`,
  );
  process.exit(1);
} else if (isNewEnough(process.versions.node) && hooks.length === 0) {
  // The playground's page is stripped of its types by Node itself, which Node still calls experimental.
  const [tell] = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => warning.name === "ExperimentalWarning" || tell?.(warning));
  const { enableCompileCache } = await import("node:module");
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(pathToFileURL(join(folder, "src", "main.ts")).href);
} else {
  const runtime = isNewEnough(process.versions.node) ? process.execPath : pinnedNode();
  const child = spawn(runtime, [...hooks, join(folder, "src", "main.ts"), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  // A terminal sends Ctrl-C to both of us; the child decides what it means.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 128 : 1)));
}
