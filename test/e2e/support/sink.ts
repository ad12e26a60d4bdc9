/** An endpoint that records are sent on to: a SIEM, or workforce management. It keeps what it has taken. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuditEntry } from '../../../src/domain/skills/audit.ts';

interface Taken {
  path: string;
  headers: IncomingHttpHeaders;
  body: { entries?: AuditEntry[]; rows?: { userId: string; skillId: string; level: number }[] };
}

export interface Sink {
  origin: string;
  /** What it answers from now on; what it does not answer with 200 it does not take. */
  status: number;
  taken: Taken[];
  close(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const taken: Taken[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (sink.status === 200) {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Taken['body'];
      taken.push({ path: request.url ?? '', headers: request.headers, body });
    }
    response.writeHead(sink.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sink: Sink = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    status: 200,
    taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return sink;
}
