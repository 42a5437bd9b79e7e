import { randomInt } from 'node:crypto'

const QUALITIES =
  'amber brisk calm clear crisp dusky early fair gentle keen lucid mellow misty quiet rapid still sunny swift tidal vivid'
const THINGS =
  'atoll bay beacon brook canyon cedar cove delta dune fjord glade grove harbour heath isle lagoon meadow pier ridge tarn'

const oneOf = (words: string) => {
  const all = words.split(' ')
  return all[randomInt(all.length)]!
}

/** For a machine that nobody named: "quiet-harbour-42". */
export const inventName = () => `${oneOf(QUALITIES)}-${oneOf(THINGS)}-${randomInt(10, 100)}`
