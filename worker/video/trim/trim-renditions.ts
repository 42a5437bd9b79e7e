// Over 200 lines because it is one sequence of steps, each of which a later run continues.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Rendition, Video } from '@/lib/generated/prisma/client'
import * as messages from '@/lib/generated/messages/trim-tasks'
import { currentKeys, videoKeys } from '@/lib/storage/keys'
import { NO_SEGMENTS, toBitrate } from '@/lib/videos/segment-totals'
import type { TrimRange } from '@/lib/videos/trim/schema'
import { readCodec } from '../ffmpeg/codec-string'
import { cutSegment } from '../ffmpeg/cut-segment'
import { readInitTimescale } from '../ffmpeg/fragment-reader'
import { mergeParameterSets } from '../ffmpeg/parameter-sets'
import { readWhole } from '../../media/read-files'
import { withScratchDir } from '../../runtime/scratch'
import { findCopyStart } from './find-copy-start'
import { encodeEnds, type EncodedEnds } from './encode-ends'
import { planPieces } from './plan-pieces'
import type { TrimRun, TrimSource, WholeRendition } from './trim-run'

/** Segments that are copied at a time. */
const CONCURRENCY = 4
/** What encoding the ends takes of the time, about. */
const ENDS_SHARE = 0.6

/**
 * Stores the renditions of the trimmed files. Whole segments are those of the whole file at other times; only the pieces at
 * both ends are encoded, and sound is cut between two of its packets. Skips renditions that an earlier run has stored.
 */
export async function trimRenditions(run: TrimRun, { base }: TrimSource) {
  const { db } = run.context
  const { trimmedId } = run.payload
  const stored = await db.rendition.findMany({
    where: { videoId: trimmedId, state: 'done' },
    select: { name: true },
  })
  const wholes = await db.rendition.findMany({
    where: {
      videoId: base.id,
      state: 'done',
      initKey: { not: null },
      name: { notIn: stored.map(({ name }) => name) },
    },
    orderBy: { position: 'asc' },
    include: { segments: { orderBy: { index: 'asc' } } },
  })
  const inits = new Map<string, Buffer>()
  const renditions: WholeRendition[] = []
  for (const rendition of wholes) {
    const init = await readWhole(run, currentKeys(base).init(rendition.name))
    inits.set(rendition.name, init)
    renditions.push(await findCopyStart(run, { base, rendition, init }))
  }
  await withScratchDir(run, (dir) => storeRenditions(run, { base, renditions, inits, dir }))
}

interface TrimOptions {
  base: Video
  renditions: WholeRendition[]
  /** By name. */
  inits: ReadonlyMap<string, Buffer>
  /** Of the pieces that are encoded. */
  dir: string
}

async function storeRenditions(run: TrimRun, { base, renditions, inits, dir }: TrimOptions) {
  const { startSeconds, endSeconds } = run.payload
  const range = { startSeconds, endSeconds }
  const stage = messages.encodingEnds()
  run.report({ stage, progress: 0 })
  const ends = await encodeEnds(run, {
    base,
    renditions,
    inits,
    dir,
    onProgress: (share) => run.report({ stage, progress: ENDS_SHARE * share }),
  })
  const joined = renditions.map((rendition) => ({
    rendition,
    init: joinInits(rendition, inits.get(rendition.name)!, ends.get(rendition.name)),
  }))
  // A codec is encoded again as a whole.
  const lost = new Set(joined.flatMap(({ init, rendition }) => (init ? [] : [rendition.extraCodec])))
  for (const [n, { rendition, init }] of joined.entries()) {
    if (!init || lost.has(rendition.extraCodec)) {
      run.log.warn({ name: rendition.name }, 'a rendition cannot be trimmed without encoding all of it')
      continue
    }
    await storeRendition(run, {
      base,
      rendition,
      init,
      timescale: readInitTimescale(init),
      range,
      encoded: ends.get(rendition.name),
      onProgress: (share) =>
        run.report({
          stage: messages.copying({ name: rendition.name }),
          progress: ENDS_SHARE + ((1 - ENDS_SHARE) * (n + share)) / renditions.length,
        }),
    })
  }
}

/** The init segment of both what is copied and what is encoded; null if one cannot describe both. */
function joinInits({ extraCodec }: Rendition, init: Buffer, ends: EncodedEnds | undefined) {
  const encoded = [ends?.head, ends?.tail].flatMap((piece) => (piece?.init ? [piece.init] : []))
  const [first] = encoded
  if (!first) return init
  if (extraCodec) return encoded.every((one) => one.equals(init)) ? init : null
  return mergeParameterSets(init, first)
}

