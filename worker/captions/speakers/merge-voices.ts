import type { SpeechSpan } from '../find-speech'
import type { Voice } from '../speech/messages'

/** One stretch of speech. Speakers count from 0 in the order in which they first speak. */
export interface Turn extends SpeechSpan {
  speaker: number
}

/** Cosine similarity from which two voices are of the same speaker. */
const MIN_SIMILARITY = 0.5
/** A voice that speaks for less time is too uncertain to be a speaker of its own. */
const MIN_SPEAKER_SECONDS = 2

interface Cluster {
  /** Sum of unit vectors, weighted by seconds. */
  sum: number[]
  seconds: number
  turns: SpeechSpan[]
}

/** Finds which voices of all parts of a file are of the same speaker. Returns their turns in order of time. */
export function mergeVoices(voices: readonly Voice[]): Turn[] {
  const clusters = absorbShortOnes(joinSimilar(voices.map(toCluster)))
  const startSeconds = ({ turns }: Cluster) => Math.min(...turns.map((turn) => turn.startSeconds))
  return clusters
    .toSorted((a, b) => startSeconds(a) - startSeconds(b))
    .flatMap(({ turns }, speaker) => turns.map((turn) => ({ ...turn, speaker })))
    .toSorted((a, b) => a.startSeconds - b.startSeconds)
}

function toCluster({ embedding, turns }: Voice): Cluster {
  const seconds = turns.reduce((sum, turn) => sum + turn.endSeconds - turn.startSeconds, 0)
  const length = Math.hypot(...embedding) || 1
  return { sum: embedding.map((value) => (value / length) * seconds), seconds, turns }
}

/** Joins the two most similar clusters until all differ. */
function joinSimilar(clusters: Cluster[]) {
  for (;;) {
    const best = findMostSimilar(clusters, clusters)
    if (!best || best.similarity < MIN_SIMILARITY) return clusters
    clusters = [...clusters.filter((one) => one !== best.a && one !== best.b), join(best.a, best.b)]
  }
}

function absorbShortOnes(clusters: Cluster[]) {
  const isShort = ({ seconds }: Cluster) => seconds < MIN_SPEAKER_SECONDS
  let kept = clusters.filter((cluster) => !isShort(cluster))
  if (kept.length === 0) return clusters
  for (const short of clusters.filter(isShort)) {
    const { b } = findMostSimilar([short], kept)!
    kept = kept.map((cluster) => (cluster === b ? join(b, short) : cluster))
  }
  return kept
}

function findMostSimilar(some: readonly Cluster[], others: readonly Cluster[]) {
  let best: { a: Cluster; b: Cluster; similarity: number } | undefined
  for (const a of some)
    for (const b of others) {
      if (a === b) continue
      const similarity = cosine(a.sum, b.sum)
      if (!best || similarity > best.similarity) best = { a, b, similarity }
    }
  return best
}

const join = (a: Cluster, b: Cluster): Cluster => ({
  sum: a.sum.map((value, n) => value + b.sum[n]!),
  seconds: a.seconds + b.seconds,
  turns: [...a.turns, ...b.turns],
})

function cosine(a: readonly number[], b: readonly number[]) {
  const product = a.reduce((sum, value, n) => sum + value * (b[n] ?? 0), 0)
  return product / (Math.hypot(...a) * Math.hypot(...b) || 1)
}
