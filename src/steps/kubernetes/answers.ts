const timeoutSeconds = 10;

export interface Answer {
  readonly well: boolean;
  /** 0 where there was no answer. */
  readonly status: number;
  /** Without what may be secret in it. */
  readonly url: string;
}

/** Whether an address answers with 2xx. What it says is not looked at. */
export async function answersWell(url: string, signal: AbortSignal): Promise<Answer> {
  const { origin, pathname } = new URL(url);
  const shown = `${origin}${pathname}`;
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
    const response = await fetch(url, { signal: within, headers: { 'cache-control': 'no-cache' } });
    await response.body?.cancel();
    return { well: response.ok, status: response.status, url: shown };
  } catch {
    signal.throwIfAborted();
    return { well: false, status: 0, url: shown };
  }
}
