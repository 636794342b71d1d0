import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Site {
  /** e.g. `http://127.0.0.1:40123` */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves a page `/` that loads `/script.js`, and nothing else, on a free port of this machine. */
export async function servePage(script: string): Promise<Site> {
  const bodies: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/': [
      'text/html',
      '<!doctype html><meta charset="utf-8"><title>Attune</title><script src="/script.js"></script>',
    ],
    '/script.js': ['text/javascript', script],
  };
  const server = createServer(({ url }, response) => {
    const [type, body] = bodies[url ?? ''] ?? ['text/plain', undefined];
    response
      .writeHead(body === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` })
      .end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
