/** The SHA-512 of a file out of a list as sha512sum(1) writes it; undefined when it is not in it. */
export function findChecksum(list: string, name: string) {
  for (const line of list.split('\n')) {
    const [, sum, file] = /^([0-9a-f]{128}) [ *](.+)$/i.exec(line.trim()) ?? []
    if (file === name) return sum!.toLowerCase()
  }
  return undefined
}
