@external("wasi_snapshot_preview1", "fd_read")
declare function fdRead(file: i32, parts: usize, count: i32, moved: usize): i32;
@external("wasi_snapshot_preview1", "fd_write")
declare function fdWrite(file: i32, parts: usize, count: i32, moved: usize): i32;
@external("wasi_snapshot_preview1", "proc_exit")
declare function exit(code: i32): void;

const ROWS = 10;

/** Where WASI is told which bytes to move (address and length), and where it says how many it moved. */
const part = memory.data(8);
const moved = memory.data(4);

function readAll(): string {
  let bytes = new Uint8Array(65536);
  let length = 0;
  while (true) {
    if (length == bytes.length) {
      const larger = new Uint8Array(bytes.length * 2);
      larger.set(bytes);
      bytes = larger;
    }
    store<usize>(part, bytes.dataStart + length);
    store<i32>(part, bytes.length - length, 4);
    if (fdRead(0, part, 1, moved) != 0) exit(1);
    const count = load<i32>(moved);
    if (count == 0) return String.UTF8.decodeUnsafe(bytes.dataStart, length);
    length += count;
  }
}

function print(text: string): void {
  const bytes = Uint8Array.wrap(String.UTF8.encode(text));
  let written = 0;
  while (written < bytes.length) {
    store<usize>(part, bytes.dataStart + written);
    store<i32>(part, bytes.length - written, 4);
    if (fdWrite(1, part, 1, moved) != 0) exit(1);
    written += load<i32>(moved);
  }
}

function isLetter(code: i32): bool {
  return code >= 97 && code <= 122;
}

class Row {
  constructor(
    public word: string,
    public count: i32,
  ) {}
}

function countWords(text: string): Row[] {
  const counts = new Map<string, i32>();
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && isLetter(text.charCodeAt(at))) continue;
    if (at > start) {
      const word = text.substring(start, at);
      counts.set(word, (counts.has(word) ? counts.get(word) : 0) + 1);
    }
    start = at + 1;
  }
  const words = counts.keys();
  const rows = new Array<Row>(0);
  for (let i = 0; i < words.length; i++) rows.push(new Row(words[i], counts.get(words[i])));
  return rows.sort((a, b) => (a.count != b.count ? b.count - a.count : a.word < b.word ? -1 : 1));
}

const rows = countWords(readAll().toLowerCase());
let text = "word,count\n";
for (let i = 0; i < rows.length && i < ROWS; i++) text += rows[i].word + "," + rows[i].count.toString() + "\n";
print(text);
