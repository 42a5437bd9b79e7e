import { expect, it } from 'vitest'
import { Prisma, type Video } from '../generated/prisma/client'
import { describeFile, FILE_COLUMNS } from './describe-file'

/** What a video keeps when its file is replaced, or what the replacement sets by itself. */
const OWN_COLUMNS = [
  'id',
  'ownerId',
  'title',
  'description',
  'folderId',
  'tags',
  'duplicateOfId',
  'filesId',
  'replacesId',
  'wholeOfId',
  'trimStartSeconds',
  'trimEndSeconds',
  'earlyInfo',
  'posterSource',
  'posterTaskId',
  'chaptersEditedAt',
  'deletedAt',
  'purgeAt',
  'version',
  'createdAt',
]

it('exchanges or keeps every column of a video', () => {
  expect([...OWN_COLUMNS, ...FILE_COLUMNS].toSorted()).toEqual(
    Object.keys(Prisma.VideoScalarFieldEnum).toSorted(),
  )
})

it('describes a file by its columns', () => {
  const video = { id: 'a', title: 'b', filename: 'c.mp4', sizeBytes: 1n, mediaInfo: null } as Video
  const described = describeFile(video)
  expect(Object.keys(described).toSorted()).toEqual(FILE_COLUMNS.toSorted())
  expect(described).toMatchObject({ filename: 'c.mp4', sizeBytes: 1n })
})
