import { expect, it } from 'vitest'
import { describeRefusal } from '@/lib/uploads/refusal-reasons'
import { findRefusal } from './validate-file'

const validateFile = (file: File, maxBytes: number) => {
  const refusal = findRefusal(file, maxBytes)
  return refusal && describeRefusal(refusal, maxBytes)
}

const validate = (name: string, type: string) => validateFile(new File(['x'], name, { type }), 1_000)

it.each([
  // What a desktop with Qt's types says of a transport stream.
  ['storm.ts', 'text/vnd.trolltech.linguist'],
  ['tape.mod', 'audio/x-mod'],
  ['camera.mts', 'model/vnd.mts'],
  ['moving.png', 'image/png'],
  ['film.mkv', ''],
  ['raw.bin', 'application/octet-stream'],
])('sends %s of type "%s", which only the server can judge', (name, type) => {
  expect(validate(name, type)).toBeNull()
})

it('refuses documents, empty and too large files before they are sent', () => {
  expect(validate('notes.txt', 'text/plain')).toBe(
    'This is not a video or audio file. Its type is text/plain.',
  )
  expect(validate('letter.pdf', 'application/pdf')).toContain('application/pdf')
  expect(validateFile(new File([], 'empty.mp4'), 1_000)).toBe('The file is empty.')
  expect(validateFile(new File(['x'.repeat(2_000)], 'large.mp4'), 1_000)).toBe(
    'The file is 2 kB. The maximum is 1 kB.',
  )
})
