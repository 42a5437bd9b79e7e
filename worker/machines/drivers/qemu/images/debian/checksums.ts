/** Finds the SHA-512 of the file `name` in the output of sha512sum(1); undefined if it is not listed. */
export function findChecksum(list: string, name: string) {
  for (const line of list.split('\n')) {
    const [, sum, file] = /^([0-9a-f]{128}) [ *](.+)$/i.exec(line.trim()) ?? []
    if (file === name) return sum!.toLowerCase()
  }
  return undefined
}
