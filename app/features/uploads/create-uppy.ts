import Uppy from '@uppy/core'
import Tus, { type TusBody } from '@uppy/tus'
import { formatBytes } from '@/lib/text/format-bytes'

/** Returns the id of the uploaded video from the last response, or undefined if the response has none. */
export function parseVideoId(body: TusBody | undefined) {
  try {
    const { videoId } = JSON.parse(body?.xhr.responseText ?? '') as { videoId?: string }
    return videoId
  } catch {
    return undefined
  }
}

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
    allowedMetaFields: ['name', 'type'],
  })
}

/**
 * Types of files without pictures that move and without sound. Everything else is sent: systems name types by extension,
 * and take `.ts` of a camera for a translation, and other media for programs.
 */
const REFUSED_TYPES =
  /^(text\/(plain|html|css|csv|javascript)|image\/(jpeg|svg|tiff|heic)|application\/(pdf|zip|json|rtf|msword|vnd\.openxmlformats))/

/** Returns an error message for a file that is not worth uploading, or null. The server also checks the content. */
export function validateFile(file: File, maxBytes: number) {
  if (file.size === 0) return 'The file is empty.'
  if (file.size > maxBytes)
    return `The file is ${formatBytes(file.size)}. The maximum is ${formatBytes(maxBytes)}.`
  if (REFUSED_TYPES.test(file.type)) return `This is not a video or audio file. Its type is ${file.type}.`
  return null
}

/** Maps an upload error to the server's message, if any, and to whether a retry can succeed. */
export function toUploadFailure(error: unknown) {
  const response = (error as { originalResponse?: { getBody(): string; getStatus(): number } })
    .originalResponse
  try {
    const { title } = JSON.parse(response?.getBody() ?? '') as { title: string }
    // A full disk may be freed; the content of the file does not change.
    const isFinal = [400, 415].includes(response!.getStatus())
    return { state: isFinal ? ('refused' as const) : ('failed' as const), problem: title }
  } catch {
    const problem = 'Connection lost. Retry to resume.'
    return { state: 'failed' as const, problem }
  }
}

const THROUGHPUT_WINDOW_MS = 5_000

/** Bytes per second over the last five seconds. */
export function createThroughputMeter(now = Date.now) {
  let samples: { at: number; bytes: number }[] = []
  return (bytes: number) => {
    const at = now()
    samples = [...samples.filter((sample) => at - sample.at <= THROUGHPUT_WINDOW_MS), { at, bytes }]
    const first = samples[0]!
    return at > first.at ? Math.max(0, ((bytes - first.bytes) * 1000) / (at - first.at)) : 0
  }
}
