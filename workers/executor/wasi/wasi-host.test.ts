import { WASIProcExit, wasi } from "@bjorn3/browser_wasi_shim";
import { describe, expect, test } from "vitest";
import { splitmix64 } from "#lib/domain/program/seed.ts";
import { WASI_IMPORTS, WASI_MODULE, type WasiImport } from "#lib/domain/program/wasi-imports.ts";
import { atSize, TEST_SEED } from "#lib/testing/run-size.ts";
import { OutputLimitReached } from "./run-end.ts";
import { createWasiHost, type HostOptions, type WasiHost } from "./wasi-host.ts";

const PAGES = 4;
const MEMORY_BYTES = PAGES * 65_536;
const encoder = new TextEncoder();

const OPTIONS: HostOptions = {
  args: ["program", "größe", "🐟"],
  env: { ZULU: "1", ALPHA: "ä" },
  stdin: encoder.encode("one\ntwo\n"),
  files: [
    { name: "table.txt", bytes: encoder.encode("table") },
    { name: "atlas.txt", bytes: encoder.encode("atlas") },
  ],
  seed: 7n,
  outputBytesMax: 1000,
  stderrBytesMax: 10,
  tmpBytesMax: 100_000,
};

type Calls = Record<WasiImport, (...parameters: (number | bigint)[]) => number>;

interface Guest {
  calls: Calls;
  bytes: Uint8Array;
  view: DataView;
  host: WasiHost;
  /** Writes a path at 1000 and returns its pointer and length. */
  path(text: string): [number, number];
}

/** Runs the steps as a program would: as `_start` of an instance with a real memory. */
function asProgram(steps: (guest: Guest) => void, options: Partial<HostOptions> = {}): void {
  const host = createWasiHost({ ...OPTIONS, ...options });
  const memory = new WebAssembly.Memory({ initial: PAGES });
  const bytes = new Uint8Array(memory.buffer);
  const guest: Guest = {
    calls: host.imports[WASI_MODULE] as unknown as Calls,
    bytes,
    view: new DataView(memory.buffer),
    host,
    path(text) {
      const encoded = encoder.encode(text);
      bytes.set(encoded, 1000);
      return [1000, encoded.length];
    },
  };
  host.start({ exports: { memory, _start: () => steps(guest) } } as unknown as WebAssembly.Instance);
}

