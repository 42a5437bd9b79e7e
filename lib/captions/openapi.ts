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
  renameSpeakerSchema,
  cueChangeSchema,
  cueListSchema,
  cuesSchema,
  revertSchema,
  revisionSchema,
  translationRequestSchema,
} from './schema'

const revisedCaptionSchema = z.object({ revision: z.number().int(), caption: captionSchema })

export const captionPaths = {
  '/api/v1/videos/{id}/captions': {
    get: {
      summary: 'List the caption tracks of a video',
      requestParams: idParams,
      responses: jsonResponses(z.object({ captions: z.array(captionSchema) }), 'The tracks'),
    },
    post: {
      summary: 'Request captions for a video',
      'x-scope': 'upload',
      requestParams: idParams,
      requestBody: { content: jsonContent(captionRequestSchema) },
      responses: jsonResponses(
        z.object({ caption: captionSchema, task: taskSchema }),
        'Accepted; cues are added during the transcription',
        '202',
      ),
    },
  },
  '/api/v1/videos/{id}/captions/files': {
    post: {
      summary: 'Import captions from a .srt, .vtt or .ass file in the body',
      'x-scope': 'upload',
      requestParams: { ...idParams, query: importCaptionSchema },
      requestBody: binaryBody,
      responses: jsonResponses(importCaptionResponseSchema, 'The track and the skipped cues', '201'),
    },
  },
  '/api/v1/captions/search': {
    get: {
      summary: 'Search captions',
      requestParams: { query: captionSearchSchema },
      responses: jsonResponses(z.object({ hits: z.array(captionHitSchema) }), 'The hits'),
    },
  },
  '/api/v1/captions/{id}': {
    get: {
      summary: 'Get a track',
      requestParams: idParams,
      responses: jsonResponses(captionSchema, 'The track'),
    },
    patch: {
      summary: 'Update the language or label of a track',
      requestParams: idParams,
      requestBody: { content: jsonContent(updateCaptionSchema) },
      responses: jsonResponses(captionSchema, 'The track'),
    },
    delete: {
      summary: 'Delete a track',
      requestParams: idParams,
      responses: noContentResponse('Deleted'),
    },
  },
  '/api/v1/captions/{id}/cues': {
    get: {
      summary: 'List the cues of a track, or only new ones',
      requestParams: { ...idParams, query: cueListSchema },
      responses: jsonResponses(cuesSchema, 'The cues'),
    },
    patch: {
      summary: 'Edit cues',
      requestParams: idParams,
      requestBody: { content: jsonContent(cueChangeSchema) },
      responses: jsonResponses(revisedCaptionSchema, 'The new revision'),
    },
  },
  '/api/v1/captions/{id}/speakers': {
    patch: {
      summary: 'Rename a speaker in all cues',
      requestParams: idParams,
      requestBody: { content: jsonContent(renameSpeakerSchema) },
      responses: jsonResponses(revisedCaptionSchema, 'The new revision'),
    },
  },
  '/api/v1/captions/{id}/translations': {
    post: {
      summary: 'Translate a track into another language',
      'x-scope': 'upload',
      requestParams: idParams,
      requestBody: { content: jsonContent(translationRequestSchema) },
      responses: jsonResponses(
        z.object({ caption: captionSchema, task: taskSchema }),
        'Accepted; cues are added during the translation',
        '202',
      ),
    },
  },
  '/api/v1/captions/{id}/revisions': {
    get: {
      summary: 'List revisions, newest first',
      requestParams: idParams,
      responses: jsonResponses(z.object({ revisions: z.array(revisionSchema) }), 'The revisions'),
    },
  },
  '/api/v1/captions/{id}/revert': {
    post: {
      summary: 'Revert a revision',
      requestParams: idParams,
      requestBody: { content: jsonContent(revertSchema) },
      responses: jsonResponses(revisedCaptionSchema, 'The new revision'),
    },
  },
  '/api/v1/captions/{id}/restore': {
    post: {
      summary: 'Restore the captions to the state after a revision; 0 is before all edits',
      requestParams: idParams,
      requestBody: { content: jsonContent(revertSchema) },
      responses: jsonResponses(revisedCaptionSchema, 'The new revision'),
    },
  },
  '/api/v1/captions/{id}/export': {
    get: {
      summary: 'Export a track',
      requestParams: { ...idParams, query: exportCaptionSchema },
      responses: { '200': { description: 'WebVTT, SubRip or plain text' }, default: problemDetailsResponse },
    },
  },
}
