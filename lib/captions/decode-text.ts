import { analyse } from 'chardet'
import * as messages from '@/lib/generated/messages/caption-errors'
import { AppError } from '../errors'
import { ENCODINGS, type Encoding, encodingsOfLanguage, LEGACY_ENCODINGS } from './encodings'

interface DecodedText {
  text: string
  /** Lines of a UTF-8 file that contain bytes of another encoding, counted from 1. Each such byte is read as U+FFFD. */
  damagedLines: number[]
}

/**
 * Decodes a subtitle file in `encoding`, or by its byte order mark or escape sequences, else as UTF-16 if many of every
 * other byte are zero, else as UTF-8, else in the encoding that its bytes and `language` make likely.
 * @throws {AppError} caption.encoding_unknown, with samples to choose from, if several are as likely
 */
export function decodeText(
  bytes: Uint8Array,
  { language, encoding }: { language?: string | null; encoding?: Encoding } = {},
): DecodedText {
  const known = encoding ?? findMarkedEncoding(bytes)
  if (known) return intact(new TextDecoder(known).decode(bytes))
  const utf8 = decodeStrictly('utf-8', bytes)
  return utf8 === null ? (decodeDamagedUtf8(bytes) ?? intact(decodeLikely(bytes, language))) : intact(utf8)
}

const intact = (text: string): DecodedText => ({ text, damagedLines: [] })

/** Null if there is a byte that the encoding does not have. `isCut` allows part of a character at the end. */
function decodeStrictly(encoding: string, bytes: Uint8Array, { isCut = false } = {}) {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: isCut })
  } catch {
    return null
  }
}

function findMarkedEncoding(bytes: Uint8Array): Encoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const head = bytes.subarray(0, 4096)
  const [even, odd] = [0, 1].map((from) => head.filter((byte, n) => n % 2 === from && byte === 0).length)
  const isUtf16 = even! + odd! > head.length / 20
  if (isUtf16 && odd! > 4 * even!) return 'utf-16le'
  if (isUtf16 && even! > 4 * odd!) return 'utf-16be'
  const text = toLatin1(bytes)
  return JIS_ESCAPES.some((escape) => text.includes(escape)) ? 'iso-2022-jp' : null
}

/** Switches to two bytes per character; all bytes of ISO-2022-JP are ASCII. */
const JIS_ESCAPES = ['\u001B$@', '\u001B$B']

const toLatin1 = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

const NON_ASCII = /[^\0-\u007F]/

/** Null unless the file has a byte order mark, or at least as many lines with letters in UTF-8 as damaged ones. */
function decodeDamagedUtf8(bytes: Uint8Array): DecodedText | null {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const text = new TextDecoder('utf-8').decode(bytes)
  const damagedLines: number[] = []
  let validCount = 0
  for (const [n, line] of text.split('\n').entries())
    if (line.includes('\uFFFD')) damagedLines.push(n + 1)
    else if (NON_ASCII.test(line)) validCount++
  return hasMark || validCount >= damagedLines.length ? { text, damagedLines } : null
}

/** Of the lines with letters beyond ASCII, which show the encoding. */
const MAX_SAMPLE_BYTES = 64 * 1024
const MIN_SCORE = 30
/** By which the best candidate has to exceed the next one that reads differently. */
const MIN_RATIO = 1.2
/** Added for the usual encoding of the language, and for others that it is found in. */
const [USUAL_SCORE, POSSIBLE_SCORE] = [30, 15]
const MAX_CHOICE_CHARACTERS = 80

function decodeLikely(bytes: Uint8Array, language: string | null | undefined) {
  const sample = takeSample(bytes)
  const scores = scoreEncodings(sample, language)
  const candidates = [...scores]
    .flatMap(([encoding, score]) => {
      const text = decodeStrictly(encoding, sample, { isCut: true })
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
    message: messages.encodingUnknown(),
    status: 422,
    details: {
      encodings: distinct.map(({ encoding, text }) => ({
        encoding,
        sample: text.trim().slice(0, MAX_CHOICE_CHARACTERS),
      })),
    },
  })
}

/** The first lines with bytes beyond ASCII. */
function takeSample(bytes: Uint8Array) {
  const lines = toLatin1(bytes).split('\n')
  return Buffer.from(lines.filter((line) => NON_ASCII.test(line)).join('\n'), 'latin1').subarray(
    0,
    MAX_SAMPLE_BYTES,
  )
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

/** Whether most letters have accents, as those of other scripts do when they are read as Latin ones. */
function isMostlyAccented(text: string) {
  const count = (pattern: RegExp) => [...text.matchAll(pattern)].length
  return 2 * count(/(?![A-Za-z])\p{Script=Latin}/gu) > count(/\p{L}/gu)
}
