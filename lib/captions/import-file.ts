import { randomBytes } from 'node:crypto'
import * as messages from '@/lib/generated/messages/caption-errors'
import type { Db, Tx } from '../database/db'
import { checkStorageQuota } from '../uploads/storage-quota'
import { AppError, notFound } from '../errors'
import { requireVideo } from '../videos/require-video'
import { decodeText } from './decode-text'
import type { Encoding } from './encodings'
import { UNKNOWN_LANGUAGE } from './label'
import { languageOfFilename } from './language-of-filename'
import { parseSubtitles } from './parse'
import { addProblem, MAX_CUES, type ParsedSubtitles } from './parsed-subtitles'
import { touch } from '../database/touch'

/** Largest accepted subtitle file in bytes, enough for days of speech. */
export const MAX_SUBTITLE_BYTES = 10 * 1024 ** 2

/**
 * Creates a track from a .srt, .vtt or .ass file. Unreadable cues are skipped and reported by line.
 * @throws {AppError} video.not_found, video.in_trash, storage.quota_exceeded, caption.file_too_large, caption.encoding_unknown,
 * caption.file_unreadable when no cue can be read
 */
export async function importCaptionFile(
  db: Db,
  file: {
    /** Default: a new one. */
    id?: string
    videoId: string
    ownerId: string
    bytes: Uint8Array
    filename?: string
    language?: string
    label?: string
    /** Default: detected. */
    encoding?: Encoding
  },
) {
  const { videoId, ownerId, filename = '', encoding } = file
  const video = await db.video.findFirst({ where: { id: videoId, ownerId }, select: { filename: true } })
  if (!video) throw notFound('video')
  const language = file.language ?? languageOfFilename(filename, video.filename)
  const parsed = parseSubtitleFile(file.bytes, { language, encoding })
  const id = await db.$transaction(async (tx) => {
    await checkStorageQuota(tx, { ownerId, growthBytes: file.bytes.length })
    await requireVideo(tx, { id: videoId, ownerId })
    const caption = await tx.caption.create({
      data: {
        id: file.id,
        ownerId,
        videoId,
        language: language ?? UNKNOWN_LANGUAGE,
        label: file.label,
        source: 'sidecar',
        state: 'done',
        cueCount: parsed.cues.length,
      },
    })
    await insertCues(tx, caption.id, parsed.cues)
    await touch(tx, 'video', { id: videoId })
    return caption.id
  })
  return { id, problems: parsed.problems, moreProblems: parsed.moreProblems }
}

/** Not by Prisma, which needs many seconds for the largest file. Ids increase, because they order cues of equal times. */
async function insertCues(tx: Tx, captionId: string, cues: ParsedSubtitles['cues']) {
  const startMs = Date.now()
  const rows = cues.map((cue, n) => ({ ...cue, id: createCueId(startMs, n) }))
  await tx.$executeRaw`
    INSERT INTO caption_cue (id, "captionId", "startSeconds", "endSeconds", text, speaker)
    SELECT id, ${captionId}::uuid, "startSeconds", "endSeconds", text, speaker
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS cue (id uuid, "startSeconds" float8, "endSeconds" float8, text text, speaker text)`
}

/** A UUID of version 7 (RFC 9562) with the position `n` as its counter. */
function createCueId(ms: number, n: number) {
  const time = ms.toString(16).padStart(12, '0')
  const counter = n.toString(16).padStart(5, '0')
  const random = randomBytes(7).toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.slice(0, 3)}-8${counter.slice(3)}${random[0]}-${random.slice(1, 13)}`
}

/** @throws {AppError} caption.file_too_large, caption.encoding_unknown, caption.file_unreadable */
function parseSubtitleFile(
  bytes: Uint8Array,
  options: { language: string | null; encoding: Encoding | undefined },
): ParsedSubtitles {
  if (bytes.length > MAX_SUBTITLE_BYTES) throw subtitleFileTooLargeError()
  const { text, damagedLines } = decodeText(bytes, options)
  const parsed = parseSubtitles(text)
  if (parsed.cues.length > MAX_CUES) throw subtitleFileTooLargeError()
  for (const line of damagedLines) addProblem(parsed, line, messages.lineNotUtf8())
  parsed.problems.sort((a, b) => a.line - b.line)
  if (parsed.cues.length > 0) return parsed
  const { problems, moreProblems } = parsed
  const [first] = problems
  throw new AppError({
    code: 'caption.file_unreadable',
    message: first
      ? messages.fileUnreadable({ line: String(first.line), problem: first.message })
      : messages.fileEmpty(),
    status: 422,
    details: { problems, moreProblems },
  })
}

export const subtitleFileTooLargeError = () =>
  new AppError({
    code: 'caption.file_too_large',
    message: messages.fileTooLarge(),
    status: 413,
  })
