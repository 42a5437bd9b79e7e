import { mkdtempSync, rmSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startS3Service } from './s3-service'

declare module 'vitest' {
  interface ProvidedContext {
    /** A file that appears once the S3 service runs: see `awaitS3Service`. */
    s3File: string
  }
}

/**
 * Starts one S3 service for the run, only if one of the project's files runs. The tests of other projects do not wait until
 * it is installed and runs.
 */
export default function setup(project: TestProject) {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-s3-start-'))
  const file = path.join(dir, 'service.json')
  project.provide('s3File', file)
  const report = async (content: object) => {
    await writeFile(`${file}.new`, JSON.stringify(content))
    await rename(`${file}.new`, file)
  }
  const starting = startS3Service().then(
    async (service) => {
      await report({ service })
      return service
    },
    (error: unknown) => report({ error: String(error) }),
  )
  return async () => {
    await (await starting)?.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}
