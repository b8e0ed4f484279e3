/** Reads an address of the instance now and after every `everyMs` while the page is seen; an answer that does not come leaves what is shown. */
export function poll<T>(path: string, everyMs: number, onAnswer: (answer: T) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = async (): Promise<void> => {
    clearTimeout(timer);
    if (document.hidden) return;
    const answer = await fetch(path).catch(() => null);
    // The shape is that of lib/protocol, whose schemas would weigh more than the whole page; the answer is our own server's.
    if (answer?.ok) onAnswer((await answer.json()) as T);
    clearTimeout(timer);
    timer = setTimeout(() => void read(), everyMs);
  };
  document.addEventListener("visibilitychange", () => void read());
  void read();
}
