import { createServer, type Server } from "node:http";
import type { CustomRoute } from "@slack/bolt";

/** The install pages on a port of their own, for Socket Mode, where nothing else listens. Rejects when the port is taken. */
export async function serveRoutes(
  routes: readonly CustomRoute[],
  { port, host }: { port: number; host: string },
): Promise<Server> {
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0];
    const route = routes.find((each) => each.path === path && each.method === request.method);
    if (route) return void route.handler(Object.assign(request, { params: {} }), response);
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("There is no such page.\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return server;
}
