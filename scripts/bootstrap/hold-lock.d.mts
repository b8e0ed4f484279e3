export type LockHolder<Notes> = { pid: number; startedAt: string } & Notes;
export function holdLock<Notes extends Record<string, unknown>>(
  path: string,
  notes?: Notes,
): { release: () => void; holder?: undefined } | { release?: undefined; holder: LockHolder<Partial<Notes>> };
