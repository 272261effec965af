import type { Method } from "../call.ts";
import { agents } from "./agents.ts";
import { auth } from "./auth.ts";
import { chat } from "./chat.ts";
import { conversations } from "./conversations.ts";
import { files } from "./files.ts";
import { reactions } from "./reactions.ts";
import { streams } from "./streams.ts";
import { users } from "./users.ts";
import { views } from "./views.ts";

/** Every method of the Web API that is answered here; others are an unknown_method. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...auth,
    ...chat,
    ...streams,
    ...agents,
    ...conversations,
    ...users,
    ...views,
    ...reactions,
    ...files,
  }),
);
