/** A guard switched off: one exact piece of a file replaced, and the test files that must notice. */
export interface Mutant {
  guard: string;
  file: string;
  from: string;
  to: string;
  tests: string[];
}

export const mutants: Mutant[] = [
  {
    guard: "ledger: a figure that no tool returned is not shown",
    file: "src/grounding.ts",
    from: "    return because === null;\n",
    to: "    return true;\n",
    tests: ["test/unit/grounding.test.ts", "test/integration/agent.test.ts"],
  },
  {
    guard: "forbidden moves: no playbook with a move that the stage forbids",
    file: "src/lifecycle/next-steps.ts",
    from: " && !moves.some((move) => forbidden.includes(move))",
    to: "",
    tests: ["test/unit/lifecycle-next-steps.test.ts", "test/unit/lifecycle-properties.test.ts"],
  },
  {
    guard: "allowed moves: only what the stage allows is a step",
    file: "src/lifecycle/next-steps.ts",
    from: "    .filter((move) => allowance.allowed.includes(move))\n",
    to: "",
    tests: ["test/unit/lifecycle-next-steps.test.ts", "test/unit/lifecycle-properties.test.ts"],
  },
  {
    guard: "hard gates: no upsell while an urgent ticket is open",
    file: "src/lifecycle/next-steps.ts",
    from: "move !== undefined && !shut.some((gate) => gate.closes(move))",
    to: "move !== undefined",
    tests: ["test/unit/lifecycle-next-steps.test.ts"],
  },
  {
    guard: "forbidden moves in search: no discount playbook for somebody who is reading up",
    file: "src/tools/search-playbooks.ts",
    from: "forbidden: known?.moves.forbidden.map(({ move }) => move) ?? []",
    to: "forbidden: []",
    tests: ["test/integration/tools.test.ts"],
  },
  {
    guard: "folder lock: two processes never open one embedded database",
    file: "src/database/folder-lock.ts",
    from: "pragma busy_timeout = 0; pragma locking_mode = exclusive; begin exclusive",
    to: "pragma busy_timeout = 0",
    tests: ["test/integration/database.test.ts"],
  },
  {
    guard: "finalize: a reply that only looks complete is no answer",
    file: "src/agent/finalize.ts",
    from: '  if (!reply || !AIMessage.isInstance(reply)) return "unfinished";\n',
    to: "  if (last || !last) return null;\n",
    tests: ["test/integration/agent-faults.test.ts"],
  },
  {
    guard: "row security: a workspace sees its own rows only",
    file: "src/database/door.ts",
    from: '    ...(role ? ([["role", role]] as [string, string][]) : []),\n',
    to: "",
    tests: ["test/integration/door.test.ts"],
  },
  {
    guard: "read only: what reads cannot write",
    file: "src/database/door.ts",
    from: '    ...(readOnly ? ([["transaction_read_only", "on"]] as [string, string][]) : []),\n',
    to: "",
    tests: ["test/integration/door.test.ts"],
  },
  {
    guard: "hysteresis: a move by behaviour needs to be seen twice",
    file: "src/lifecycle/model.ts",
    from: "confirmations: confirmations ?? written.confirmations",
    to: "confirmations: 1",
    tests: ["test/unit/lifecycle-judge.test.ts", "test/unit/lifecycle-models.test.ts"],
  },
  {
    guard: "ask which: one word that fits several accounts is not guessed",
    file: "src/accounts/find.ts",
    from: '  if (same.length === 1 && (found.length === 1 || asked.includes(" "))) return same[0]!;\n  return found.length === 1 ? found[0]! : null;',
    to: "  return found[0] ?? null;",
    tests: ["test/integration/find.test.ts"],
  },
  {
    guard: "slips only: a word that merely begins like one of a name is not that account",
    file: "src/accounts/find.ts",
    from: '  if (match !== "spelling" || !read) return true;\n',
    to: "  if (match && asked) return true;\n",
    tests: ["test/integration/find.test.ts"],
  },
  {
    guard: "honest no: a question that no playbook covers gets none",
    file: "src/playbooks/search.ts",
    from: "export const CLOSE_CONFIDENCE = 0.35;",
    to: "export const CLOSE_CONFIDENCE = -1;",
    tests: ["test/integration/playbook-search.test.ts"],
  },
  {
    guard: "quotation: what customers wrote reaches nobody as markup or link",
    file: "src/tools/words.ts",
    from: '    .replace(/!\\[|[[\\]()<>`*_|]/g, " ")\n    .replace(/https?:\\S+/g, "(link)")\n',
    to: "",
    tests: ["test/unit/tool-words.test.ts"],
  },
];
