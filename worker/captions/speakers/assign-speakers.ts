import type { CueWord } from '@/lib/captions/schema'
import { joinWords } from '@/lib/text/scripts'
import type { SpeechSpan } from '../find-speech'
import type { Turn } from './merge-voices'

/** A cue as transcribed. */
export interface SpokenCue extends SpeechSpan {
  text: string
  words: CueWord[] | null
}

/** Words for less time between those of another speaker are an error of their times. */
const MIN_RUN_SECONDS = 0.3

/** The speaker of most of a time range, or the nearest one if there is none in it; null without any turn. */
export function findSpeaker(range: SpeechSpan, turns: readonly Turn[]): number | null {
  const overlaps = new Map<number, number>()
  let nearest: { speaker: number; distance: number } | null = null
  for (const turn of turns) {
    const overlap =
      Math.min(range.endSeconds, turn.endSeconds) - Math.max(range.startSeconds, turn.startSeconds)
    if (overlap > 0) overlaps.set(turn.speaker, (overlaps.get(turn.speaker) ?? 0) + overlap)
    if (!nearest || -overlap < nearest.distance) nearest = { speaker: turn.speaker, distance: -overlap }
  }
  let best: number | null = null
  for (const [speaker, overlap] of overlaps)
    if (best === null || overlap > overlaps.get(best)!) best = speaker
  return best ?? nearest?.speaker ?? null
}

/** Divides a cue where the speaker changes, if the times of its words are known. */
export function splitBySpeaker<Cue extends SpokenCue>(cue: Cue, turns: readonly Turn[]) {
  const runs = cue.words && cue.words.length > 0 ? findRuns(cue.words, turns) : []
  if (runs.length <= 1) return [{ ...cue, speaker: runs[0]?.speaker ?? findSpeaker(cue, turns) }]
  return runs.map(({ words, speaker }, n) => ({
    ...cue,
    startSeconds: n === 0 ? cue.startSeconds : words[0]!.startSeconds,
    endSeconds: runs[n + 1]?.words[0]!.startSeconds ?? cue.endSeconds,
    text: joinWords(words.map(({ text }) => text)),
    words,
    speaker,
  }))
}

interface Run {
  words: CueWord[]
  speaker: number | null
}

function findRuns(words: readonly CueWord[], turns: readonly Turn[]) {
  const runs: Run[] = []
  for (const word of words) append(runs, { words: [word], speaker: findSpeaker(word, turns) })
  return alignWithSentences(joinShortRuns(runs))
}

function append(runs: Run[], run: Run) {
  const last = runs.at(-1)
  if (last && last.speaker === run.speaker) last.words.push(...run.words)
  else runs.push({ ...run })
}

function joinShortRuns(runs: readonly Run[]) {
  const isShort = ({ words }: Run) => words.at(-1)!.endSeconds - words[0]!.startSeconds < MIN_RUN_SECONDS
  const joined: Run[] = []
  runs.forEach((run, n) => {
    const neighbor = joined.at(-1) ?? runs[n + 1]
    append(joined, isShort(run) && neighbor ? { ...run, speaker: neighbor.speaker } : run)
  })
  return joined
}

/** Turns are less exact than sentences: moves the change of speaker by one word to the end of a sentence. */
function alignWithSentences(runs: Run[]) {
  for (const [n, run] of runs.entries()) {
    const next = runs[n + 1]
    if (!next || endsSentence(run.words.at(-1))) continue
    if (next.words.length > 1 && endsSentence(next.words[0])) run.words.push(next.words.shift()!)
    else if (run.words.length > 1 && endsSentence(run.words.at(-2))) next.words.unshift(run.words.pop()!)
  }
  return runs
}

const endsSentence = (word?: CueWord) => word !== undefined && /[.!?…。！？]["'”’»)\]]*$/u.test(word.text)
