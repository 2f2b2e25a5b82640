import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP relay on a port of its own, that tests cut and point elsewhere. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** From now on connections lead there; those that are open end. */
  pointAt(target: { host: string; port: number }): void;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Takes connections again, on the same port. */
  restore(): Promise<void>;
}

export async function startRelay(first: { host: string; port: number }): Promise<Relay> {
  let target = first;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const server = createServer((incoming) => {
    const outgoing = connect(target.port, target.host);
    keep(incoming, outgoing);
    keep(outgoing, incoming);
    incoming.pipe(outgoing);
    outgoing.pipe(incoming);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const destroyAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    destroyAll();
    await closed;
  };
  await listen(0);
  const port = portOf(server);
  return {
    port,
    pointAt: (next) => {
      target = next;
      destroyAll();
    },
    cut,
    restore: () => listen(port),
    [Symbol.asyncDispose]: cut,
  };
}

/** Host and port of a URL, for a relay to lead to. */
export function endpointOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

/** The same URL with another port on this machine. */
export function throughPort(url: string, port: number): string {
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return through.href;
}

/** The port that a server listens on. */
export function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
