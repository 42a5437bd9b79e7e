/** Returns the dropped files, including those inside folders. */
export async function readDroppedFiles(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (entries.length === 0) return [...transfer.files]
  return readFilesFromEntries(entries)
}

export const readFilesFromEntries = async (entries: readonly FileSystemEntry[]) =>
  (await Promise.all(entries.map(readEntryFiles))).flat()

async function readEntryFiles(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ]
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const files: File[] = []
  // A reader returns up to a hundred entries per call, and an empty array at the end.
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (batch.length === 0) return files
    files.push(...(await Promise.all(batch.map(readEntryFiles))).flat())
  }
}
