import { z } from 'zod'
import { answers, done, json, rawFile, withId, wrong } from '../openapi-parts'
import { taskSchema } from '../tasks/contract'
import {
  captionChangeSchema,
  captionFileAnswerSchema,
  captionFileSchema,
  captionFormatSchema,
  captionHitSchema,
  captionOrderSchema,
  captionSchema,
  captionSearchSchema,
  cueChangeSchema,
  cueListSchema,
  cuesSchema,
  revertSchema,
  revisionSchema,
} from './contract'

const changed = z.object({ revision: z.number().int(), caption: captionSchema })

export const captionPaths = {
  '/api/v1/videos/{id}/captions': {
    get: {
      summary: 'Tracks of captions of a video',
      requestParams: withId,
      responses: answers(z.object({ captions: z.array(captionSchema) }), 'The tracks'),
    },
    post: {
      summary: 'Listen to a video, or do it again',
      requestParams: withId,
      requestBody: { content: json(captionOrderSchema) },
      responses: answers(
        z.object({ caption: captionSchema, task: taskSchema }),
        'Accepted; cues come while it is done',
        '202',
      ),
    },
  },
  '/api/v1/videos/{id}/captions/files': {
    post: {
      summary: 'Add a .srt or .vtt file: it is the body',
      requestParams: { ...withId, query: captionFileSchema },
      requestBody: rawFile,
      responses: answers(captionFileAnswerSchema, 'The track, and what could not be taken', '201'),
    },
  },
  '/api/v1/captions/search': {
    get: {
      summary: 'Find what is said',
      requestParams: { query: captionSearchSchema },
      responses: answers(z.object({ hits: z.array(captionHitSchema) }), 'Where it is said'),
    },
  },
  '/api/v1/captions/{id}': {
    get: { summary: 'One track', requestParams: withId, responses: answers(captionSchema, 'The track') },
    patch: {
      summary: 'Change language or name of a track',
      requestParams: withId,
      requestBody: { content: json(captionChangeSchema) },
      responses: answers(captionSchema, 'The track'),
    },
    delete: {
      summary: 'Delete a track',
      requestParams: withId,
      responses: done('It is gone'),
    },
  },
  '/api/v1/captions/{id}/cues': {
    get: {
      summary: 'Cues of a track, or those that are not known yet',
      requestParams: { ...withId, query: cueListSchema },
      responses: answers(cuesSchema, 'The cues'),
    },
    patch: {
      summary: 'Change cues',
      requestParams: withId,
      requestBody: { content: json(cueChangeSchema) },
      responses: answers(changed, 'The revision that it became'),
    },
  },
  '/api/v1/captions/{id}/revisions': {
    get: {
      summary: 'What people changed, newest first',
      requestParams: withId,
      responses: answers(z.object({ revisions: z.array(revisionSchema) }), 'The revisions'),
    },
  },
  '/api/v1/captions/{id}/revert': {
    post: {
      summary: 'Undo a change',
      requestParams: withId,
      requestBody: { content: json(revertSchema) },
      responses: answers(changed, 'The revision that it became'),
    },
  },
  '/api/v1/captions/{id}/restore': {
    post: {
      summary: 'Make captions as they were after a revision; 0 is before all',
      requestParams: withId,
      requestBody: { content: json(revertSchema) },
      responses: answers(changed, 'The revision that it became'),
    },
  },
  '/api/v1/captions/{id}/export': {
    get: {
      summary: 'A track as a file',
      requestParams: { ...withId, query: captionFormatSchema },
      responses: { '200': { description: 'WebVTT, SubRip or plain text' }, default: wrong },
    },
  },
}
