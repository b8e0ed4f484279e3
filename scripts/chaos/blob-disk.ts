import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SIZE = "96m";
const FILLING_BYTES = 1024 * 1024;

/** The disk on which artifacts lie. `kind` says how it is broken: a small file system of its own, or the permissions of a folder. */
export type BlobDisk = {
  kind: "tmpfs" | "permissions";
  folder: string;
  /** Leaves no byte free; false where that cannot be done. */
  fill(): boolean;
  empty(): void;
  /** Lets nothing be written. */
  lock(): void;
  unlock(): void;
  close(): void;
};

/**
 * As root on Linux a tmpfs, which really becomes full and read-only. Elsewhere a folder whose permissions are taken away, which only a process that is not root
 * notices; it cannot be full.
 */
export function openBlobDisk(folder: string): BlobDisk {
  mkdirSync(folder, { recursive: true });
  const isMounted = process.getuid?.() === 0 && run("mount", "-t", "tmpfs", "-o", `size=${SIZE}`, "shoal-chaos", folder);
  return isMounted ? mountedDisk(folder) : permittedFolder(folder);
}

function mountedDisk(folder: string): BlobDisk {
  const filling = join(folder, "filling");
  const unmount = () => void run("umount", "--lazy", folder);
  process.once("exit", unmount);
  return {
    kind: "tmpfs",
    folder,
    fill() {
      for (let i = 0, bytes = FILLING_BYTES; bytes > 0; i++) {
        try {
          writeFileSync(`${filling}-${i}`, Buffer.alloc(bytes));
        } catch {
          bytes = Math.floor(bytes / 2);
        }
      }
      return true;
    },
    empty() {
      for (const name of readdirSync(folder)) if (name.startsWith("filling-")) rmSync(join(folder, name), { force: true });
    },
    lock: () => void run("mount", "-o", "remount,ro", folder),
    unlock: () => void run("mount", "-o", "remount,rw", folder),
    close() {
      process.off("exit", unmount);
      unmount();
    },
  };
}

function permittedFolder(folder: string): BlobDisk {
  const folders = () => [folder, ...readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [join(folder, entry.name)] : []))];
  return {
    kind: "permissions",
    folder,
    fill: () => false,
    empty: () => undefined,
    lock() {
      for (const path of folders()) chmodSync(path, 0o555);
    },
    unlock() {
      for (const path of folders()) chmodSync(path, 0o755);
    },
    close: () => undefined,
  };
}

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
