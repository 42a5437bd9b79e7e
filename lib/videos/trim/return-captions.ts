import { UNKNOWN_LANGUAGE } from '../../captions/label'
import { countCues } from '../../captions/queries'
import { findAllCues, insertCues, writeRevision } from '../../captions/revision-rows'
import type { Tx } from '../../database/db'
import { type Caption, Prisma } from '../../generated/prisma/client'
import { mergeCues } from './merge-cues'
import type { TrimRange } from './schema'
import { shiftCues } from './shift-captions'
import type { Transcription } from './supersede-captions'

interface Return {
  /** The trimmed video. */
  fromId: string
  /** The row of the whole. */
  toId: string
  ownerId: string
  range: TrimRange
}

/**
 * Gives what was done with the captions of a trimmed video since to its whole file: edits, as one revision of each track, new
 * transcriptions of the range, and tracks that were added or deleted. Returns the transcriptions that added tracks need for the rest.
 */
export async function returnCaptions(tx: Tx, { fromId, toId, ownerId, range }: Return) {
  const tracks = await tx.caption.findMany({ where: { videoId: fromId }, orderBy: { id: 'asc' } })
  const wholeTracks = await tx.caption.findMany({ where: { videoId: toId } })
  const kept = new Set(tracks.map(({ wholeTrackId }) => wholeTrackId))
  const deleted = wholeTracks.filter(({ id, state }) => state === 'done' && !kept.has(id))
  await tx.caption.deleteMany({ where: { id: { in: deleted.map(({ id }) => id) } } })
  const requests: Transcription[] = []
  for (const track of tracks) {
    // What a transcription that ended early leaves is only a part.
    if (track.state !== 'done' && !track.isReplacing) continue
    const whole = wholeTracks.find(({ id }) => id === track.wholeTrackId)
    if (whole) await mergeTrack(tx, { track, whole, ownerId, range })
    else {
      await moveTrack(tx, { track, toId, range })
      if (track.source === 'speech') requests.push(toRequest(track))
    }
  }
  return requests
}

interface Merge {
  track: Caption
  whole: Caption
  ownerId: string
  range: TrimRange
}

async function mergeTrack(tx: Tx, { track, whole, ownerId, range }: Merge) {
  const { language, label, engine, model, isLowAccuracy, note } = track
  const noteSource = track.noteSource ?? Prisma.DbNull
  const data = { language, label, engine, model, isLowAccuracy, note, noteSource }
  // Copies are unchanged at 0.
  if (track.revision === 0) return void (await tx.caption.update({ where: { id: whole.id }, data }))
  const { edited, replaced } = mergeCues({
    whole: await findAllCues(tx, whole.id),
    trimmed: await findAllCues(tx, track.id),
    trackId: track.id,
    range,
  })
  let { revision } = whole
  if (replaced.before.length > 0 || replaced.after.length > 0) {
    const ids = replaced.before.map(({ id }) => id)
    await tx.$executeRaw`DELETE FROM caption_cue WHERE "captionId" = ${whole.id}::uuid AND id = ANY (${ids}::uuid[])`
    await insertCues(tx, whole.id, replaced.after)
    revision++
  }
  const cueCount = await countCues(tx, whole.id)
  await tx.caption.update({ where: { id: whole.id }, data: { ...data, revision, cueCount } })
  if (edited.after.length > 0)
    await writeRevision(tx, { caption: { id: whole.id, revision }, authorId: ownerId, ...edited })
}

/** A track that was added since. Its history is on the other timeline. */
async function moveTrack(tx: Tx, { track, toId, range }: { track: Caption; toId: string; range: TrimRange }) {
  const { id, revision, doneSeconds } = track
  await tx.captionRevision.deleteMany({ where: { captionId: id } })
  await shiftCues(tx, { captionId: id, bySeconds: range.startSeconds })
  await tx.caption.update({
    where: { id },
    data: {
      videoId: toId,
      streamIndex: null,
      state: 'done',
      isReplacing: false,
      prunedRevision: revision,
      doneSeconds: doneSeconds + range.startSeconds,
    },
  })
}

const toRequest = ({ videoId, language, isTranslation }: Caption): Transcription => ({
  videoId,
  language: language === UNKNOWN_LANGUAGE || isTranslation ? undefined : language,
  translate: isTranslation,
  isBackground: true,
})
