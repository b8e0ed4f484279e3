import { crc32, deflateRawSync } from "node:zlib";

/** A file to be packed; what it claims of itself may be false, as in a zip made by an attacker. */
export type PackedFile = {
  name: string;
  content: string | Uint8Array;
  stored?: boolean;
  claims?: { bytes?: number; crc32?: number; mode?: number; flags?: number; method?: number; at?: number };
};

/** The bytes of a zip with these files, in their order. */
export function makeZip(files: readonly PackedFile[], comment = ""): Uint8Array<ArrayBuffer> {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const file of files) {
    const { local, entry } = packFile(file, at);
    locals.push(local);
    directory.push(entry);
    at += local.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, entry) => sum + entry.length, 0),
    12,
  );
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return new Uint8Array(Buffer.concat([...locals, ...directory, end, Buffer.from(comment)]));
}

function packFile({ name, content, stored = false, claims = {} }: PackedFile, at: number): { local: Buffer; entry: Buffer } {
  const bytes = Buffer.from(content);
  const packed = stored ? bytes : deflateRawSync(bytes);
  const path = Buffer.from(name);
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(claims.flags ?? 0x0800, 2);
  facts.writeUInt16LE(claims.method ?? (stored ? 0 : 8), 4);
  facts.writeUInt32LE(claims.crc32 ?? crc32(bytes), 10);
  facts.writeUInt32LE(packed.length, 14);
  facts.writeUInt32LE(claims.bytes ?? bytes.length, 18);
  facts.writeUInt16LE(path.length, 22);
  const place = Buffer.alloc(14);
  place.writeUInt32LE(((claims.mode ?? 0o100644) << 16) >>> 0, 6);
  place.writeUInt32LE(claims.at ?? at, 10);
  return {
    local: Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), facts, path, packed]),
    entry: Buffer.concat([Buffer.from("PK\x01\x02\x14\x03", "latin1"), facts, place, path]),
  };
}
