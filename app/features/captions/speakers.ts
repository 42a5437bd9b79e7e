import type { CueDto } from '@/lib/captions/schema'

/** The names of the speakers of a track, in the order in which they first speak. */
export const listSpeakers = (cues: readonly CueDto[]) => [
  ...new Set(cues.flatMap(({ speaker }) => speaker ?? [])),
]

/** The speaker of a cue if it is another one than before, else null. */
export const speakerIntroducedAt = (cues: readonly CueDto[], index: number) => {
  const speaker = cues[index]?.speaker ?? null
  return speaker === cues[index - 1]?.speaker ? null : speaker
}
