import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSubtitles } from './parse'
import { MAX_CUES } from './parsed-subtitles'
import { toPlainText, toSubRip, toWebVtt } from './serialize'

const texts = (file: string) => parseSubtitles(file).cues.map((cue) => cue.text)

describe('a subtitle file', () => {
  it('in SubRip format is parsed with commas, without hours, and with or without blank lines between cues', () => {
    const file =
      '1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\nthere\r\n\r\n2\r\n00:03.5 --> 00:04.0\r\nyou\n3\n00:05.0 --> 00:06.0\nall'
    expect(parseSubtitles(file)).toEqual({
      problems: [],
      moreProblems: 0,
      cues: [
        { startSeconds: 1, endSeconds: 2.5, text: 'Hello\nthere' },
        { startSeconds: 3.5, endSeconds: 4, text: 'you' },
        { startSeconds: 5, endSeconds: 6, text: 'all' },
      ],
    })
  })

  it('in WebVTT format is parsed with its voices, without its header, notes, styles, names and settings', () => {
    const file =
      '\uFEFFWEBVTT - a title\nKind: captions\n\nNOTE --> is not a cue\n\nSTYLE\n::cue { color: red }\n\nintro\n00:01.000 --> 00:02.000 align:start line:0\n<v Ada>Hi &amp; <i.loud>welcome</i>\n'
    expect(parseSubtitles(file)).toEqual({
      problems: [],
      moreProblems: 0,
      cues: [{ startSeconds: 1, endSeconds: 2, text: 'Hi & welcome', speaker: 'Ada' }],
    })
  })

  it('in WebVTT format keeps cues directly after its header or a note', () => {
    const cue = '00:01.000 --> 00:02.000\nHi'
    expect(texts(`WEBVTT\n${cue}`)).toEqual(['Hi'])
    expect(texts(`WEBVTT\nKind: captions\n${cue}\n\nNOTE of nothing\n${cue}`)).toEqual(['Hi', 'Hi'])
    expect(texts(`${cue}\n\nNOTE to self`)).toEqual(['Hi\nNOTE to self'])
  })

  it('reports problems by line, and keeps all valid cues', () => {
    const file = [
      '1',
      '00:00:01,000 --> 00:00:02,000',
      'good',
      '',
      '2',
      '00:00:05,000 --> 00:00:04,000',
      'backwards',
      '',
      '3',
      'soon --> later',
      'no times',
      '',
      'just words',
      '',
      '4',
      '00:00:06,000 --> 00:00:07,000',
      '',
      '5',
      '00:61:06,000 --> 00:62:07,000',
      'minutes',
      '',
      '6',
      '00:00:08,000 --> 00:00:09,000',
      'good too',
    ].join('\n')
    const { cues, problems } = parseSubtitles(file)
    expect(cues.map((cue) => cue.text)).toEqual(['good', 'good too'])
    expect(problems.map(({ line }) => line)).toEqual([6, 10, 13, 16, 19])
  })

  it.each([
    ['00:00:01 --> 00:00:02', 1, 2],
    ['00: 00: 01,000 --> 00: 00: 02,000', 1, 2],
    ['00:00:01:500 --> 00:00:02:250', 1.5, 2.25],
    ['00:00:01,0000 --> 00:00:02,5000 X1:40 X2:600', 1, 2.5],
    ['0:01.5-->0:02.0 align:start', 1.5, 2],
  ])('takes the times %s', (times, startSeconds, endSeconds) => {
    expect(parseSubtitles(`1\n${times}\nHi\n`)).toMatchObject({
      cues: [{ startSeconds, endSeconds, text: 'Hi' }],
      problems: [],
    })
  })

  it('says that a cue of no length has none', () => {
    expect(parseSubtitles('1\n00:01.000 --> 00:01.000\nHi\n').problems).toEqual([
      { line: 2, message: 'The cue ends when it starts.' },
    ])
  })

  it('in SubRip format keeps text after an empty line', () => {
    const file =
      '1\n00:01.000 --> 00:02.000\nabove\n\nbelow\n\n2\n00:03.000 --> 00:04.000\n\nlate\n\n3\n00:05.000 --> 00:06.000\n3\n'
    expect(parseSubtitles(file)).toMatchObject({
      cues: [{ text: 'above\nbelow' }, { text: 'late' }, { text: '3' }],
      problems: [],
    })
  })

  it('in SubRip format takes a number after an empty line for that of a cue', () => {
    const file = '1\n00:01.000 --> 00:02.000\nHi\n \n2\nno times\nlost\n\n3\n00:03.000 --> 00:04.000\nyou'
    expect(parseSubtitles(file)).toMatchObject({
      cues: [{ text: 'Hi' }, { text: 'you' }],
      problems: [{ line: 5, message: expect.stringContaining('Missing times') }],
    })
  })

  it('decodes character references, and once only', () => {
    const cue = (text: string) => `WEBVTT\n\n00:01.000 --> 00:02.000\n${text}\n`
    expect(texts(cue('&#39; &quot; &eacute; &#x1F3AC; &amp; &amp;lt; AT&T &copy'))).toEqual([
      '\' " é 🎬 & &lt; AT&T &copy',
    ])
    const [parsed] = parseSubtitles(cue('a &lt;b&gt; &amp;amp; c')).cues
    expect(parsed!.text).toBe('a <b> &amp; c')
    expect(texts(toWebVtt([parsed!]))).toEqual([parsed!.text])
  })

  it('reports the first 100 problems and the number of others', () => {
    const { problems, moreProblems } = parseSubtitles('no times\n\n'.repeat(1_000_000))
    expect([problems.length, problems.at(-1)!.line, moreProblems]).toEqual([100, 199, 999_900])
  })

  it('is parsed up to the maximum number of cues', () => {
    const { cues } = parseSubtitles('00:01.000 --> 00:02.000\nla\n\n'.repeat(MAX_CUES + 1_000))
    expect(cues).toHaveLength(MAX_CUES + 1)
  })

  it('keeps text that resembles markup, and drops markup', () => {
    const cue = (text: string) => `00:01.000 --> 00:02.000\n${text}\n`
    expect(texts(cue('1 < 2 and <script>alert(1)</script>'))).toEqual(['1 < 2 and <script>alert(1)</script>'])
    expect(texts(cue('<b>bold</b> <font color="red">red</font> {\\an8}up<00:01.500> &lt;b&gt;'))).toEqual([
      'bold red up <b>',
    ])
    expect(texts(cue('a\u0000b\tc'))).toEqual(['a b c'])
  })
})

