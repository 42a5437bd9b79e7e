import { z } from 'zod'
import {
  jsonResponses,
  noContentResponse,
  jsonContent,
  binaryBody,
  idParams,
  problemDetailsResponse,
} from '../http/openapi-responses'
import { taskSchema } from '../tasks/schema'
import {
  updateCaptionSchema,
  importCaptionResponseSchema,
  importCaptionSchema,
  exportCaptionSchema,
  captionHitSchema,
  captionRequestSchema,
  captionSchema,
  captionSearchSchema,
  cueChangeSchema,
  cueListSchema,
  cuesSchema,
  revertSchema,
  revisionSchema,
} from './schema'

const revisedCaptionSchema = z.object({ revision: z.number().int(), caption: captionSchema })

export const captionPaths = {
  '/api/v1/videos/{id}/captions': {
    get: {
      summary: 'Tracks of captions of a video',
      requestParams: idParams,
      responses: jsonResponses(z.object({ captions: z.array(captionSchema) }), 'The tracks'),
    },
    post: {
      summary: 'Listen to a video, or do it again',
      requestParams: idParams,
      requestBody: { content: jsonContent(captionRequestSchema) },
      responses: jsonResponses(
        z.object({ caption: captionSchema, task: taskSchema }),
        'Accepted; cues come while it is done',
        '202',
      ),
    },
  },
  '/api/v1/videos/{id}/captions/files': {
    post: {
      summary: 'Add a .srt or .vtt file: it is the body',
      requestParams: { ...idParams, query: importCaptionSchema },
      requestBody: binaryBody,
      responses: jsonResponses(importCaptionResponseSchema, 'The track, and what could not be taken', '201'),
    },
  },
  '/api/v1/captions/search': {
    get: {
      summary: 'Find what is said',
      requestParams: { query: captionSearchSchema },
      responses: jsonResponses(z.object({ hits: z.array(captionHitSchema) }), 'Where it is said'),
    },
  },
  '/api/v1/captions/{id}': {
    get: {
      summary: 'One track',
      requestParams: idParams,
      responses: jsonResponses(captionSchema, 'The track'),
    },
    patch: {
      summary: 'Change language or name of a track',
      requestParams: idParams,
      requestBody: { content: jsonContent(updateCaptionSchema) },
      responses: jsonResponses(captionSchema, 'The track'),
    },
    delete: {
      summary: 'Delete a track',
      requestParams: idParams,
      responses: noContentResponse('It is gone'),
    },
  },
  '/api/v1/captions/{id}/cues': {
    get: {
      summary: 'Cues of a track, or those that are not known yet',
      requestParams: { ...idParams, query: cueListSchema },
      responses: jsonResponses(cuesSchema, 'The cues'),
    },
    patch: {
      summary: 'Change cues',
      requestParams: idParams,
      requestBody: { content: jsonContent(cueChangeSchema) },
      responses: jsonResponses(revisedCaptionSchema, 'The revision that it became'),
    },
  },
  '/api/v1/captions/{id}/revisions': {
    get: {
      summary: 'What people changed, newest first',
      requestParams: idParams,
      responses: jsonResponses(z.object({ revisions: z.array(revisionSchema) }), 'The revisions'),
    },
  },
  '/api/v1/captions/{id}/revert': {
    post: {
      summary: 'Undo a change',
      requestParams: idParams,
      requestBody: { content: jsonContent(revertSchema) },
      responses: jsonResponses(revisedCaptionSchema, 'The revision that it became'),
    },
  },
  '/api/v1/captions/{id}/restore': {
    post: {
      summary: 'Make captions as they were after a revision; 0 is before all',
      requestParams: idParams,
      requestBody: { content: jsonContent(revertSchema) },
      responses: jsonResponses(revisedCaptionSchema, 'The revision that it became'),
    },
  },
  '/api/v1/captions/{id}/export': {
    get: {
      summary: 'A track as a file',
      requestParams: { ...idParams, query: exportCaptionSchema },
      responses: { '200': { description: 'WebVTT, SubRip or plain text' }, default: problemDetailsResponse },
    },
  },
}
