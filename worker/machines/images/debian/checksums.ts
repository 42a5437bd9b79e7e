import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** The SHA-512 of a file out of a list as sha512sum(1) writes it; undefined when it is not in it. */
export function checksumIn(list: string, name: string) {
  for (const line of list.split('\n')) {
    const [, sum, file] = /^([0-9a-f]{128}) [ *](.+)$/i.exec(line.trim()) ?? []
    if (file === name) return sum!.toLowerCase()
  }
  return undefined
}

export async function sha512Of(file: string, signal: AbortSignal) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file, { highWaterMark: 1024 ** 2 }), hash, { signal })
  return hash.digest('hex')
}
