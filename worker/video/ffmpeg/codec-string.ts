/**
 * Returns the RFC 6381 codec string of the one track of an init segment: `avc1.64001f`, `av01.0.05M.08`,
 * `hvc1.1.6.L93.90`, `mp4a.40.2` or `mp4a.40.5`.
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
  const esds = content('esds')
  return `mp4a.40.${esds ? readAudioObjectType(esds) : AAC_LC}`
}

const AAC_LC = 2
const SBR = 5

/** Of the decoder configuration in an elementary stream descriptor (ISO/IEC 14496-1, 7.2.6 and 14496-3, 1.6.2.1). */
function readAudioObjectType(esds: Buffer) {
  // The stream and the decoder configuration precede it, with so many bytes of their own.
  let at = 4
  for (const [tag, bytes] of [
    [3, 3],
    [4, 13],
    [5, 0],
  ] as const) {
    if (esds[at++] !== tag) return AAC_LC
    while (esds[at++]! & 0x80);
    at += bytes
  }
  const type = esds[at]! >> 3
  if (type === 31) return 32 + (((esds[at]! & 7) << 3) | (esds[at + 1]! >> 5))
  // HE-AAC that older players play as LC: the extension follows.
  const isExtended = type === AAC_LC && esds.readUInt16BE(at + 2) === 0x56e5 && esds[at + 4]! >= 0x80
  return isExtended ? SBR : type || AAC_LC
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
