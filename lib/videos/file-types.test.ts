import { expect, it } from 'vitest'
import { runWithLocale } from '../i18n/run-with-locale'
import { findFileType, notMediaError } from './file-types'

const bytes = (text: string) => Buffer.from(text, 'latin1')

it.each<[string, Uint8Array, object | undefined]>([
  ['a PDF file', bytes('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'), { name: 'PDF', mayBeMedia: false }],
  ['an image', bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), { name: 'PNG', mayBeMedia: false }],
  ['moving pictures', bytes('GIF89a\x40\x01\xf0\0'), { name: 'GIF', mayBeMedia: true }],
  [
    'text',
    Buffer.from('1\n00:00:01,000 --> 00:00:02,000\nΚαλημέρα\n'),
    { name: 'plain text', mayBeMedia: false },
  ],
  [
    'text that is cut off in a character',
    Buffer.from('Καλημέρα').subarray(0, 15),
    { name: 'plain text', mayBeMedia: false },
  ],
  ['a transport stream that begins inside a packet', Buffer.alloc(4_000, '\x10\xff\x47\0'), undefined],
  ['zeros', Buffer.alloc(4_000), undefined],
])('recognizes %s', async (_, head, expected) => {
  expect(await findFileType(head)).toEqual(expected)
})

it('refuses text in the language of the user', async () => {
  const type = await findFileType(bytes('#EXTM3U\n#EXT-X-VERSION:7\n'))
  const { message } = runWithLocale('de', () => notMediaError(type?.name))
  expect(message).toBe('Dies ist keine Video- oder Audiodatei, sondern eine reine Textdatei.')
})