const seconds = fc.integer({ min: 0, max: 90_000_000 }).map((ms) => ms / 1000)
const cues = fc.array(
  fc
    .record({
      startSeconds: seconds,
      lasts: fc.integer({ min: 1, max: 10_000 }),
      text: fc.string({ unit: 'grapheme', maxLength: 80 }),
    })
    .map(({ startSeconds, lasts, text }) => ({
      startSeconds,
      endSeconds: startSeconds + lasts / 1000,
      text: `x${text}`,
    })),
  { maxLength: 8 },
)

describe('a serialized track', () => {
  it('round-trips through the parser for any text', () => {
    fc.assert(
      fc.property(cues, (generated) => {
        const sorted = generated.toSorted(
          (a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds,
        )
        const { cues: read, problems } = parseSubtitles(toWebVtt(sorted))
        expect(problems).toEqual([])
        expect(read).toHaveLength(sorted.length)
        read.forEach((cue, n) => {
          expect(cue.startSeconds).toBeCloseTo(sorted[n]!.startSeconds, 3)
          expect(cue.endSeconds).toBeCloseTo(sorted[n]!.endSeconds, 3)
        })
      }),
    )
  })

  it('escapes text, which can neither become markup nor end or start a cue', () => {
    const text = '<script>&amp;\n\n00:00:09.000 --> 00:00:10.000\nNOTE'
    const cue = { startSeconds: 3661.5, endSeconds: 3662, text }
    expect(toWebVtt([cue])).toBe(
      'WEBVTT\n\n01:01:01.500 --> 01:01:02.000\n&lt;script&gt;&amp;amp;\n00:00:09.000 --&gt; 00:00:10.000\nNOTE\n',
    )
    expect(parseSubtitles(toWebVtt([cue])).cues).toMatchObject([{ text: text.replace('\n\n', '\n') }])
    expect(parseSubtitles(toSubRip([cue])).cues).toHaveLength(1)
    expect(toSubRip([{ ...cue, text: 'Hi' }])).toBe('1\r\n01:01:01,500 --> 01:01:02,000\r\nHi\r\n')
    expect(toPlainText([{ ...cue, text: 'Hi\nyou' }])).toBe('[01:01:01] Hi you\n')
  })
})
