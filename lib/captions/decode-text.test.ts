import { describe, expect, it } from 'vitest'
import type { AppError } from '../errors'
import { decodeText } from './decode-text'
import type { Encoding } from './encodings'
import { parseSubtitles } from './parse'

/** Encodes by searching for the one or two bytes that decode to each character, which Node.js has no encoder for. */
function encode(text: string, encoding: Encoding) {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const bytesOf = new Map<string, number[]>()
  const add = (...bytes: number[]) => {
    try {
      const char = decoder.decode(new Uint8Array(bytes))
      if (Array.from(char).length === 1 && !bytesOf.has(char)) bytesOf.set(char, bytes)
    } catch {
      // No character.
    }
  }
  for (let one = 0; one < 256; one++) add(one)
  for (let one = 0x81; one < 0xff; one++) for (let two = 0x40; two < 0xff; two++) add(one, two)
  return new Uint8Array(Array.from(text).flatMap((char) => bytesOf.get(char)!))
}

/** A SubRip file with a cue per sentence. */
const toSubRip = (sentences: string[]) =>
  sentences.map((text, n) => `${n + 1}\n00:00:0${n},000 --> 00:00:0${n},900\n${text}\n`).join('\n')

const SENTENCES: [language: string, encodings: Encoding[], sentences: string[]][] = [
  ['el', ['windows-1253'], ['Καλημέρα σε όλους.', 'Πού είναι το βιβλίο μου;', 'Δεν ξέρω, ίσως στο σπίτι.']],
  ['ru', ['windows-1251'], ['Доброе утро всем.', 'Где моя книга?', 'Не знаю, может быть, дома.']],
  [
    'pl',
    ['windows-1250', 'iso-8859-2'],
    ['Dzień dobry wszystkim.', 'Gdzie są książki?', 'Żółta łódź płynie.'],
  ],
  ['cs', ['windows-1250'], ['Dobré ráno všem.', 'Kde je moje kniha?', 'Příliš žluťoučký kůň.']],
  ['hu', ['windows-1250'], ['Jó reggelt mindenkinek.', 'Hol van a könyvem?', 'Őrült űrhajós.']],
  ['tr', ['windows-1254'], ['Herkese günaydın.', 'Kitabım nerede?', 'Şöyle bir şey değil, ağaç.']],
  ['he', ['windows-1255'], ['בוקר טוב לכולם.', 'איפה הספר שלי?', 'אני לא יודע, אולי בבית.']],
  ['ar', ['windows-1256'], ['صباح الخير للجميع.', 'أين كتابي؟', 'لا أعرف، ربما في البيت.']],
  [
    'de',
    ['windows-1252'],
    ['Guten Morgen, Jürgen.', 'Wo ist mein Buch?', 'Ich weiß nicht, vielleicht “zu Hause”.'],
  ],
  ['fr', ['windows-1252'], ['Bonjour à tous.', 'Où est mon livre ?', 'Peut-être à la maison. Voilà l’été.']],
  ['zh-CN', ['gb18030'], ['大家早上好。', '我的书在哪里？', '我不知道，也许在家里。']],
  ['zh-TW', ['big5'], ['大家早上好。', '我的書在哪裡？', '我不知道，也許在家裡。']],
  [
    'ja',
    ['shift_jis', 'euc-jp'],
    ['みなさん、おはようございます。', '私の本はどこですか？', '多分家にあります。'],
  ],
  ['ko', ['euc-kr'], ['여러분 좋은 아침입니다.', '제 책은 어디에 있나요?', '모르겠어요, 아마 집에.']],
]
const CASES = SENTENCES.flatMap(([language, encodings, sentences]) =>
  encodings.map((encoding) => ({ language, encoding, sentences })),
)

describe('a subtitle file', () => {
  it.each(CASES)('in $encoding is read, of the language $language or an unknown one', (file) => {
    const { language, encoding, sentences } = file
    const text = toSubRip(sentences)
    const bytes = encode(text, encoding)
    expect(decodeText(bytes)).toEqual({ text, damagedLines: [] })
    expect(decodeText(bytes, { language })).toEqual({ text, damagedLines: [] })
  })

  it.each(CASES)('of one sentence in $encoding is read if its language is known ($language)', (file) => {
    const text = toSubRip(file.sentences.slice(0, 1))
    expect(decodeText(encode(text, file.encoding), file).text).toBe(text)
  })

  it.each([
    ['UTF-8', Buffer.from('Grüße €')],
    ['UTF-8 with a byte order mark', Buffer.from('\uFEFFGrüße €')],
    ['UTF-16 LE', Buffer.from('\uFEFFGrüße €', 'utf16le')],
    ['UTF-16 BE', Buffer.from('\uFEFFGrüße €', 'utf16le').swap16()],
    ['UTF-16 LE without a byte order mark', Buffer.from('Grüße from Ada €', 'utf16le')],
    ['Windows-1252', Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65, 0x20, 0x80])],
  ])('in %s is decoded', (_, bytes) => {
    expect(decodeText(bytes, { language: 'de' }).text).toMatch(/^Grüße( from Ada)? €$/)
  })

  it.each(['', '\uFEFF'])(
    'in UTF-8 with a byte of another encoding keeps all other lines (mark: %j)',
    (mark) => {
      const [before, after] = [`${mark}${toSubRip(['Où est-il ?'])}\n`, toSubRip(['Voilà.'])]
      const damaged = Buffer.from('2\n00:00:01,000 --> 00:00:01,900\nL\u0001été\n\n')
      damaged[damaged.indexOf(1)] = 0x92
      const decoded = decodeText(Buffer.concat([Buffer.from(before), damaged, Buffer.from(after)]))
      expect(decoded.damagedLines).toEqual([7])
      expect(parseSubtitles(decoded.text).cues.map(({ text }) => text)).toContain('Où est-il ?')
      expect(parseSubtitles(decoded.text).cues.map(({ text }) => text)).toContain('Voilà.')
    },
  )

  it('whose encoding is not certain is refused with samples, one of which is right', () => {
    const bytes = encode(toSubRip(['Да.']), 'windows-1251')
    let error: AppError | undefined
    try {
      decodeText(bytes)
    } catch (thrown) {
      error = thrown as AppError
    }
    expect(error).toMatchObject({ code: 'caption.encoding_unknown', status: 422 })
    expect(error!.details!.encodings).toContainEqual({ encoding: 'windows-1251', sample: 'Да.' })
    expect(decodeText(bytes, { encoding: 'windows-1251' }).text).toContain('Да.')
  })

  it('in ISO-2022-JP is read by its escape sequences', () => {
    // みな
    const text = toSubRip(['\u001B$B$_$J\u001B(B'])
    expect(decodeText(Buffer.from(text, 'latin1')).text).toContain('みな')
  })

  it('in UTF-16 without a byte order mark is read if its lines are long', () => {
    const text = toSubRip(['我不知道，也许在家里。'.repeat(12)])
    expect(decodeText(Buffer.from(text, 'utf16le')).text).toBe(text)
  })

  it('whose only line is as long as a file may be is read', () => {
    const text = 'Où est mon livre ? Peut-être à la maison. '.repeat(240_000)
    expect(decodeText(Buffer.from(text, 'latin1'), { language: 'fr' }).text).toBe(text)
  })

  it('named after the wrong language is not misread', () => {
    const [, [encoding], sentences] = SENTENCES.find(([language]) => language === 'ru')!
    const text = toSubRip(sentences)
    expect(decodeText(encode(text, encoding!), { language: 'en' }).text).toBe(text)
  })
})
