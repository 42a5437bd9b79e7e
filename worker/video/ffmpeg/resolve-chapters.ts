import type { ChapterDto } from '@/lib/videos/chapters'
import * as messages from '@/lib/generated/messages/video-names'
import type { ProbedFile } from './ffprobe'
import { readLabel } from './read-metadata'

/** Chapters beyond these are left out: the last one extends to the end. */
const MAX_CHAPTERS = 1_000
const MAX_TITLE_LENGTH = 200
/** A container whose first time is earlier starts at 0: encoder delay and reordering shift it by less. */
const MIN_CLOCK_START_SECONDS = 1
/** Chapters that start closer to each other, or to the end, are one. */
const MIN_SECONDS = 0.1

/**
 * The chapters of a file on its timeline: ordered, each up to the next one, the last one up to the end. What the file
 * states as their ends is ignored: chapters without, with gaps and within others are common.
 */
export function resolveChapters(
  { chapters, format }: Pick<ProbedFile, 'chapters' | 'format'>,
  durationSeconds: number,
): ChapterDto[] {
  const stated = chapters
    .map(({ start_time, tags }) => ({
      seconds: Number(start_time),
      title: readLabel(tags?.title, MAX_TITLE_LENGTH),
    }))
    .filter(({ seconds }) => Number.isFinite(seconds))
    .toSorted((a, b) => a.seconds - b.seconds)
  const origin = findOrigin(
    stated.map(({ seconds }) => seconds),
    { clockStart: format.start_time ?? 0, durationSeconds },
  )
  const kept: { startSeconds: number; title: string | null }[] = []
  for (const { seconds, title } of stated) {
    const startSeconds = Math.max(0, seconds - origin)
    if (startSeconds > durationSeconds - MIN_SECONDS) break
    const last = kept.at(-1)
    if (last && startSeconds - last.startSeconds < MIN_SECONDS) last.title ??= title
    else if (kept.length < MAX_CHAPTERS) kept.push({ startSeconds, title })
  }
  return kept.map(({ startSeconds, title }, n) => ({
    startSeconds,
    endSeconds: kept[n + 1]?.startSeconds ?? durationSeconds,
    title: title ?? messages.chapter({ number: n + 1 }),
  }))
}

/**
 * The stated time that is 0 on the timeline. Chapters count from the start of the container's clock, or from 0 where one
 * precedes that start. If all of them are beyond the end, the file was cut from a longer one and kept their times.
 */
function findOrigin(
  times: readonly number[],
  { clockStart, durationSeconds }: { clockStart: number; durationSeconds: number },
) {
  const first = times[0] ?? 0
  const origins = clockStart >= MIN_CLOCK_START_SECONDS ? [clockStart, 0] : [0]
  const isPlausible = (origin: number) =>
    first >= origin - MIN_CLOCK_START_SECONDS && first < origin + durationSeconds
  return origins.find(isPlausible) ?? Math.max(0, first)
}
