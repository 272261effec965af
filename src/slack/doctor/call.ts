import { z } from "zod";

/** How Slack is asked. */
export interface DoctorDesk {
  ask: typeof fetch;
  /** Ends with a slash. */
  apiUrl: string;
  /** Links to the CRM are set to unfurl. */
  links: boolean;
}

const reply = z.looseObject({ ok: z.boolean(), error: z.string().optional() });

/** What Slack answered; `error` is its own word, or "no_answer" with the reason in `why`. */
export interface Reply {
  ok: boolean;
  error: string;
  why: string;
  body: Record<string, unknown>;
  /** Scopes of the token, where Slack tells them. */
  scopes: string[] | null;
  /** How far our clock is ahead of Slack's, in seconds. */
  aheadBy: number | null;
}

const PATIENCE_MS = 10_000;

/** Calls one method. Never throws: that Slack does not answer is a finding. */
export async function call(
  { ask, apiUrl }: DoctorDesk,
  method: string,
  token: string | null,
  given: Record<string, string> = {},
): Promise<Reply> {
  const nothing = { body: {}, scopes: null, aheadBy: null };
  try {
    const response = await ask(`${apiUrl}${method}`, {
      method: "POST",
      headers: token ? { authorization: `Bearer ${token}` } : {},
      body: new URLSearchParams(given),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const read = reply.safeParse(await response.json());
    if (!read.success) return { ...nothing, ok: false, error: "no_answer", why: `HTTP ${response.status}` };
    return {
      ok: read.data.ok,
      error: read.data.error ?? "",
      why: "",
      body: read.data,
      scopes: response.headers.get("x-oauth-scopes")?.split(/,\s*/).filter(Boolean) ?? null,
      aheadBy: aheadBy(response.headers.get("date")),
    };
  } catch (error) {
    return { ...nothing, ok: false, error: "no_answer", why: reasonOf(error) };
  }
}

function aheadBy(date: string | null): number | null {
  const theirs = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(theirs) ? null : Math.round((Date.now() - theirs) / 1000);
}

/** "ECONNREFUSED", "a timeout": the innermost cause that says something. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${PATIENCE_MS / 1000} seconds`;
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}

/** A text of a reply, or the words for none. */
export const textOf = (body: Record<string, unknown>, field: string): string | null =>
  typeof body[field] === "string" ? body[field] : null;
