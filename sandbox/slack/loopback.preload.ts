// Runs inside local-slack, before its own code (BUN_OPTIONS=--preload). local-slack listens on every interface and has
// no option for that; here its server gets the one host name that keeps it on this machine.
interface Bun {
  serve(options: object): unknown;
}
const { Bun: bun } = globalThis as unknown as { Bun: Bun };
const serve = bun.serve;
bun.serve = (options) => serve.call(bun, { ...options, hostname: '127.0.0.1' });
