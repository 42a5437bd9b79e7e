import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { importSampleTask } from '@/lib/imports/tasks'
import { sourceKey } from '@/lib/storage/keys'
import { resizeReservation } from '@/lib/uploads/reserve-upload'
import { createChecksum } from '@/lib/uploads/upload-checksum'
import { createUploadStream } from '@/lib/uploads/upload-stream'
import * as messages from '@/lib/generated/messages/import-tasks'
import { quietArgs } from '../media/input-args'
import { SANDBOX_OUTPUT_DIR } from '../process/bwrap-args'
import { runSandboxed } from '../process/sandbox'
import { requireSandboxFile } from '../process/sandbox-files'
import type { TaskHandler } from '../runtime/handler'
import { withScratchDir } from '../runtime/scratch'
import { readProgress } from '../video/ffmpeg/ffmpeg-progress'
import { discardImport, endImport } from './end-import'
import { type ImportRun, loadImport } from './load-import'
import type { StoredFile } from './url-download'

/** Generates a short video and registers it as an uploaded one. A later run begins again. */
export const importSample: TaskHandler<typeof importSampleTask> = {
  kind: importSampleTask,
  run: (run) => endImport(run, () => withScratchDir(run, (dir) => storeSample(run, dir))),
  discard: discardImport,
}

const SECONDS = 12
const FILE = 'sample.mp4'

/** Slowly turning colors, with a soft chord. */
const ENCODE_ARGS = [
  `-f lavfi -i gradients=s=1280x720:r=30:d=${SECONDS}:n=4:speed=0.02:seed=1`,
  `-f lavfi -i aevalsrc=0.05*(sin(440*PI*t)+sin(554*PI*t)+sin(660*PI*t)):d=${SECONDS}:s=48000`,
  '-c:v libx264 -preset veryfast -pix_fmt yuv420p -c:a aac',
].flatMap((args) => args.split(' '))

async function storeSample(run: ImportRun, outputDir: string): Promise<StoredFile> {
  const { videoId, ownerId, upload } = await loadImport(run)
  const { config, storage } = run.context
  const { signal } = run
  const ffmpeg = runSandboxed({
    program: 'ffmpeg',
    args: [...quietArgs, '-progress', 'pipe:1', '-y', ...ENCODE_ARGS, `${SANDBOX_OUTPUT_DIR}/${FILE}`],
    outputDir,
    signal,
    memoryBytes: config.MEDIA_MEMORY_BYTES,
    wallClockMs: 10 * 60_000,
  })
  readProgress(ffmpeg.stdout, (seconds) =>
    run.report({ stage: messages.generating(), progress: seconds / SECONDS }),
  )
  await ffmpeg.exited
  const file = await requireSandboxFile(outputDir, FILE)
  const { size: sizeBytes } = await stat(file)
  await run.write(async (tx) => {
    await resizeReservation(tx, { id: videoId, ownerId, sizeBytes })
    await tx.video.update({ where: { id: videoId }, data: { sizeBytes } })
  })
  const checksum = createChecksum()
  await pipeline(
    createReadStream(file),
    createUploadStream(checksum),
    (data: AsyncIterable<Buffer>) =>
      storage.put(sourceKey(videoId, upload.filename), Readable.from(data, { objectMode: false }), {
        sizeBytes,
      }),
    { signal },
  )
  return { filename: upload.filename, sizeBytes, sha256: checksum.hash.digest('hex') }
}
