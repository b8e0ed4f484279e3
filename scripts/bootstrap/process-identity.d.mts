export function processStartedAt(pid: number): string;
export function isSameProcess(recorded: { pid: number; startedAt: string }): boolean;
