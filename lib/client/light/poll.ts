type Listener<T> = {
  onAnswer(answer: T): void;
  onSilence?(): void;
  /** How an answer is read; as JSON unless given. */
  read?(response: Response): Promise<T>;
};

/**
 * Reads an address of the instance now and after every `everyMs` while the page is seen; returns how to stop. For pages that must stay light: the answer
 * is our own server's and has the shape that lib/protocol says, whose schemas weigh more than such a page may.
 */
export function poll<T>(path: string, everyMs: number, { onAnswer, onSilence, read: readAnswer = readJson }: Listener<T>): () => void {
  const end = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = async (): Promise<void> => {
    clearTimeout(timer);
    if (document.hidden) return;
    const answer = await fetch(path, { signal: end.signal }).catch(() => null);
    if (end.signal.aborted) return;
    const found = answer?.ok ? await readAnswer(answer).catch(() => null) : null;
    if (end.signal.aborted) return;
    if (found === null) onSilence?.();
    else onAnswer(found);
    clearTimeout(timer);
    timer = setTimeout(() => void read(), everyMs);
  };
  const onVisible = (): void => void read();
  document.addEventListener("visibilitychange", onVisible);
  void read();
  return () => {
    end.abort();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onVisible);
  };
}

async function readJson<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}
