import Uppy from '@uppy/core'
import Tus, { type TusBody } from '@uppy/tus'
import { formatBytes } from '@/lib/text/format-bytes'

/** The video that a file became, by the last answer to its upload; undefined where that says nothing of it. */
export function parseVideoId(body: TusBody | undefined) {
  try {
    const { videoId } = JSON.parse(body?.xhr.responseText ?? '') as { videoId?: string }
    return videoId
  } catch {
    return undefined
  }
}

/** Sends by tus, three files at once; goes on by itself when the network or the server comes back. */
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

/** Why a file is not even begun, or null. The server looks again, at its content. */
export function validateFile(file: File, maxBytes: number) {
  if (file.size === 0) return 'The file is empty.'
  if (file.size > maxBytes)
    return `The file has ${formatBytes(file.size)}; the largest allowed is ${formatBytes(maxBytes)}.`
  // Browsers know no type for some containers (MKV on some systems): the server decides by content.
  if (file.type && !/^(video|audio|application\/(ogg|mxf|octet-stream|vnd))/.test(file.type))
    return 'This is not a video or audio file.'
  return null
}

/** What went wrong, in the server's words where it said some, and whether trying again can help. */
export function toUploadFailure(error: unknown) {
  const answer = (error as { originalResponse?: { getBody(): string; getStatus(): number } }).originalResponse
  try {
    const { title } = JSON.parse(answer?.getBody() ?? '') as { title: string }
    // Room may be made meanwhile; content does not change.
    const isForGood = [400, 415].includes(answer!.getStatus())
    return { state: isForGood ? ('refused' as const) : ('failed' as const), problem: title }
  } catch {
    const problem = 'The connection was lost. Try again: it goes on where it was.'
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
