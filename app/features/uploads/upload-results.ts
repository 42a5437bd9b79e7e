import type { TusBody } from '@uppy/tus'
import * as messages from '@/lib/generated/messages/uploading'

/** Returns the id of the uploaded video from the last response, or undefined if the response has none. */
export function parseVideoId(body: TusBody | undefined) {
  try {
    const { videoId } = JSON.parse(body?.xhr.responseText ?? '') as { videoId?: string }
    return videoId
  } catch {
    return undefined
  }
}

/** Whether the last response says that the file is an encrypted archive. */
export const isArchiveResponse = (body: TusBody | undefined) =>
  body?.xhr.responseText.includes('"archiveUploadId"') ?? false

/** Returns the id of an upload, which is that of its video, from its URL. */
export const parseUploadId = (url: string | null | undefined) => url?.split('/').at(-1)

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
    return { state: 'failed' as const, problem: messages.connectionLost() }
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
