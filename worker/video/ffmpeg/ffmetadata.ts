import type { ChapterDto } from '@/lib/videos/chapters'
import type { VideoMetadata } from '@/lib/videos/media-info'

/** Formats metadata and chapters as a file that ffmpeg reads (https://ffmpeg.org/ffmpeg-formats.html#Metadata-2). */
export function formatFfmetadata(content: { chapters: readonly ChapterDto[]; metadata: VideoMetadata }) {
  const tags = Object.entries(content.metadata).flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${escapeValue(value)}`],
  )
  const chapters = fillStart(content.chapters).flatMap(({ startSeconds, endSeconds, title }) => [
    '[CHAPTER]',
    'TIMEBASE=1/1000',
    `START=${Math.round(startSeconds * 1000)}`,
    `END=${Math.round(endSeconds * 1000)}`,
    `title=${escapeValue(title)}`,
  ])
  return `${[';FFMETADATA1', ...tags, ...chapters].join('\n')}\n`
}

/** The chapter track of MP4 has no place for a gap: ffmpeg would write the first chapter at 0. */
function fillStart(chapters: readonly ChapterDto[]) {
  const [first] = chapters
  if (!first || first.startSeconds === 0) return chapters
  return [{ startSeconds: 0, endSeconds: first.startSeconds, title: '' }, ...chapters]
}

const escapeValue = (text: string) => text.replaceAll(/[=;#\\\n]/g, String.raw`\$&`)
