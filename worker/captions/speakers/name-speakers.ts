import type { SpeechSpan } from '../find-speech'
import { generateSpeakerName, isGeneratedSpeaker } from './generated-name'
import type { Turn } from './merge-voices'

/** What a cue says about its speaker. */
export interface NamedSpan extends SpeechSpan {
  speaker: string
}

/** Names each speaker: as users have named whom they mostly coincide with, else by number. */
export function nameSpeakers(turns: readonly Turn[], earlier: readonly NamedSpan[]): string[] {
  const count = Math.max(-1, ...turns.map(({ speaker }) => speaker)) + 1
  let number = 0
  return Array.from({ length: count }, (_, speaker) => {
    const own = turns.filter((turn) => turn.speaker === speaker)
    const name = findUsualName(own, earlier)
    return name && !isGeneratedSpeaker(name) ? name : generateSpeakerName(++number)
  })
}

function findUsualName(turns: readonly SpeechSpan[], earlier: readonly NamedSpan[]) {
  const seconds = new Map<string, number>()
  for (const span of earlier)
    for (const turn of turns) {
      const overlap =
        Math.min(span.endSeconds, turn.endSeconds) - Math.max(span.startSeconds, turn.startSeconds)
      if (overlap > 0) seconds.set(span.speaker, (seconds.get(span.speaker) ?? 0) + overlap)
    }
  return [...seconds].toSorted(([, a], [, b]) => b - a)[0]?.[0]
}
