import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { inject } from 'vitest'
import type { S3Service } from './s3-service'

/**
 * The S3 service of the run, as soon as it has started; null where it cannot be installed.
 * @throws if it did not start
 */
export async function awaitS3Service(): Promise<S3Service | null> {
  const file = inject('s3File')
  while (!existsSync(file)) await delay(100)
  const { service, error } = JSON.parse(await readFile(file, 'utf8')) as {
    service?: S3Service | null
    error?: string
  }
  if (error) throw new Error(error)
  return service ?? null
}
