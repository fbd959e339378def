import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Where a name leads, if it is another name for something of RDS. */
export type BehindAlias = (host: string) => Promise<string | undefined>;

const mostHops = 8;
const rdsName = /\.rds\.amazonaws\.com(\.cn)?$/i;

/** As `aliases`, by the DNS servers of this machine, a second for each name. */
export function aliasesByDns(): BehindAlias {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  return aliases((name) => resolver.resolveCname(name));
}

/**
 * Follows CNAMEs to a name of RDS; undefined where there is none, or nobody answers: it is asked for a hint only, and
 * decides nothing.
 * @param resolveCname names that this one stands for; it throws where there are none
 */
export function aliases(resolveCname: (name: string) => Promise<readonly string[]>): BehindAlias {
  return async (host) => {
    if (isIP(host)) return undefined;
    let name = host;
    for (let hop = 0; hop < mostHops; hop++) {
      const [next] = await resolveCname(name).catch(() => []);
      if (next === undefined) return undefined;
      if (rdsName.test(next)) return next;
      name = next;
    }
    return undefined;
  };
}