function open(guest: Guest, path: string, options: { oflags?: number; write?: boolean; flags?: number } = {}): number {
  const rights = BigInt(options.write ? wasi.RIGHTS_FD_WRITE | wasi.RIGHTS_FD_READ : wasi.RIGHTS_FD_READ);
  const directory = path.startsWith("/data/") ? 3 : 4;
  const error = guest.calls.path_open(directory, 0, ...guest.path(path.replace(/^\/(data|tmp)\//, "")), options.oflags ?? 0, rights, 0n, options.flags ?? 0, 8);
  return error === 0 ? guest.view.getUint32(8, true) : -error;
}

function write(guest: Guest, fd: number, text: string): number {
  const encoded = encoder.encode(text);
  guest.bytes.set(encoded, 2000);
  guest.view.setUint32(16, 2000, true);
  guest.view.setUint32(20, encoded.length, true);
  return guest.calls.fd_write(fd, 16, 1, 24);
}

function read(guest: Guest, fd: number): string {
  guest.view.setUint32(16, 3000, true);
  guest.view.setUint32(20, 5000, true);
  expect(guest.calls.fd_read(fd, 16, 1, 24)).toBe(0);
  return new TextDecoder().decode(guest.bytes.slice(3000, 3000 + guest.view.getUint32(24, true)));
}

/** The whole entries of /tmp that fit into 100 bytes, from a cookie on; the cut-off one at the end is left for the next call. */
function listPiece(guest: Guest, cookie: bigint): { name: string; cookie: bigint }[] {
  expect(guest.calls.fd_readdir(4, 10_000, 100, cookie, 0)).toBe(0);
  const end = 10_000 + guest.view.getUint32(0, true);
  const entries = [];
  for (let at = 10_000; at + 24 <= end; ) {
    const nameEnd = at + 24 + guest.view.getUint32(at + 16, true);
    if (nameEnd > end) break;
    entries.push({ name: new TextDecoder().decode(guest.bytes.slice(at + 24, nameEnd)), cookie: guest.view.getBigUint64(at, true) });
    at = nameEnd;
  }
  return entries;
}

test("implements exactly the functions that the inspection lets programs import", () => {
  const { imports } = createWasiHost(OPTIONS);
  expect(Object.keys(imports)).toEqual([WASI_MODULE]);
  expect(Object.keys(imports[WASI_MODULE] ?? {}).sort()).toEqual(Object.keys(WASI_IMPORTS).sort());
});

describe("surroundings", () => {
  test("arguments and environment are counted in UTF-8 bytes, the environment sorted by name", () => {
    asProgram(({ calls, view, bytes }) => {
      expect(calls.args_sizes_get(0, 4)).toBe(0);
      expect([view.getUint32(0, true), view.getUint32(4, true)]).toEqual([3, 8 + 8 + 5]);
      expect(calls.args_get(100, 200)).toBe(0);
      expect(new TextDecoder().decode(bytes.slice(200, 221))).toBe("program\0größe\0🐟\0");
      expect([0, 4, 8].map((offset) => view.getUint32(100 + offset, true))).toEqual([200, 208, 216]);
      expect(calls.environ_sizes_get(0, 4)).toBe(0);
      expect([view.getUint32(0, true), view.getUint32(4, true)]).toEqual([2, 9 + 7]);
      expect(calls.environ_get(100, 200)).toBe(0);
      expect(new TextDecoder().decode(bytes.slice(200, 216))).toBe("ALPHA=ä\0ZULU=1\0");
    });
  });

  test("the clock begins at a fixed date and moves one microsecond per look", () => {
    asProgram(({ calls, view }) => {
      const times = [0, 1, 0, 2, 3].map((clockId) => {
        calls.clock_time_get(clockId, 0n, 0);
        return view.getBigUint64(0, true);
      });
      const epoch = BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n;
      expect(times).toEqual([epoch + 1000n, 2000n, epoch + 3000n, 4000n, 5000n]);
      expect(calls.clock_time_get(9, 0n, 0)).toBe(wasi.ERRNO_INVAL);
      expect([calls.clock_res_get(1, 0), view.getBigUint64(0, true)]).toEqual([0, 1000n]);
    });
  });

  const subscribe = (view: DataView, at: number, clock: { timeout: bigint; absolute?: boolean; id?: number }): void => {
    view.setBigUint64(at, BigInt(at), true);
    view.setUint8(at + 8, wasi.EVENTTYPE_CLOCK);
    view.setUint32(at + 16, clock.id ?? 1, true);
    view.setBigUint64(at + 24, clock.timeout, true);
    view.setUint16(at + 40, clock.absolute ? 1 : 0, true);
  };

  test("sleeping moves the virtual time to the earliest clock and costs nothing", () => {
    asProgram(({ calls, view }) => {
      subscribe(view, 0, { timeout: 3_600_000_000_000n });
      subscribe(view, 48, { timeout: 1_000_000_000n });
      subscribe(view, 96, { timeout: 1_000_000_000n, absolute: true });
      const before = performance.now();
      expect(calls.poll_oneoff(0, 500, 3, 496)).toBe(0);
      expect(performance.now() - before).toBeLessThan(1000);
      expect(view.getUint32(496, true)).toBe(2);
      expect([view.getBigUint64(500, true), view.getBigUint64(532, true)]).toEqual([48n, 96n]);
      calls.clock_time_get(1, 0n, 0);
      expect(view.getBigUint64(0, true)).toBe(1_000_001_000n);
    });
  });

  test("a wait that includes a file ends at once, and an absent descriptor or clock is an error of its event", () => {
    asProgram(({ calls, view }) => {
      subscribe(view, 0, { timeout: 1_000_000_000n });
      view.setUint8(48 + 8, wasi.EVENTTYPE_FD_READ);
      view.setUint32(48 + 16, 0, true);
      view.setUint8(96 + 8, wasi.EVENTTYPE_FD_WRITE);
      view.setUint32(96 + 16, 77, true);
      expect(calls.poll_oneoff(0, 500, 3, 496)).toBe(0);
      expect(view.getUint32(496, true)).toBe(2);
      expect([view.getUint16(508, true), view.getUint16(540, true)]).toEqual([wasi.ERRNO_SUCCESS, wasi.ERRNO_BADF]);
      subscribe(view, 0, { timeout: 5n, id: 9 });
      expect(calls.poll_oneoff(0, 500, 1, 496)).toBe(0);
      expect(view.getUint16(508, true)).toBe(wasi.ERRNO_INVAL);
      expect(calls.poll_oneoff(0, 500, 0, 496)).toBe(wasi.ERRNO_INVAL);
    });
  });

  test("waiting for ever, again and again, never overflows the time", () => {
    asProgram(({ calls, view }) => {
      for (let round = 0; round < 3; round += 1) {
        subscribe(view, 0, { timeout: 2n ** 64n - 1n });
        expect(calls.poll_oneoff(0, 500, 1, 496)).toBe(0);
        expect(calls.clock_time_get(0, 0n, 0)).toBe(0);
      }
      expect(view.getBigUint64(0, true)).toBe(2n ** 64n - 1n);
    });
  });

  test("random bytes depend on the seed, not on how they are asked for", () => {
    const bytesOf = (seed: bigint, cuts: number[]): number[] => {
      const collected: number[] = [];
      asProgram(
        ({ calls, bytes }) => {
          for (const length of cuts) {
            expect(calls.random_get(100, length)).toBe(0);
            collected.push(...bytes.slice(100, 100 + length));
          }
        },
        { seed },
      );
      return collected;
    };
    expect(bytesOf(7n, [100])).toEqual(bytesOf(7n, [1, 2, 3, 50, 44]));
    expect(bytesOf(7n, [100])).not.toEqual(bytesOf(8n, [100]));
    expect(new Set(bytesOf(7n, [4000])).size).toBe(256);
  });

  test("sockets, signals and symbolic links are not supported", () => {
    asProgram(({ calls, path }) => {
      expect([calls.sock_accept(0, 0, 0), calls.sock_recv(0, 0, 0, 0, 0, 0), calls.sock_send(0, 0, 0, 0, 0), calls.sock_shutdown(0, 0)]).toEqual([
        58, 58, 58, 58,
      ]);
      expect(calls.proc_raise(6)).toBe(wasi.ERRNO_NOTSUP);
      expect(calls.path_symlink(...path("a"), 4, ...path("b"))).toBe(wasi.ERRNO_NOTSUP);
      expect(calls.sched_yield()).toBe(0);
    });
  });
});

describe("streams", () => {
  test("standard output past its limit ends the run; up to the limit it is kept", () => {
    expect(() =>
      asProgram((guest) => {
        expect(write(guest, 1, "x".repeat(1000))).toBe(0);
        expect(guest.host.stdout.content().length).toBe(1000);
        write(guest, 1, "y");
      }),
    ).toThrow(OutputLimitReached);
  });

  test("standard error keeps its first bytes and goes on", () => {
    asProgram((guest) => {
      for (const text of ["12345678", "90123", "456"]) expect(write(guest, 2, text)).toBe(0);
      expect(new TextDecoder().decode(guest.host.stderr.content())).toBe("1234567890");
    });
  });

  test("standard input is a file: read, told, sought; streams of output are not", () => {
    asProgram((guest) => {
      expect(read(guest, 0)).toBe("one\ntwo\n");
      expect(read(guest, 0)).toBe("");
      expect(guest.calls.fd_seek(0, -4n, wasi.WHENCE_END, 0)).toBe(0);
      expect(read(guest, 0)).toBe("two\n");
      expect(guest.calls.fd_seek(0, -1n, wasi.WHENCE_SET, 0)).toBe(wasi.ERRNO_INVAL);
      expect(guest.calls.fd_seek(1, 0n, wasi.WHENCE_CUR, 0)).toBe(wasi.ERRNO_SPIPE);
      expect(write(guest, 0, "no")).toBe(wasi.ERRNO_BADF);
      expect(guest.calls.fd_read(1, 16, 1, 24)).toBe(wasi.ERRNO_BADF);
    });
  });
});

describe("files", () => {
  const CREATE = wasi.OFLAGS_CREAT;

  test("shared files can be read and nothing under /data can be changed", () => {
    asProgram((guest) => {
      const { calls } = guest;
      expect(read(guest, open(guest, "/data/table.txt"))).toBe("table");
      expect(open(guest, "/data/table.txt", { write: true })).toBe(-wasi.ERRNO_ROFS);
      expect(open(guest, "/data/table.txt", { oflags: wasi.OFLAGS_TRUNC })).toBe(-wasi.ERRNO_ROFS);
      expect(open(guest, "/data/new.txt", { oflags: CREATE, write: true })).toBe(-wasi.ERRNO_ROFS);
      expect(calls.path_unlink_file(3, ...guest.path("table.txt"))).toBe(wasi.ERRNO_ROFS);
      expect(calls.path_create_directory(3, ...guest.path("folder"))).toBe(wasi.ERRNO_ROFS);
      expect(calls.path_rename(3, ...guest.path("table.txt"), 4, ...guest.path("table.txt"))).toBe(wasi.ERRNO_ROFS);
      expect(calls.path_link(3, 0, ...guest.path("table.txt"), 4, ...guest.path("table.txt"))).toBe(wasi.ERRNO_ROFS);
      const opened = open(guest, "/data/table.txt");
      expect(calls.fd_filestat_set_size(opened, 0n)).toBe(wasi.ERRNO_BADF);
      expect(calls.fd_allocate(opened, 0n, 100n)).toBe(wasi.ERRNO_BADF);
    });
    expect(new TextDecoder().decode(OPTIONS.files[0]?.bytes)).toBe("table");
  });

  test("no path leads out of a directory", () => {
    asProgram((guest) => {
      for (const path of ["../x", "a/../../x", "./../x", "..", "/etc/passwd", "/"]) {
        expect(guest.calls.path_filestat_get(4, 0, ...guest.path(path), 100)).toBe(wasi.ERRNO_NOTCAPABLE);
      }
      expect(guest.calls.path_filestat_get(4, 0, ...guest.path("a\0b"), 100)).toBe(wasi.ERRNO_INVAL);
      expect(guest.calls.path_filestat_get(4, 0, ...guest.path("x".repeat(300)), 100)).toBe(wasi.ERRNO_NAMETOOLONG);
      guest.bytes.set([0xff, 0xfe], 1000);
      expect(guest.calls.path_filestat_get(4, 0, 1000, 2, 100)).toBe(wasi.ERRNO_ILSEQ);
    });
  });

  test("/tmp holds what was written, appended, cut and renamed", () => {
    asProgram((guest) => {
      const { calls } = guest;
      const opened = open(guest, "/tmp/a", { oflags: CREATE, write: true });
      expect(write(guest, opened, "hello")).toBe(0);
      expect(calls.fd_seek(opened, 10n, wasi.WHENCE_SET, 0)).toBe(0);
      expect(write(guest, opened, "!")).toBe(0);
      expect(read(guest, open(guest, "/tmp/a"))).toBe("hello\0\0\0\0\0!");
      expect(calls.fd_filestat_set_size(opened, 2n)).toBe(0);
      expect(calls.fd_filestat_set_size(opened, 4n)).toBe(0);
      expect(write(guest, open(guest, "/tmp/a", { write: true, flags: wasi.FDFLAGS_APPEND }), "end")).toBe(0);
      expect(read(guest, open(guest, "/tmp/a"))).toBe("he\0\0end");
      expect(open(guest, "/tmp/a", { oflags: CREATE | wasi.OFLAGS_EXCL, write: true })).toBe(-wasi.ERRNO_EXIST);
      expect(calls.path_rename(4, ...guest.path("a"), 4, 1000, 1)).toBe(0);
      guest.bytes.set(encoder.encode("b"), 1500);
      expect(calls.path_rename(4, 1000, 1, 4, 1500, 1)).toBe(0);
      expect(open(guest, "/tmp/a")).toBe(-wasi.ERRNO_NOENT);
      expect(read(guest, open(guest, "/tmp/b"))).toBe("he\0\0end");
    });
  });

  test("a status has the layout of the specification and no real time in it", () => {
    asProgram((guest) => {
      guest.bytes.fill(0xaa, 100, 200);
      expect(guest.calls.path_filestat_get(3, 0, ...guest.path("table.txt"), 100)).toBe(0);
      const fields = [0, 8, 24, 32, 40, 48, 56].map((offset) => guest.view.getBigUint64(100 + offset, true));
      expect(fields).toEqual([0n, 6n, 1n, 5n, 0n, 0n, 0n]);
      expect(guest.view.getUint8(116)).toBe(wasi.FILETYPE_REGULAR_FILE);
      expect(guest.bytes[164]).toBe(0xaa);
    });
  });

  test("a directory is listed sorted, in pieces too, and while it is emptied", () => {
    asProgram((guest) => {
      const names = Array.from({ length: 50 }, (_, index) => `file-${String((index * 7) % 50).padStart(2, "0")}`);
      for (const name of names) guest.calls.fd_close(open(guest, `/tmp/${name}`, { oflags: CREATE, write: true }));
      const listed: string[] = [];
      for (let piece = listPiece(guest, 0n); piece.length > 0; piece = listPiece(guest, piece.at(-1)?.cookie ?? 0n)) {
        listed.push(...piece.map(({ name }) => name));
        for (const { name } of piece.filter((entry) => !entry.name.startsWith("."))) guest.calls.path_unlink_file(4, ...guest.path(name));
      }
      expect(listed).toEqual([".", "..", ...names.toSorted()]);
      expect(listPiece(guest, 0n).map(({ name }) => name)).toEqual([".", ".."]);
    });
  });

  test("/tmp is bounded in bytes, in names and in open descriptors, and deleting gives the space back", () => {
    asProgram((guest) => {
      const { calls, view } = guest;
      const big = open(guest, "/tmp/big", { oflags: CREATE, write: true });
      expect(calls.fd_allocate(big, 0n, 99_000n)).toBe(0);
      expect(calls.fd_allocate(big, 0n, 101_000n)).toBe(wasi.ERRNO_NOSPC);
      expect(calls.fd_filestat_set_size(big, 2n ** 63n)).toBe(wasi.ERRNO_FBIG);
      expect(calls.fd_seek(big, 2n ** 40n, wasi.WHENCE_SET, 0)).toBe(0);
      expect(write(guest, big, "far")).toBe(wasi.ERRNO_NOSPC);
      expect(calls.path_unlink_file(4, ...guest.path("big"))).toBe(0);
      const next = open(guest, "/tmp/next", { oflags: CREATE, write: true });
      expect(calls.fd_allocate(next, 0n, 50_000n)).toBe(wasi.ERRNO_NOSPC);
      expect(calls.fd_close(big)).toBe(0);
      expect(calls.fd_allocate(next, 0n, 50_000n)).toBe(0);
      let files = 0;
      while (open(guest, `/tmp/${files}`, { oflags: CREATE, write: true }) > 0) files += 1;
      expect(files).toBeGreaterThan(100);
      expect(files).toBeLessThan(50_000 / 256);
      let opened = 0;
      while (open(guest, "/data/table.txt") > 0) opened += 1;
      expect(open(guest, "/data/table.txt")).toBe(-wasi.ERRNO_MFILE);
      expect(calls.fd_close(10)).toBe(0);
      expect(open(guest, "/data/table.txt")).toBe(10);
      expect(opened).toBeLessThan(1024);
      expect(view.getUint32(8, true)).toBe(10);
    });
  });

  test("renames follow POSIX: no folder into itself, none over what is full, files replaced", () => {
    asProgram((guest) => {
      const { calls, bytes } = guest;
      const rename = (from: string, to: string): number => {
        bytes.set(encoder.encode(to), 1500);
        return calls.path_rename(4, ...guest.path(from), 4, 1500, to.length);
      };
      for (const folder of ["a", "a/b", "c"]) expect(calls.path_create_directory(4, ...guest.path(folder))).toBe(0);
      for (const file of ["f", "g"]) expect(write(guest, open(guest, `/tmp/${file}`, { oflags: CREATE, write: true }), file)).toBe(0);
      expect(rename("a", "a/b/x")).toBe(wasi.ERRNO_INVAL);
      expect(rename("c", "a")).toBe(wasi.ERRNO_NOTEMPTY);
      expect(rename("f", "a")).toBe(wasi.ERRNO_ISDIR);
      expect(rename("a", "f")).toBe(wasi.ERRNO_NOTDIR);
      expect(rename("a/", "c/")).toBe(0);
      expect(rename("f", "g")).toBe(0);
      expect(read(guest, open(guest, "/tmp/g"))).toBe("f");
      expect(rename("gone", "x")).toBe(wasi.ERRNO_NOENT);
      expect(rename(".", "x")).toBe(wasi.ERRNO_BUSY);
      expect(calls.path_remove_directory(4, ...guest.path("c"))).toBe(wasi.ERRNO_NOTEMPTY);
      expect(calls.path_remove_directory(4, ...guest.path("c/b"))).toBe(0);
    });
  });

  test("a descriptor can be moved onto another and onto itself", () => {
    asProgram((guest) => {
      const opened = open(guest, "/data/table.txt");
      expect(guest.calls.fd_renumber(opened, opened)).toBe(0);
      expect(guest.calls.fd_renumber(opened, 0)).toBe(0);
      expect(read(guest, 0)).toBe("table");
      expect(guest.calls.fd_close(opened)).toBe(wasi.ERRNO_BADF);
    });
  });
});

describe("hostile pointers", () => {
  const SEED = BigInt(TEST_SEED);
  const NUMBERS = [0, 1, 2, 3, 4, 5, 8, 100, 1000, 65_535, MEMORY_BYTES - 8, MEMORY_BYTES - 1, MEMORY_BYTES, 2 ** 31 - 1, -(2 ** 31), -1, -8, -MEMORY_BYTES];
  const BIG_NUMBERS = [0n, 1n, 5n, 100_000n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), -1n, -5n];

  test.each(Object.entries(WASI_IMPORTS) as [WasiImport, string][])("%s answers any parameters with an errno", (call, type) => {
    let position = 0n;
    const random = (below: number): number => Number(splitmix64(SEED, position++) % BigInt(below));
    for (let session = 0; session < atSize(20, 200); session += 1) {
      const results = new Set<number>();
      const run = (): void =>
        asProgram((guest) => {
          open(guest, "/tmp/a", { oflags: wasi.OFLAGS_CREAT, write: true });
          for (let round = 0; round < 100; round += 1) {
            for (let at = 0; at < 64; at += 4) guest.view.setUint32(at, NUMBERS[random(NUMBERS.length)] ?? 0, true);
            const parameters = [...type.slice(0, type.indexOf(":"))].map((letter) =>
              letter === "I" ? (BIG_NUMBERS[random(BIG_NUMBERS.length)] ?? 0n) : (NUMBERS[random(NUMBERS.length)] ?? 0),
            );
            results.add(guest.calls[call](...parameters));
          }
        });
      try {
        run();
      } catch (error) {
        // Only the two ends of a run that a call may mean pass through.
        expect(error instanceof WASIProcExit || error instanceof OutputLimitReached).toBe(true);
      }
      for (const result of results) {
        expect(Number.isInteger(result) && result >= 0 && result <= wasi.ERRNO_NOTCAPABLE).toBe(true);
      }
    }
  });

  test("a call from a module's start function, before its memory is known, is a fault", () => {
    const calls = createWasiHost(OPTIONS).imports[WASI_MODULE] as unknown as Calls;
    expect(calls.fd_write(1, 0, 1, 8)).toBe(wasi.ERRNO_FAULT);
    expect(calls.args_get(0, 100)).toBe(wasi.ERRNO_FAULT);
    expect(calls.random_get(0, 1)).toBe(wasi.ERRNO_FAULT);
  });

  test("a million vectors are refused without being read", () => {
    asProgram(({ calls }) => {
      expect(calls.fd_write(1, 0, 1_000_000, 8)).toBe(wasi.ERRNO_INVAL);
      expect(calls.fd_read(0, 0, -1, 8)).toBe(wasi.ERRNO_INVAL);
    });
  });
});
