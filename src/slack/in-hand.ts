/** Does what it is given, and returns when it is done. */
export type InHand = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * No more than so many at once, the others in the order in which they came. Commands are acknowledged before they are taken in
 * hand: hundreds at once would keep the process from acknowledging the next ones in the 3 s that Slack waits.
 */
export function inHand(most: number): InHand {
  let now = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (now >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else now++;
    try {
      return await work();
    } finally {
      // The place goes to the next at once, so that nobody who comes now can take it before.
      const next = waiting.shift();
      if (next) next();
      else now--;
    }
  };
}
