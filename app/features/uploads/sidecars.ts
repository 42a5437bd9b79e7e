import type { CaptionDto } from '@/lib/captions/schema'

/** A language, and for whom it is. */
const LANGUAGE_SUFFIX = /^[a-z\d-]{2,35}(?:\.(?:sdh|cc|hi|forced|default))*$/
const SIDECAR_EXTENSION = /\.(srt|vtt)$/i

/** A file of subtitles, which goes with a video rather than being one. */
export const isSidecar = ({ name }: Pick<File, 'name'>) => SIDECAR_EXTENSION.test(name)

/** Whether `sidecar` belongs to `video` by its name: film.srt, film.de.vtt and film.de.forced.srt to film.mp4. */
export function isSidecarOf(sidecar: Pick<File, 'name'>, video: Pick<File, 'name'>) {
  const name = video.name.replace(/\.[^.]+$/, '').toLowerCase()
  const own = sidecar.name.replace(SIDECAR_EXTENSION, '').toLowerCase()
  return own === name || (own.startsWith(`${name}.`) && LANGUAGE_SUFFIX.test(own.slice(name.length + 1)))
}

/** What became of a file of subtitles: a track, unless it was refused. */
export interface SidecarResult {
  name: string
  caption?: CaptionDto
  /** What could not be read, by line. The rest is in. */
  problems: { line: number; message: string }[]
  /** How many more could not be read than are told. */
  moreProblems: number
  refusal?: string
}

/** Adds subtitles to a video. */
export async function uploadSidecar(videoId: string, file: File): Promise<SidecarResult> {
  const at = `/api/v1/videos/${videoId}/captions/files?filename=${encodeURIComponent(file.name)}`
  const answer = await fetch(at, { method: 'POST', body: file }).catch(() => null)
  const told = (await answer?.json().catch(() => null)) as
    | (Partial<SidecarResult> & { title?: string })
    | null
  const { caption, problems = [], moreProblems = 0, title } = told ?? {}
  if (answer?.ok && caption) return { name: file.name, caption, problems, moreProblems }
  return {
    name: file.name,
    problems,
    moreProblems,
    refusal: title ?? 'The connection was lost. Add it again on the page of the video.',
  }
}

/** What a person should know of it, in a line. */
export function sidecarMessage({ caption, problems, moreProblems, refusal }: SidecarResult) {
  if (!caption) return refusal ?? 'It could not be added.'
  const added = `Added as ${caption.label}: ${caption.cueCount === 1 ? 'one cue' : `${caption.cueCount} cues`}.`
  const [first] = problems
  if (!first) return added
  const count = problems.length + moreProblems
  const left =
    count === 1
      ? 'One more could not be read,'
      : `${count.toLocaleString('en')} more could not be read, the first`
  return `${added} ${left} on line ${first.line}.`
}
