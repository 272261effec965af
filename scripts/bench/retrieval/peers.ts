import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import MiniSearch from "minisearch";
import { z } from "zod";
import { embeddedText } from "#playbooks/documents.ts";
import type { Playbook } from "#playbooks/playbook.ts";
import { fetchedPackage } from "../fetched.ts";
import type { AskedQuestion } from "./generate.ts";

/** Another library with the same passages, in this process. */
export interface Peer {
  name: string;
  search(question: AskedQuestion): Promise<unknown>;
  snippetsPerSecond: number;
  /** Live heap that it holds. */
  heapMb: number;
}

const FOUND = 10;

interface Snippet {
  id: string;
  title: string;
  triggers: string;
  text: string;
}

/** MiniSearch over title, triggers and text, as it comes: BM25+ of any word. */
export async function miniSearch(playbooks: Playbook[]): Promise<Peer> {
  const snippets = playbooks.flatMap(({ title, triggers, passages }) =>
    passages.map(({ hash, text }): Snippet => ({ id: hash, title, triggers: triggers.join("\n"), text })),
  );
  const { made, ...cost } = await weighed(snippets.length, async () => {
    const index = new MiniSearch<Snippet>({ fields: ["title", "triggers", "text"] });
    index.addAll(snippets);
    return index;
  });
  return { name: "MiniSearch", ...cost, search: async ({ text }) => made.search(text).slice(0, FOUND) };
}

// It is not among our dependencies, only its core is.
const LANGCHAIN = {
  name: "@langchain/classic",
  version: "1.0.50",
  beside: ["@langchain/core@1.4.0"],
  entry: "@langchain/classic/vectorstores/memory",
};
interface VectorStore {
  addVectors(vectors: number[][], documents: { pageContent: string; metadata: object }[]): Promise<void>;
  similaritySearchVectorWithScore(vector: number[], count: number): Promise<unknown[]>;
}
const memoryStore = z.object({
  MemoryVectorStore: z.custom<new (embeddings: null) => VectorStore>((given) => typeof given === "function"),
});

/** LangChain's vector store in memory, with our vectors; in words why not, where it cannot be fetched. */
export async function langChain(
  playbooks: Playbook[],
  vectorOf: (text: string) => number[],
  tell: (words: string) => void,
): Promise<Peer | string> {
  const library = await fetchedPackage(LANGCHAIN, tell);
  if (typeof library === "string") return library;
  const { MemoryVectorStore } = memoryStore.parse(library);
  const documents = playbooks.flatMap((playbook) =>
    playbook.passages.map((each) => ({ pageContent: embeddedText(playbook, each), metadata: { id: each.hash } })),
  );
  const { made, ...cost } = await weighed(documents.length, async () => {
    const store = new MemoryVectorStore(null); // it gets vectors only, so it embeds nothing
    await store.addVectors(
      documents.map(({ pageContent }) => vectorOf(pageContent)),
      documents,
    );
    return store;
  });
  return {
    name: "LangChain, in memory",
    ...cost,
    search: ({ embedding }: AskedQuestion) => made.similaritySearchVectorWithScore(embedding, FOUND),
  };
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void; // what the flag exposes

async function weighed<T>(snippets: number, make: () => Promise<T>) {
  collect();
  const heapBefore = process.memoryUsage().heapUsed;
  const before = performance.now();
  const made = await make();
  const seconds = (performance.now() - before) / 1000;
  collect();
  const heapMb = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
  return { made, snippetsPerSecond: snippets / seconds, heapMb };
}
