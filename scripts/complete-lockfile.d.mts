type Entry = { version?: string; dev?: boolean; optionalDependencies?: Record<string, string> };
type PlatformRecord = { version: string; cpu: string[]; optional: true; dev?: true; os?: string[]; libc?: string[] };
export function missingPlatformPackages(packages: Record<string, Entry>): Record<string, PlatformRecord>;
