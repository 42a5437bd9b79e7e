import { runEvery } from '@/lib/concurrency/run-every'
import { db } from '@/lib/database/db'
import { log } from '@/lib/log'
import { boss } from '@/lib/tasks/boss'
import { uploadDataFile } from '@/lib/uploads/upload-paths'
import { beginEarlyLook } from '@/lib/videos/begin-early-look'
import { isStreamable } from '@/lib/videos/is-streamable'

/** As much as ffmpeg reads of a file to describe it (`probesize`), and some seconds of most videos. */
const FIRST_BYTES = 5 * 1024 ** 2
/** An upload that ends sooner is inspected as soon. */
const MIN_LEFT_MS = 2_000
/** Each look reads the received part from its start. */
const GROWTH = 1.25
const INTERVAL_MS = 10

/**
 * Has workers look at what has arrived of an upload: at FIRST_BYTES, and whenever it has grown by GROWTH. Best effort: a failure does
 * not end the upload. Returns an async stop.
 */
export function requestEarlyLooks({
  id,
  offset,
  receivedBytes,
}: {
  id: string
  /** Where the request began. */
  offset: number
  receivedBytes(): number
}) {
  const startedAt = performance.now()
  let seen = countSteps(offset)
  let sizeBytes: number | undefined
  const lookAgain = async () => {
    const received = receivedBytes()
    const steps = countSteps(received)
    if (steps <= seen) return
    sizeBytes ??= Number((await db().upload.findUnique({ where: { id } }))?.sizeBytes ?? 0)
    const bytesPerMs = (received - offset) / (performance.now() - startedAt)
    if (sizeBytes - received < MIN_LEFT_MS * bytesPerMs) return
    seen = steps
    if (await isStreamable(uploadDataFile(id), received))
      await beginEarlyLook({ db: db(), boss: await boss() }, id)
  }
  const stop = runEvery({
    work: lookAgain,
    pauseMs: INTERVAL_MS,
    initialDelayMs: INTERVAL_MS,
    failureMessage: 'could not request a look at an upload',
  })
  return async () => {
    await stop()
    // A request may be shorter than the interval.
    await lookAgain().catch((err: unknown) =>
      log.warn({ err, uploadId: id }, 'could not request a look at an upload'),
    )
  }
}

/** How often FIRST_BYTES have grown by GROWTH; -1 before they have arrived. */
const countSteps = (bytes: number) =>
  Math.max(-1, Math.floor(Math.log(bytes / FIRST_BYTES) / Math.log(GROWTH)))
