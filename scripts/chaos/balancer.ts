import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What stands before several bots on HTTP: brings each request to one of them, to another where nobody listens any more. */
export interface Balancer {
  url: string;
  add(port: number): void;
  /** Sends nothing more there; resolves when everything that was sent there is answered. */
  remove(port: number): Promise<void>;
  close(): void;
}

export async function openBalancer(): Promise<Balancer> {
  const ports: number[] = [];
  const underWay = new Set<{ port: number; passed: Promise<boolean> }>();
  const pass = async (port: number, passing: () => Promise<boolean>) => {
    const one = { port, passed: passing() };
    underWay.add(one);
    return one.passed.finally(() => underWay.delete(one));
  };
  let turn = 0;
  const server = createServer(async (asked, answer) => {
    const body = await buffer(asked);
    turn += 1;
    const from = turn % Math.max(1, ports.length);
    for (const port of [...ports.slice(from), ...ports.slice(0, from)]) {
      if (await pass(port, () => passOn(asked, body, port, answer))) return;
    }
    answer.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`, // it listens on a port
    add: (port) => void ports.push(port),
    remove: async (port) => {
      const at = ports.indexOf(port);
      if (at !== -1) ports.splice(at, 1);
      await Promise.all([...underWay].map((each) => each.port === port && each.passed));
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** false: nobody listens there, and nothing was sent. A connection that breaks later is the sender's to hear of. */
function passOn(asked: IncomingMessage, body: Buffer, port: number, answer: ServerResponse): Promise<boolean> {
  const { url, method, headers } = asked;
  return new Promise((resolve) => {
    const passed = request({ host: "127.0.0.1", port, path: url, method, headers, agent: false }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
      got.once("close", () => {
        if (!got.complete) answer.destroy();
        resolve(true);
      });
    });
    passed.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") return resolve(false);
      if (!answer.headersSent) answer.writeHead(502).end();
      resolve(true);
    });
    passed.end(body);
  });
}
