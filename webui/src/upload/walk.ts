// What was dropped or chosen, as contents to be: one for each thing dropped,
// its files being paths inside it, as `weir add` does it.

export interface Source { path: string; file: File }
export interface Parcel {
  name: string
  /// The path of a file that is a content by itself is empty.
  files: Source[]
  /// Folders with nothing in them, which would be lost otherwise.
  folders: string[]
}

async function readAll(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = []
  for (;;) {
    // A reader gives at most a hundred names at a time and an empty list at the end.
    const some = await new Promise<FileSystemEntry[]>((ok, no) => reader.readEntries(ok, no))
    if (some.length === 0) return all
    all.push(...some)
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((ok, no) => entry.file(ok, no))
}

async function walk(entry: FileSystemEntry, path: string, into: Parcel): Promise<void> {
  if (entry.isFile) {
    into.files.push({ path, file: await fileOf(entry as FileSystemFileEntry) })
    return
  }
  const children = await readAll((entry as FileSystemDirectoryEntry).createReader())
  if (children.length === 0 && path) into.folders.push(path)
  for (const child of children) await walk(child, path ? `${path}/${child.name}` : child.name, into)
}

export async function parcelsOfDrop(data: DataTransfer): Promise<Parcel[]> {
  // Entries must be taken before the first await: the drop's data is gone after it.
  const entries = [...data.items].map((i) => i.webkitGetAsEntry?.()).filter((e): e is FileSystemEntry => !!e)
  if (entries.length === 0) return parcelsOfFiles([...data.files])
  const parcels: Parcel[] = []
  for (const entry of entries) {
    const parcel: Parcel = { name: entry.name, files: [], folders: [] }
    await walk(entry, '', parcel)
    parcels.push(parcel)
  }
  return parcels
}

/// From a file field: single files each on their own, a chosen folder as one.
export function parcelsOfFiles(files: File[]): Parcel[] {
  const folders = new Map<string, Source[]>()
  const parcels: Parcel[] = []
  for (const file of files) {
    const [top, ...rest] = (file.webkitRelativePath || file.name).split('/')
    if (rest.length === 0) {
      parcels.push({ name: file.name, files: [{ path: '', file }], folders: [] })
      continue
    }
    if (!folders.has(top)) folders.set(top, [])
    folders.get(top)!.push({ path: rest.join('/'), file })
  }
  for (const [name, inside] of folders) parcels.push({ name, files: inside, folders: [] })
  return parcels
}
