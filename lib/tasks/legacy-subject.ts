import { z } from 'zod'
import type { Task } from '../generated/prisma/client'
import type { SubjectRef } from './subject'

// The released API refers to the subject of a task by one field per type. Types of subject added later have no such
// field.

export const legacySubjectQuery = { videoId: z.uuid().optional(), machineId: z.uuid().optional() }

export const legacySubjectFields = { videoId: z.uuid().nullable(), machineId: z.uuid().nullable() }

/** Converts the query parameters to subjects. */
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
