import { readSamples } from './movie-fragment'
import { boxType, buildBox, childBoxes } from './mp4-boxes'
import { readNalLengthSize } from './parameter-sets'

/** A picture that resets a decoder of H.264 (ITU-T H.264, 7.4.1.2.4). */
const IDR = 5

/**
 * Whether a segment of H.264 begins with a picture that resets the decoder. In files with open groups of pictures, key frames
 * need not: pictures after them refer to some before, and their parameter sets and order continue.
 */
export function startsClean(segment: Buffer, init: Buffer) {
  const [moof, mdat] = [...childBoxes(buildBox('seg ', segment))]
  if (!moof || !mdat || boxType(mdat) !== 'mdat') throw new Error('a stored segment is not one fragment')
  const lengthSize = readNalLengthSize(init)
  const end = 8 + readSamples(moof)[0]!.sizeBytes
  for (let at = 8; at + lengthSize < end;) {
    const sizeBytes = mdat.readUIntBE(at, lengthSize)
    if ((mdat[at + lengthSize]! & 0x1f) === IDR) return true
    at += lengthSize + sizeBytes
  }
  return false
}
