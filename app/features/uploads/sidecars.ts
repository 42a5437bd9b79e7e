import type { CaptionDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/sidecars'

/** A language tag, then any of the common suffixes for accessibility and forced subtitles. */
const LANGUAGE_SUFFIX = /^[a-z\d_-]{2,35}(?:\.(?:sdh|cc|hi|forced|default))*$/
const SIDECAR_EXTENSION = /\.(srt|vtt|ass|ssa)$/i

/** Whether a file holds subtitles for a video. */
export const isSidecar = ({ name }: Pick<File, 'name'>) => SIDECAR_EXTENSION.test(name)

/** Whether `sidecar` belongs to `video` by name: film.srt, film.de.vtt and film.de.forced.srt belong to film.mp4. */
export function isSidecarOf(sidecar: Pick<File, 'name'>, video: Pick<File, 'name'>) {
  const name = video.name.replace(/\.[^.]+$/, '').toLowerCase()
  const own = sidecar.name.replace(SIDECAR_EXTENSION, '').toLowerCase()
  return own === name || (own.startsWith(`${name}.`) && LANGUAGE_SUFFIX.test(own.slice(name.length + 1)))
}

/** The result of importing a subtitle file: a track, or an error message. */
export interface SidecarResult {
  name: string
  caption?: CaptionDto
  /** Cues that could not be read and lines with damaged letters, by line. All other cues are imported. */
  problems: { line: number; message: string }[]
  /** The number of further ones, beyond those in `problems`. */
  moreProblems: number
  errorMessage?: string
  /** If the text encoding is not certain: the text as each of them reads it. */
  encodings?: { encoding: string; sample: string }[]
}

/** Imports a subtitle file into a video, in `encoding` or the one that is detected. Never rejects. */
export async function uploadSidecar(videoId: string, file: File, encoding?: string): Promise<SidecarResult> {
  const query = new URLSearchParams({ filename: file.name, ...(encoding && { encoding }) })
  const url = `/api/v1/videos/${videoId}/captions/files?${query.toString()}`
  const response = await fetch(url, { method: 'POST', body: file }).catch(() => null)
  const body = (await response?.json().catch(() => null)) as
    | (Partial<SidecarResult> & { title?: string })
    | null
  const { caption, problems = [], moreProblems = 0, encodings, title } = body ?? {}
  if (response?.ok && caption) return { name: file.name, caption, problems, moreProblems }
  return {
    name: file.name,
    problems,
    moreProblems,
    encodings,
    errorMessage: title ?? messages.sidecarConnectionLost(),
  }
}

/** Summarizes an import in one line. */
export function sidecarMessage({ caption, problems, moreProblems, errorMessage, encodings }: SidecarResult) {
  if (encodings) return messages.encodingUncertain()
  if (!caption) return errorMessage ?? messages.sidecarFailed()
  const imported = { label: caption.label, count: caption.cueCount }
  const [first] = problems
  if (!first) return messages.sidecarImported(imported)
  const found = { problems: problems.length + moreProblems, line: first.line }
  return messages.sidecarProblems({ ...imported, ...found })
}
