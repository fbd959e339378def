import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Where a name leads, if it is another name for something of RDS. */
export type BehindAlias = (host: string) => Promise<string | undefined>;

const mostHops = 8;
const rdsName = /\.rds\.amazonaws\.com(\.cn)?$/i;

/**
 * Follows CNAMEs by DNS to a name of RDS; undefined where there is none, or DNS doesn't answer: it is asked for a hint
 * only. It waits a second for each name.
 */
export function aliasesByDns(): BehindAlias {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  return async (host) => {
    if (isIP(host)) return undefined;
    let name = host;
    for (let hop = 0; hop < mostHops; hop++) {
      const [next] = await resolver.resolveCname(name).catch(() => []);
      if (next === undefined) return undefined;
      if (rdsName.test(next)) return next;
      name = next;
    }
    return undefined;
  };
}
