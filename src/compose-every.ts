/** Does it every so often, never twice at a time; returns how to stop. */
export function every(
  milliseconds: number,
  atOnce: boolean,
  work: () => Promise<void>,
  failed: (error: unknown) => void,
): () => void {
  let busy = false;
  const tick = async () => {
    if (busy) return;
    busy = true;
    await work().catch(failed);
    busy = false;
  };
  if (atOnce) void tick();
  // setInterval's longest wait is 24.8 days: a week fits.
  const timer = setInterval(() => void tick(), milliseconds);
  return () => clearInterval(timer);
}
