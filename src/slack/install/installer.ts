import type { IncomingMessage, ServerResponse } from "node:http";
import type { CustomRoute } from "@slack/bolt";
import { ErrorCode, InstallProvider } from "@slack/oauth";
import { errorRef } from "#errors.ts";
import type { Log } from "#log.ts";
import { boltLog } from "../bolt-log.ts";
import { INSTALL_PATH, REDIRECT_PATH } from "../manifest.ts";
import { scopesFor } from "../scopes.ts";
import type { OAuthSettings, SlackSettings } from "../settings.ts";
import { html, installedPage, installPage, notInstalledPage, PAGE_HEADERS, show } from "./pages.ts";
import { type InstallDesk, InstallRefused, installationStore } from "./store.ts";

/** What an install needs to know. */
export interface InstallerParts extends Omit<InstallDesk, "keys"> {
  settings: Pick<SlackSettings, "apiUrl" | "crmLinks" | "tokenKeys"> & { team: OAuthSettings };
  log: Log;
}

const CALL_MS = 15_000; // a person waits in front of the browser

/** The pages by which a team installs, as routes for Bolt's HTTP receiver (`customRoutes`) or for a server of their own. */
export function installerFor({ settings, log, ...stores }: InstallerParts): { routes: CustomRoute[] } {
  const { team, apiUrl, crmLinks, tokenKeys: keys } = settings;
  const redirectUri = `${team.publicUrl}${REDIRECT_PATH}`;
  const provider = new InstallProvider({
    clientId: team.clientId,
    clientSecret: team.clientSecret,
    stateSecret: team.stateSecret,
    installationStore: installationStore({ ...stores, keys }),
    installUrlOptions: { scopes: scopesFor(crmLinks.length > 0).map(({ scope }) => scope), redirectUri },
    authorizationUrl: new URL("../oauth/v2/authorize", apiUrl).href,
    renderHtmlForInstallPath: (url) => html(installPage(url)),
    // A code is good for one call, so none is repeated.
    clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: CALL_MS },
    logger: { ...boltLog(log), error: () => undefined }, // told below, with a reference
  });
  const again = `${team.publicUrl}${INSTALL_PATH}`;
  const begin = (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
    return provider.handleInstallPath(request, response);
  };
  const comeBack = (request: IncomingMessage, response: ServerResponse) =>
    provider.handleCallback(request, response, {
      success: ({ team: into, appId }) =>
        show(response, 200, installedPage(into?.name ?? "your workspace", slackLink(into?.id, appId))),
      failure: (error) => {
        const { status, says } = faultOf(error, log);
        show(response, status, notInstalledPage(says, again));
      },
    });
  return {
    routes: [
      { path: INSTALL_PATH, method: "GET", handler: guarded(begin, again, log) },
      { path: REDIRECT_PATH, method: "GET", handler: guarded(comeBack, again, log) },
    ],
  };
}

const slackLink = (teamId: string | undefined, appId: string | undefined): string =>
  teamId && appId ? `slack://app?team=${teamId}&id=${appId}&tab=messages` : "slack://open";

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Whatever goes wrong, a page is shown and the process lives. */
const guarded =
  (handler: Handler, again: string, log: Log): Handler =>
  async (request, response) => {
    try {
      await handler(request, response);
    } catch (error) {
      const { status, says } = faultOf(error, log);
      if (!response.headersSent) show(response, status, notInstalledPage(says, again));
    }
  };

const SENTENCES: Record<string, string> = {
  [ErrorCode.AuthorizationError]: "You did not agree in Slack, so nothing was installed.",
  [ErrorCode.MissingStateError]: "Begin the install on the page of Perennial, in this browser.",
  [ErrorCode.InvalidStateError]: "This install was begun in another browser, or more than ten minutes ago.",
  [ErrorCode.MissingCodeError]: "Slack sent no code with this request. Begin the install on the page of Perennial.",
};

/** Codes that Slack takes no more: used once already, too old, or made up. */
const SPENT = ["invalid_code", "code_already_used", "code_expired"];

/** What the person at the browser is told, and with which status. What is our own fault is logged with a reference. */
function faultOf(error: unknown, log: Log): { status: number; says: string } {
  if (error instanceof InstallRefused) return { status: 403, says: error.message };
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = SENTENCES[code];
  if (known) return { status: 400, says: known };
  if (SPENT.includes(slackWord(error))) return { status: 400, says: "Slack's code was used already or is too old." };
  const ref = errorRef();
  log.error({ err: error, ref }, "an install failed");
  return {
    status: 500,
    says: `That failed on our side (ref ${ref}). Nothing was installed; tell whoever runs Perennial.`,
  };
}

function slackWord(error: unknown): string {
  const data = error instanceof Error && "data" in error ? error.data : null;
  return typeof data === "object" && data !== null && "error" in data ? String(data.error) : "";
}
