import type { CueWord } from './schema'

/** A word with its position in the text of its cue. */
interface LocatedWord extends CueWord {
  from: number
  to: number
}

/** Locates the words of a cue in its text. Leaves out those that it does not contain. */
export function locateWords({ text, words }: { text: string; words: readonly CueWord[] | null }) {
  const located: LocatedWord[] = []
  let at = 0
  for (const word of words ?? []) {
    const spoken = word.text.trim()
    const from = spoken === '' ? -1 : text.indexOf(spoken, at)
    if (from < 0) continue
    at = from + spoken.length
    located.push({ ...word, from, to: at })
  }
  return located
}
