import type { PgBoss } from 'pg-boss'
import type { Tx } from '../../database/db'
import { enqueueTask } from '../../tasks/enqueue'
import { hasOutdatedDownloads } from '../current-downloads'
import type { ExtraCodec } from '../ladder'
import { compressVideoTask, packageVideoTask, verifyVideoTask } from '../tasks'

/** The codecs in which the file of a video is compressed, or would be: not those whose compression failed or was canceled. */
export async function listCompressedCodecs(tx: Tx, videoId: string): Promise<ExtraCodec[]> {
  const tasks = await tx.task.findMany({
    where: { videoId, kind: compressVideoTask.name },
    orderBy: { id: 'desc' },
    select: { state: true, payload: true },
  })
  const newest = new Map<ExtraCodec, string>()
  for (const { state, payload } of tasks) {
    const { codec } = compressVideoTask.payload.parse(payload)
    if (!newest.has(codec)) newest.set(codec, state)
  }
  return [...newest].flatMap(([codec, state]) => (state === 'failed' || state === 'canceled' ? [] : codec))
}

/**
 * Queues the check of the renditions that a video has now, their downloads, and their compression in `codecs`, unless it has
 * them already.
 */
export async function queueFollowUp(
  tx: Tx,
  boss: PgBoss,
  { videoId, ownerId, codecs }: { videoId: string; ownerId: string; codecs: readonly ExtraCodec[] },
) {
  const common = { ownerId, subjectId: videoId }
  const { proof } = await tx.video.findUniqueOrThrow({ where: { id: videoId }, select: { proof: true } })
  if (proof === null) await enqueueTask(tx, boss, { ...common, kind: verifyVideoTask, payload: { videoId } })
  if ((await lacksDownloads(tx, videoId)) || (await hasOutdatedDownloads(tx, videoId)))
    await enqueueTask(tx, boss, { ...common, kind: packageVideoTask, payload: { videoId } })
  for (const codec of codecs) {
    const renditions = await tx.rendition.findMany({
      where: { videoId, extraCodec: codec },
      select: { state: true },
    })
    // Those that failed their check stay as they are.
    if (renditions.length > 0 && renditions.every(({ state }) => state === 'done' || state === 'failed'))
      continue
    await enqueueTask(tx, boss, { ...common, kind: compressVideoTask, payload: { videoId, codec } })
  }
}

/** Whether an encoded rendition has no download. */
const lacksDownloads = async (tx: Tx, videoId: string) =>
  (await tx.rendition.count({
    where: { videoId, mode: 'encode', extraCodec: null, state: 'done', downloadKey: null },
  })) > 0
