type Listener<T> = {
  onAnswer(answer: T): void;
  onSilence?(): void;
  /** How an answer is read; as JSON unless given. */
  read?(response: Response): Promise<T>;
};

/** How many times as long an address that keeps answering alike waits until it is read again. */
const PATIENCE_MAX = 3;

/**
 * Reads an address of the instance now and after every `everyMs` while the page is seen, more rarely while its answer stays the same, which is then not told
 * again; returns how to stop. For pages that must stay light: the answer is our own server's and has the shape that lib/protocol says, whose schemas weigh more
 * than such a page may.
 */
export function poll<T>(path: string, everyMs: number, { onAnswer, onSilence, read: readAnswer }: Listener<T>): () => void {
  const end = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The last answer as it came, where it was JSON; only those are known to be the same. */
  let told: string | null = null;
  let patience = 1;
  const tell = async (answer: Response): Promise<void> => {
    const text = readAnswer ? null : await answer.text();
    const found = readAnswer ? await readAnswer(answer) : (JSON.parse(text ?? "") as T);
    if (end.signal.aborted) return;
    const isSame = text !== null && text === told;
    patience = isSame ? Math.min(PATIENCE_MAX, patience + 1) : 1;
    told = text;
    if (!isSame) onAnswer(found);
  };
  const beSilent = (): void => {
    if (end.signal.aborted) return;
    told = null;
    patience = 1;
    onSilence?.();
  };
  const read = async (): Promise<void> => {
    clearTimeout(timer);
    if (document.hidden) return;
    const answer = await fetch(path, { signal: end.signal }).catch(() => null);
    if (answer?.ok) await tell(answer).catch(beSilent);
    else beSilent();
    if (end.signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(() => void read(), everyMs * patience);
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
