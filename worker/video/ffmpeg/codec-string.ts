/**
 * Returns the RFC 6381 codec string of the one track of an init segment: `avc1.64001f`, `av01.0.05M.08`,
 * `hvc1.1.6.L93.90` or `mp4a.40.2`.
 */
export function readCodec(init: Buffer) {
  const content = (type: string) => {
    const at = init.indexOf(type, 0, 'latin1')
    return at > 0 ? init.subarray(at + 4) : undefined
  }
  const avc = content('avcC')
  if (avc) return `avc1.${avc.toString('hex', 1, 4)}`
  const av1 = content('av1C')
  if (av1) return describeAv1(av1)
  const hevc = content('hvcC')
  if (hevc) return describeHevc(hevc)
  return 'mp4a.40.2'
}

/** Of an AV1CodecConfigurationRecord: https://aomediacodec.github.io/av1-isobmff/#codecsparam */
function describeAv1(record: Buffer) {
  const profile = record[1]! >> 5
  const level = record[1]! & 0x1f
  const [isHighTier, isHighDepth, isTwelveBit] = [0x80, 0x40, 0x20].map((bit) => (record[2]! & bit) > 0)
  const depth = !isHighDepth ? 8 : profile === 2 && isTwelveBit ? 12 : 10
  return `av01.${profile}.${padTwo(level)}${isHighTier ? 'H' : 'M'}.${padTwo(depth)}`
}

const padTwo = (value: number) => String(value).padStart(2, '0')

/** Of an HEVCDecoderConfigurationRecord: ISO/IEC 14496-15, E.3 */
function describeHevc(record: Buffer) {
  const space = ['', 'A', 'B', 'C'][record[1]! >> 6]!
  const tier = record[1]! & 0x20 ? 'H' : 'L'
  const profile = record[1]! & 0x1f
  const compatibility = reverseBits(record.readUInt32BE(2)).toString(16).toUpperCase()
  const constraints = [...record.subarray(6, 12)]
  const used = constraints.slice(0, constraints.findLastIndex((byte) => byte !== 0) + 1)
  const flags = used.map((byte) => `.${byte.toString(16).toUpperCase()}`).join('')
  return `hvc1.${space}${profile}.${compatibility}.${tier}${record[12]}${flags}`
}

const reverseBits = (word: number) =>
  Number.parseInt(word.toString(2).padStart(32, '0').split('').toReversed().join(''), 2)
