import { analyse } from 'chardet'
import { AppError } from '../errors'
import { ENCODINGS, type Encoding, encodingsOfLanguage, LEGACY_ENCODINGS } from './encodings'

interface DecodedText {
  text: string
  /** Lines of a UTF-8 file that contain bytes of another encoding, counted from 1. They are read as Windows-1252. */
  damagedLines: number[]
}

/**
 * Decodes a subtitle file in `encoding`, or by its byte order mark, else as UTF-16 if every other byte is zero, else as
 * UTF-8, else in the encoding that its bytes and `language` make likely.
 * @throws {AppError} caption.encoding_unknown, with samples to choose from, if several are as likely
 */
export function decodeText(
  bytes: Uint8Array,
  { language, encoding }: { language?: string | null; encoding?: Encoding } = {},
): DecodedText {
  const known = encoding ?? findUtf16(bytes)
  if (known) return intact(new TextDecoder(known).decode(bytes))
  const utf8 = decodeStrictly('utf-8', bytes)
  return utf8 === null ? (decodeDamagedUtf8(bytes) ?? intact(decodeLikely(bytes, language))) : intact(utf8)
}

const intact = (text: string): DecodedText => ({ text, damagedLines: [] })

function decodeStrictly(encoding: string, bytes: Uint8Array) {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function findUtf16(bytes: Uint8Array) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const head = bytes.subarray(0, 1024)
  const zeros = (from: number) => head.filter((byte, n) => n % 2 === from && byte === 0).length
  if (zeros(1) > head.length / 4) return 'utf-16le'
  if (zeros(0) > head.length / 4) return 'utf-16be'
  return null
}

const LINE_FEED = 0x0a
const isAscii = (bytes: Uint8Array) => bytes.every((byte) => byte < 0x80)

function* splitLines(bytes: Uint8Array) {
  for (let start = 0; start <= bytes.length;) {
    const feed = bytes.indexOf(LINE_FEED, start)
    const end = feed < 0 ? bytes.length : feed
    yield bytes.subarray(start, end)
    start = end + 1
  }
}

/** Null unless the file has a byte order mark, or at least as many lines with letters in UTF-8 as damaged ones. */
function decodeDamagedUtf8(bytes: Uint8Array): DecodedText | null {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const lines: string[] = []
  const damagedLines: number[] = []
  let validCount = 0
  for (const line of splitLines(bytes)) {
    const text = decodeStrictly('utf-8', line)
    if (text === null) damagedLines.push(lines.length + 1)
    else if (!isAscii(line)) validCount++
    lines.push(text ?? new TextDecoder('windows-1252').decode(line))
  }
  return hasMark || validCount >= damagedLines.length ? { text: lines.join('\n'), damagedLines } : null
}

/** Of the lines with letters beyond ASCII, which show the encoding. */
const MAX_SAMPLE_BYTES = 64 * 1024
const MIN_SCORE = 30
/** By which the best candidate has to exceed the next one that reads differently. */
const MIN_RATIO = 1.2
/** Added for the usual encoding of the language, and for others that it is found in. */
const [USUAL_SCORE, POSSIBLE_SCORE] = [30, 15]
const MAX_CHOICES = 12
const MAX_CHOICE_CHARACTERS = 80

function decodeLikely(bytes: Uint8Array, language: string | null | undefined) {
  const sample = takeSample(bytes)
  const scores = scoreEncodings(sample, language)
  const candidates = [...scores]
    .flatMap(([encoding, score]) => {
      const text = decodeStrictly(encoding, sample)
      if (text === null || UNPRINTABLE.test(text)) return []
      return { encoding, text, score: isMostlyAccented(text) ? score / 4 : score }
    })
    .toSorted((a, b) => b.score - a.score)
  const [best] = candidates
  const distinct = candidates.filter(
    (candidate, n) => candidates.findIndex(({ text }) => text === candidate.text) === n,
  )
  const nextScore = distinct[1]?.score ?? 0
  if (best && best.score >= MIN_SCORE && best.score >= MIN_RATIO * nextScore)
    return new TextDecoder(best.encoding).decode(bytes)
  throw new AppError({
    code: 'caption.encoding_unknown',
    message: 'The text encoding of this file is not certain. Choose the one that reads correctly.',
    status: 422,
    details: {
      encodings: distinct
        .slice(0, MAX_CHOICES)
        .map(({ encoding, text }) => ({ encoding, sample: text.trim().slice(0, MAX_CHOICE_CHARACTERS) })),
    },
  })
}

/** The lines with bytes beyond ASCII; all if there are none, as in ISO-2022-JP. */
function takeSample(bytes: Uint8Array) {
  const lines: Uint8Array[] = []
  let size = 0
  for (const line of splitLines(bytes)) {
    if (isAscii(line)) continue
    lines.push(line, new Uint8Array([LINE_FEED]))
    size += line.length + 1
    if (size > MAX_SAMPLE_BYTES) break
  }
  return lines.length > 0 ? Buffer.concat(lines) : bytes.subarray(0, MAX_SAMPLE_BYTES)
}

/** How likely each encoding is, by the letters that it reads, as chardet judges them, and by the language. */
function scoreEncodings(sample: Uint8Array, language: string | null | undefined) {
  const scores = new Map<Encoding, number>(LEGACY_ENCODINGS.map((encoding) => [encoding, 0]))
  for (const { name, confidence } of analyse(sample)) {
    const encoding = chooseVariant(name, sample)
    if (encoding) scores.set(encoding, Math.max(scores.get(encoding) ?? 0, confidence))
  }
  for (const [n, encoding] of encodingsOfLanguage(language).entries())
    scores.set(encoding, (scores.get(encoding) ?? 0) + (n === 0 ? USUAL_SCORE : POSSIBLE_SCORE))
  return scores
}

/** The encodings of Windows that extend those of ISO 8859, which chardet reports if none of their own letters occur. */
const WINDOWS_VARIANTS: Record<string, Encoding> = {
  'iso-8859-2': 'windows-1250',
  'iso-8859-5': 'windows-1251',
  'iso-8859-6': 'windows-1256',
  'iso-8859-7': 'windows-1253',
  'iso-8859-8': 'windows-1255',
}

/** The one in which more characters are letters; Windows is more common. Null for encodings that cannot be read. */
function chooseVariant(name: string, sample: Uint8Array): Encoding | null {
  let label: string
  try {
    label = new TextDecoder(name).encoding
  } catch {
    return null
  }
  const own = ENCODINGS.find((encoding) => encoding === label)
  const windows = WINDOWS_VARIANTS[label]
  if (!windows || !own) return windows ?? own ?? null
  return countLetters(own, sample) > countLetters(windows, sample) ? own : windows
}

const countLetters = (encoding: Encoding, bytes: Uint8Array) =>
  [...new TextDecoder(encoding).decode(bytes).matchAll(/\p{L}/gu)].length

const UNPRINTABLE = /[\u0080-\u009F\uFFFD\p{Co}\p{Cn}]/u

/** As other letters look that are read as Latin ones. */
function isMostlyAccented(text: string) {
  const count = (pattern: RegExp) => [...text.matchAll(pattern)].length
  return 2 * count(/(?![A-Za-z])\p{Script=Latin}/gu) > count(/\p{L}/gu)
}
