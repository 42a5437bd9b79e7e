import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { describeStorageError } from './errors'
import { probeKey } from './keys'
import type { Storage } from './storage'

/** Writes, reads and removes a small file. Returns what does not work; null if all does. */
export async function findStorageProblem(storage: Storage) {
  const id = randomUUID()
  const key = probeKey(id)
  let step = 'written'
  try {
    await storage.put(key, Buffer.from(id))
    step = 'read'
    if (String(await buffer(await storage.read(key))) !== id)
      return `${storage.target} returns other bytes than were written`
    step = 'removed'
    await storage.removeAll(key)
    return null
  } catch (error) {
    const reason = describeStorageError(error)
    return `a file cannot be ${step}: ${reason}`
  }
}
