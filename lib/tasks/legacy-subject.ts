import { z } from 'zod'
import type { Task } from '../generated/prisma/client'
import type { SubjectRef } from './subject'

// The API named the subject of a task by one field per type before there was a generic subject. These names are
// released and stay; a new type of subject gets none.

export const legacySubjectQuery = { videoId: z.uuid().optional(), machineId: z.uuid().optional() }

export const legacySubjectFields = { videoId: z.uuid().nullable(), machineId: z.uuid().nullable() }

/** Converts the query parameters to the subjects that they name. */
export const toSubjectRefs = (query: { videoId?: string; machineId?: string }): SubjectRef[] => [
  ...(query.videoId ? [{ subjectType: 'video', subjectId: query.videoId }] : []),
  ...(query.machineId ? [{ subjectType: 'machine', subjectId: query.machineId }] : []),
]

export const toLegacySubjectFields = ({
  subjectType,
  subjectId,
}: Pick<Task, 'subjectType' | 'subjectId'>) => ({
  videoId: subjectType === 'video' ? subjectId : null,
  machineId: subjectType === 'machine' ? subjectId : null,
})
