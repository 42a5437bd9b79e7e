import { isUnfinished } from '@/app/features/tasks/task-state'
import type { CueDto, CuesDto } from '@/lib/captions/schema'

/** The cues of a track that have been fetched. */
export interface LoadedCues {
  captionId: string
  /** The revision of `cues`; -1 before the first response. */
  revision: number
  cues: readonly CueDto[]
  /** The position up to which the track is transcribed, in seconds; null once it is complete. */
  doneSeconds: number | null
}

/** What is known of a track before its first response. */
export const NO_CUES: LoadedCues = { captionId: '', revision: -1, cues: [], doneSeconds: 0 }

/**
 * Fetches the cues that `known` lacks. An abort of `signal` rejects.
 * @throws if the request fails or the track does not exist
 */
export async function fetchNewCues(
  known: LoadedCues,
  { words, signal }: { words: 'all' | 'none'; signal?: AbortSignal },
) {
  const url = new URL(`/api/v1/captions/${known.captionId}/cues`, window.location.href)
  url.searchParams.set('words', words)
  const last = known.cues.at(-1)
  if (last) {
    // The user may have added cues beyond the transcribed part.
    const after = Math.min(last.startSeconds, (known.doneSeconds ?? Number.POSITIVE_INFINITY) - 0.001)
    url.searchParams.set('after', String(after))
    url.searchParams.set('revision', String(known.revision))
  }
  const response = await fetch(url, { signal })
  if (!response.ok) throw new Error(`cues: ${response.status}`)
  const body = (await response.json()) as CuesDto
  return { loaded: applyCuesResponse(known, body), caption: body.caption }
}

const applyCuesResponse = (
  known: Pick<LoadedCues, 'cues'>,
  { caption, cues, isWhole }: CuesDto,
): LoadedCues => ({
  captionId: caption.id,
  revision: caption.revision,
  cues: isWhole ? cues : mergeNewCues(known.cues, cues),
  doneSeconds: isUnfinished(caption) ? caption.doneSeconds : null,
})

function mergeNewCues(known: readonly CueDto[], received: readonly CueDto[]) {
  const ids = new Set(known.map(({ id }) => id))
  const fresh = received.filter(({ id }) => !ids.has(id))
  const last = known.at(-1)
  const all = [...known, ...fresh]
  const isAppended = !last || fresh.every((cue) => cue.startSeconds >= last.startSeconds)
  return isAppended ? all : all.sort((one, other) => one.startSeconds - other.startSeconds)
}
