/** A file with its path inside what was dropped or chosen, `/` between folders. */
export type DroppedFile = { path: string; file: File };

/** A folder with more files than this was dropped by mistake; what is beyond is not looked at. */
const FILES_MAX = 5000;

/** The files of a file input; with `webkitdirectory` their paths inside the folder. */
export function filesOfInput(list: FileList): DroppedFile[] {
  return [...list].slice(0, FILES_MAX).map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** The files of a drop, folders opened. They must be taken before the first wait, because the browser empties the drop after its event. */
export async function filesOfDrop(transfer: DataTransfer): Promise<DroppedFile[]> {
  // What comes from another program than a file manager may be a file without a place on disk.
  const dropped = [...transfer.items].map((item) => item.webkitGetAsEntry() ?? item.getAsFile()).filter((each) => each !== null);
  const found: DroppedFile[] = [];
  for (const each of dropped) {
    if (each instanceof File) found.push({ path: each.name, file: each });
    else await collect(each, found);
  }
  return found;
}

async function collect(entry: FileSystemEntry, found: DroppedFile[]): Promise<void> {
  if (found.length >= FILES_MAX) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ""), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader hands out a folder in parts; an empty one is the end.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return;
    for (const child of part) await collect(child, found);
  }
}
