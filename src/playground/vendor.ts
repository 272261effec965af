import { readFile } from "node:fs/promises";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const page = fileURLToPath(new URL("./page/", import.meta.url));

/** The browser's libraries: address → file, seen from the entry of the package that holds it. Nothing else of node_modules is served. */
const LIBRARIES: Record<string, { beside: string; file: string }> = {
  "/vendor/preact.js": { beside: "preact", file: "preact.mjs" },
  "/vendor/preact-hooks.js": { beside: "preact/hooks", file: "hooks.mjs" },
  "/vendor/marked.js": { beside: "marked", file: "marked.esm.js" },
  "/vendor/chart.js": { beside: "chart.js", file: "chart.js" },
  "/vendor/chunks/index.js": { beside: "chart.js", file: "chunks/index.js" },
  "/vendor/color.js": { beside: "@kurkle/color", file: "color.esm.js" },
};

/** What modules call a library → where the browser finds it. */
const ADDRESSES: Record<string, string> = {
  preact: "/vendor/preact.js",
  "preact/hooks": "/vendor/preact-hooks.js",
  marked: "/vendor/marked.js",
  "chart.js": "/vendor/chart.js",
  "@kurkle/color": "/vendor/color.js",
};

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ts": "text/javascript; charset=utf-8",
};

/** Names made of letters, digits and dashes only, so that no path leads out of the page's folder. */
const OWN_FILE = /^(\/[a-z0-9-]+)+\.(html|css|svg|ts)$/;

export interface BrowserFile {
  /** Content-Type. */
  type: string;
  body: string;
}

/** What the page's browser may fetch, by the path of its address: the page's own files and its libraries. Null: there is no such file. */
export async function browserFile(path: string): Promise<BrowserFile | null> {
  const library = LIBRARIES[path];
  if (library !== undefined) {
    const file = join(dirname(require.resolve(library.beside)), library.file);
    return { type: TYPES[".ts"]!, body: withAddresses(await readFile(file, "utf8")) };
  }
  const own = path === "/" ? "/index.html" : path;
  if (!OWN_FILE.test(own)) return null;
  const text = await readFile(join(page, own), "utf8").catch(nullWhereMissing);
  if (text === null) return null;
  const type = TYPES[extname(own)]!;
  return { type, body: own.endsWith(".ts") ? withAddresses(stripTypeScriptTypes(text)) : text };
}

/** Browsers know no package names: `from "preact"` becomes `from "/vendor/preact.js"`. */
const withAddresses = (source: string): string =>
  source.replace(/(\bfrom\s*|\bimport\s*)(["'])([@\w./-]+)\2/g, (whole, before: string, quote: string, name: string) =>
    ADDRESSES[name] === undefined ? whole : `${before}${quote}${ADDRESSES[name]}${quote}`,
  );

function nullWhereMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
