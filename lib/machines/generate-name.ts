import { randomInt } from 'node:crypto'

const ADJECTIVES =
  'amber brisk calm clear crisp dusky early fair gentle keen lucid mellow misty quiet rapid still sunny swift tidal vivid'
const NOUNS =
  'atoll bay beacon brook canyon cedar cove delta dune fjord glade grove harbour heath isle lagoon meadow pier ridge tarn'

const pickRandomWord = (words: string) => {
  const all = words.split(' ')
  return all[randomInt(all.length)]!
}

/** Generates a default machine name: "quiet-harbour-42". */
export const generateMachineName = () =>
  `${pickRandomWord(ADJECTIVES)}-${pickRandomWord(NOUNS)}-${randomInt(10, 100)}`
