import { expect, it } from 'vitest'
import { updateCue, createCue } from './cue-edits'
import { documentReducer, type EditorDocument, createDocument } from './editor-document'
import { buildCueChange } from './rebase'

const cue = (id: string, at: number, text: string) => ({ ...createCue(id, at), text })
const first = [cue('a', 0, 'one'), cue('b', 5, 'two'), cue('c', 10, 'three')]
const texts = ({ cues }: Pick<EditorDocument, 'cues'>) => cues.map(({ text }) => text)
const setCueText = (document: EditorDocument, id: string, text: string, burst?: string) =>
  documentReducer(document, {
    type: 'edit',
    burst,
    change: (cues) => cues.map((one) => (one.id === id ? updateCue(one, { text }) : one)),
  })
const open = () => createDocument({ cues: first, revision: 3 })

it('undoes and redoes edits, with a burst of typing as one step', () => {
  let document = setCueText(setCueText(open(), 'a', 'o', 'a'), 'a', 'on', 'a')
  document = setCueText(document, 'b', 'TWO', 'b')
  document = documentReducer(document, { type: 'undo' })
  expect(texts(document)).toEqual(['on', 'two', 'three'])
  document = documentReducer(document, { type: 'undo' })
  expect(texts(document)).toEqual(['one', 'two', 'three'])
  expect(documentReducer(document, { type: 'undo' })).toBe(document)
  document = documentReducer(documentReducer(document, { type: 'redo' }), { type: 'redo' })
  expect(texts(document)).toEqual(['on', 'TWO', 'three'])
  expect(setCueText(document, 'c', '3').future).toEqual([])
})

it('starts a new undo step after the burst ends', () => {
  let document = documentReducer(setCueText(open(), 'a', 'o', 'a'), { type: 'endBurst' })
  document = documentReducer(setCueText(document, 'a', 'on', 'a'), { type: 'undo' })
  expect(texts(document)).toEqual(['o', 'two', 'three'])
})

it('sends only added, changed and removed cues', () => {
  const local = [updateCue(first[0]!, { text: 'ONE' }), first[1]!, cue('d', 20, 'four')]
  const { put, remove } = buildCueChange(first, local)
  expect(put.map(({ id, text }) => [id, text])).toEqual([
    ['a', 'ONE'],
    ['d', 'four'],
  ])
  expect(remove).toEqual(['c'])
})

it('merges remote changes of other cues', () => {
  const document = documentReducer(setCueText(open(), 'a', 'ONE'), {
    type: 'remote',
    revision: 4,
    cues: [first[0]!, updateCue(first[1]!, { text: 'TWO' }), cue('d', 20, 'four')],
  })
  expect(texts(document)).toEqual(['ONE', 'TWO', 'four'])
  expect(document).toMatchObject({ revision: 4, conflicts: [] })
  expect(buildCueChange(document.stored, document.cues)).toMatchObject({ put: [{ id: 'a' }], remove: [] })
  expect(texts(documentReducer(document, { type: 'undo' }))).toEqual(['one', 'TWO', 'four'])
})

it('reports a cue that was changed on both sides and applies the chosen side', () => {
  const theirs = [updateCue(first[0]!, { text: 'uno' }), first[1]!, first[2]!]
  const document = documentReducer(setCueText(open(), 'a', 'ONE'), {
    type: 'remote',
    revision: 4,
    cues: theirs,
  })
  expect(document.conflicts).toMatchObject([{ id: 'a', mine: { text: 'ONE' }, theirs: { text: 'uno' } }])
  const mine = documentReducer(document, { type: 'resolve', keep: 'mine' })
  expect(texts(mine)[0]).toBe('ONE')
  expect(buildCueChange(mine.stored, mine.cues).put).toHaveLength(1)
  const other = documentReducer(document, { type: 'resolve', keep: 'theirs' })
  expect(texts(other)[0]).toBe('uno')
  expect(buildCueChange(other.stored, other.cues)).toEqual({ put: [], remove: [] })
  expect(texts(documentReducer(other, { type: 'undo' }))[0]).toBe('ONE')
})

it('merges a new transcription as an alternative of an edited cue', () => {
  const theirs = [{ ...first[0]!, alternative: 'won' }, first[1]!, first[2]!]
  const document = documentReducer(setCueText(open(), 'a', 'ONE'), {
    type: 'remote',
    revision: 4,
    cues: theirs,
  })
  expect(document).toMatchObject({ conflicts: [], cues: [{ text: 'ONE', alternative: 'won' }, {}, {}] })
})

it('keeps a conflict open while more remote changes arrive', () => {
  const theirs = [updateCue(first[0]!, { text: 'uno' }), first[1]!, first[2]!]
  let document = documentReducer(setCueText(open(), 'a', 'ONE'), {
    type: 'remote',
    revision: 4,
    cues: theirs,
  })
  document = documentReducer(document, {
    type: 'remote',
    revision: 4,
    cues: [...theirs, cue('d', 20, 'four')],
  })
  expect(document.conflicts).toMatchObject([{ id: 'a', theirs: { text: 'uno' } }])
  expect(texts(document)).toEqual(['ONE', 'two', 'three', 'four'])
})

it('reports a cue that was deleted here and changed elsewhere', () => {
  const local = documentReducer(open(), { type: 'edit', change: (cues) => cues.slice(1) })
  const theirs = [updateCue(first[0]!, { text: 'uno' }), first[1]!, first[2]!]
  const document = documentReducer(local, { type: 'remote', revision: 4, cues: theirs })
  expect(document.conflicts).toMatchObject([{ id: 'a', mine: null, theirs: { text: 'uno' } }])
  expect(texts(documentReducer(document, { type: 'resolve', keep: 'theirs' }))).toEqual([
    'uno',
    'two',
    'three',
  ])
})
