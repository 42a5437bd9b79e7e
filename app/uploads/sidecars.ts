import type { CaptionDto } from '@/lib/captions/contract'

const SIDECAR = /\.(srt|vtt)$/i

/** A file of subtitles, which goes with a video rather than being one. */
export const isSidecar = ({ name }: Pick<File, 'name'>) => SIDECAR.test(name)

/** Whether `sidecar` belongs to `video` by its name: film.srt and film.de.vtt to film.mp4. */
export function isSidecarOf(sidecar: Pick<File, 'name'>, video: Pick<File, 'name'>) {
  const name = video.name.replace(/\.[^.]+$/, '').toLowerCase()
  const own = sidecar.name.replace(SIDECAR, '').toLowerCase()
  return own === name || (own.startsWith(`${name}.`) && /^[a-z\d-]{2,35}$/.test(own.slice(name.length + 1)))
}

/** Adds subtitles to a video. Gives what a person should know of it, or null. */
export async function sendSidecar(videoId: string, file: File) {
  const at = `/api/v1/videos/${videoId}/captions/files?filename=${encodeURIComponent(file.name)}`
  const answer = await fetch(at, { method: 'POST', body: file }).catch(() => null)
  const told = (await answer?.json().catch(() => null)) as Told | null
  if (!answer?.ok) return told?.title ?? 'The connection was lost. Add it again on the page of the video.'
  const [first] = told?.problems ?? []
  if (!first) return null
  return `${told!.problems!.length} of its cues could not be read, the first on line ${first.line}. The others are in.`
}

interface Told {
  title?: string
  caption?: CaptionDto
  problems?: { line: number; message: string }[]
}