interface StoreOptions {
  base: TrimSource['base']
  rendition: WholeRendition
  init: Buffer
  timescale: number
  range: TrimRange
  encoded: EncodedEnds | undefined
  onProgress(share: number): void
}

async function storeRendition(run: TrimRun, options: StoreOptions) {
  const { rendition, init } = options
  const { trimmedId } = run.payload
  const { storage } = run.context
  const keys = videoKeys(trimmedId)
  const {
    id: _id,
    videoId: _videoId,
    segments: _segments,
    copiedFrom: _copiedFrom,
    downloadKey: _key,
    downloadBytes: _bytes,
    downloadChaptersAt: _chaptersAt,
    ...columns
  } = rendition
  const initKey = keys.init(rendition.name)
  const initSha256 = createHash('sha256').update(init).digest('hex')
  // One that an interrupted run has begun.
  const { id } = await run.write(async (tx) => {
    await tx.rendition.deleteMany({ where: { videoId: trimmedId, name: rendition.name } })
    return tx.rendition.create({
      data: {
        ...columns,
        ...NO_SEGMENTS,
        videoId: trimmedId,
        state: 'in_progress',
        initKey,
        initSha256,
        codecs: readCodec(init),
      },
    })
  })
  await storage.put(initKey, init, { signal: run.signal })
  const rows = await storeSegments(run, options)
  const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0)
  await run.write(async (tx) => {
    await tx.segment.createMany({ data: rows.map((row) => ({ ...row, renditionId: id })) })
    await tx.rendition.update({
      where: { id },
      data: {
        state: 'done',
        progress: 1,
        segmentBytes: total(rows.map(({ sizeBytes }) => sizeBytes)),
        segmentSeconds: total(rows.map(({ durationSeconds }) => durationSeconds)),
        peakBitsPerSecond: Math.max(0, ...rows.map(toBitrate)),
      },
    })
  })
}

/** A source of one segment of the trimmed rendition: one that is encoded, or a stored one, of which sound may be cut. */
type Part = { file: string } | { index: number; startSeconds?: number; endSeconds?: number }

async function storeSegments(
  run: TrimRun,
  { base, rendition, timescale, range, encoded, onProgress }: StoreOptions,
) {
  const { storage } = run.context
  const { signal } = run
  const from = currentKeys(base)
  const to = videoKeys(run.payload.trimmedId)
  const parts = listParts(rendition, range, encoded)
  const rows: { index: number; startSeconds: number; durationSeconds: number; sizeBytes: number }[] = []
  for (let at = 0; at < parts.length; at += CONCURRENCY) {
    signal.throwIfAborted()
    const cuts = await Promise.all(
      parts.slice(at, at + CONCURRENCY).map(async (part) => {
        const isEncoded = 'file' in part
        const data = isEncoded
          ? await readFile(part.file)
          : await readWhole(run, from.segment(rendition.name, part.index))
        const limits = isEncoded ? {} : part
        return cutSegment(data, { timescale, zeroSeconds: range.startSeconds, ...limits })
      }),
    )
    const batch = cuts.flatMap((cut) => (cut ? [cut] : []))
    const first = rows.length
    await Promise.all(
      batch.map(({ data }, n) => storage.put(to.segment(rendition.name, first + n), data, { signal })),
    )
    rows.push(
      ...batch.map(({ data, ...times }, n) => ({ ...times, index: first + n, sizeBytes: data.length })),
    )
    onProgress(Math.min(1, (at + CONCURRENCY) / parts.length))
  }
  return rows
}

function listParts(rendition: WholeRendition, range: TrimRange, ends: EncodedEnds | undefined): Part[] {
  const { segments, mode, frameRate, copiedFrom } = rendition
  if (mode === 'audio')
    return segments
      .filter(
        ({ startSeconds, durationSeconds }) =>
          startSeconds < range.endSeconds && startSeconds + durationSeconds > range.startSeconds,
      )
      .map(({ index }) => ({ index, ...range }))
  const { kept } = planPieces(segments, range, 0.5 / frameRate!, copiedFrom)
  const encoded = (piece: EncodedEnds['head']) => piece?.files.map((file) => ({ file })) ?? []
  return [...encoded(ends?.head), ...kept.map(({ index }) => ({ index })), ...encoded(ends?.tail)]
}
