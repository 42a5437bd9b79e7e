import Uppy from '@uppy/core'
import Tus, { type TusBody } from '@uppy/tus'

/** Uploads by tus, three files at a time, and resumes when the network or the server is back. */
export function createUppy() {
  return new Uppy<Record<string, unknown>, TusBody & Record<string, unknown>>({
    autoProceed: true,
    allowMultipleUploadBatches: true,
  }).use(Tus, {
    endpoint: '/api/uploads',
    limit: 3,
    retryDelays: [0, 1_000, 3_000, 5_000, 10_000, 30_000, 30_000, 30_000],
    removeFingerprintOnSuccess: true,
    allowedMetaFields: ['name', 'type', 'replaces'],
  })
}

export type UppyInstance = ReturnType<typeof createUppy>
