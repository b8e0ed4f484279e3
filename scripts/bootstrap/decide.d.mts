type LockFile = { packages?: Record<string, { version?: string; integrity?: string; optional?: boolean }> };
export function installReason(lock: LockFile | null, installed: LockFile | null): string | null;
export function isMajorAtLeast(version: string, majorMin: number): boolean;
export function pathOutside(path: string, root: string, separator: string): string;
export function parseLockHolder(text: string): { pid: number; startedAt: string } | null;
