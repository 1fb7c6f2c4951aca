/** The build on a server of the tests' own. */
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** A plain static server under a sub-path, which can be taken away, and can publish another version. */
export class Host {
  /** Changes what is published. */
  change = (_path: string, bytes: Buffer): Buffer => bytes;
  readonly asked: string[] = [];
  #server: Server | null = null;
  #port = 0;

  /** @param headers of every answer. */
  constructor(private readonly headers: Readonly<Record<string, string>> = {}) {}

  async start(): Promise<void> {
    const server = (this.#server = createServer((request, response) => {
      const path = new URL(request.url!, 'http://here').pathname.replace(/^\/some\/where\//, '');
      this.asked.push(path);
      readFile(join('dist', path || 'index.html')).then(
        (bytes) => {
          const type = TYPES[extname(path || 'index.html')] ?? 'application/octet-stream';
          for (const [name, value] of Object.entries(this.headers)) response.setHeader(name, value);
          response.setHeader('content-type', type).end(this.change(path || 'index.html', bytes));
        },
        () => response.writeHead(404).end(),
      );
    }));
    await new Promise<void>((ready) => server.listen(this.#port, 'localhost', ready));
    this.#port = (server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://localhost:${this.#port}/some/where/`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((done) => this.#server?.close(done));
  }
}
