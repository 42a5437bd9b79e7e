import type { TestProject } from 'vitest/node'
import { type S3Service, startS3Service } from './s3-service'

declare module 'vitest' {
  interface ProvidedContext {
    /** A real S3 service; null where it cannot be installed. */
    s3: S3Service | null
  }
}

/** Starts one S3 service for the run, only if one of the project's files runs. */
export default async function setup(project: TestProject) {
  const started = await startS3Service()
  const { stop, ...service } = started ?? {}
  project.provide('s3', started && (service as S3Service))
  return stop
}
