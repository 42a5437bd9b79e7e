import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { languageSchema } from '../captions/schema'
import {
  binaryBody,
  idParams,
  jsonContent,
  jsonResponses,
  noContentResponse,
  problemDetailsResponse,
} from '../http/openapi-responses'
import { taskSchema } from '../tasks/schema'
import { bulkChangeSchema, bulkResultSchema, sourcesQuerySchema } from './bulk-schema'
import { chapterEditSchema } from './chapters'
import { posterRequestSchema } from './poster-schema'
import { proofSheetSchema } from './proof/schema'
import { trimRequestSchema } from './trim/schema'
import { tagCountSchema } from './tag-schema'
import { updateVideoSchema, videoDetailsSchema, videoListSchema, videoSchema } from './schema'

const ACCEPTED_POSTER = 'Accepted. The earlier poster stays until the task is done'

/** OpenAPI paths of videos. */
export const videoPaths: ZodOpenApiPathsObject = {
  '/api/v1/videos': {
    get: {
      summary: 'List videos',
      requestParams: { query: videoListSchema },
      responses: jsonResponses(
        z.object({ videos: z.array(videoSchema), nextCursor: z.uuid().nullable() }),
        'A page of videos',
      ),
    },
    post: {
      summary: 'Upload a video with the raw file as the body',
      'x-scope': 'upload',
      requestParams: {
        query: z.object({
          filename: z.string(),
          language: languageSchema.optional(),
          replaces: z
            .uuid()
            .optional()
            .describe(
              'The video whose file it replaces once it is transcoded; the key then needs the scope all. Uploads by tus name it in their metadata',
            ),
        }),
      },
      requestBody: binaryBody,
      responses: jsonResponses(
        z.object({ video: videoDetailsSchema, task: taskSchema }),
        'Accepted. The task reports progress and completion',
        '202',
      ),
    },
  },
  '/api/v1/tags': {
    get: {
      summary: 'List the tags of your videos',
      responses: jsonResponses(z.object({ tags: z.array(tagCountSchema) }), 'The most frequent ones first'),
    },
  },
  '/api/v1/videos/bulk': {
    post: {
      summary: 'Change many videos: move them to the trash and back, move, tag, share, retry',
      requestBody: { content: jsonContent(bulkChangeSchema) },
      responses: jsonResponses(bulkResultSchema, 'What became of each video'),
    },
  },
  '/api/v1/sources': {
    get: {
      summary: 'Download the uploaded files of many videos as one ZIP archive',
      requestParams: { query: sourcesQuerySchema },
      responses: {
        '200': {
          description: 'The archive, of which each file is as it was uploaded',
          content: { 'application/zip': { schema: z.string().meta({ format: 'binary' }) } },
        },
        default: problemDetailsResponse,
      },
    },
  },
  '/api/v1/videos/{id}': {
    get: {
      summary: 'Get a video',
      requestParams: idParams,
      responses: jsonResponses(videoDetailsSchema, 'The video'),
    },
    patch: {
      summary: 'Change title, description, folder or tags of a video',
      requestParams: idParams,
      requestBody: { content: jsonContent(updateVideoSchema) },
      responses: jsonResponses(videoDetailsSchema, 'The updated video'),
    },
    delete: {
      summary: 'Delete a video and its files at once, without the trash',
      requestParams: idParams,
      responses: noContentResponse('Deleted'),
    },
  },
  '/api/v1/videos/{id}/chapters': {
    put: {
      summary: 'Replace the chapters of a video',
      requestParams: idParams,
      requestBody: { content: jsonContent(chapterEditSchema) },
      responses: jsonResponses(videoDetailsSchema, 'The updated video'),
    },
  },
  '/api/v1/videos/{id}/trim': {
    put: {
      summary: 'Trim start and end of a video, or change its trim. Nothing else is encoded',
      requestParams: idParams,
      requestBody: { content: jsonContent(trimRequestSchema) },
      responses: jsonResponses(
        z.object({ task: taskSchema }),
        'Accepted. The video stays as it is until the task is done; its whole file is kept then',
        '202',
      ),
    },
    delete: {
      summary: 'Restore the whole of a trimmed video',
      requestParams: idParams,
      responses: jsonResponses(videoDetailsSchema, 'The whole video'),
    },
  },
  '/api/v1/videos/{id}/whole-file': {
    delete: {
      summary: 'Discard the whole file of a trimmed video, which cannot be restored afterwards',
      requestParams: idParams,
      responses: noContentResponse('Discarded'),
    },
  },
  '/api/v1/videos/{id}/poster': {
    put: {
      summary: 'Choose a frame of a video as its poster, or have it selected automatically again',
      requestParams: idParams,
      requestBody: { content: jsonContent(posterRequestSchema) },
      responses: jsonResponses(z.object({ task: taskSchema }), ACCEPTED_POSTER, '202'),
    },
  },
  '/api/v1/videos/{id}/poster/picture': {
    put: {
      summary: 'Upload a JPEG, PNG or WebP file of at most 10 MB as the poster of a video',
      requestParams: idParams,
      requestBody: binaryBody,
      responses: jsonResponses(z.object({ task: taskSchema }), ACCEPTED_POSTER, '202'),
    },
  },
  '/api/v1/videos/{id}/proof-sheet': {
    get: {
      summary:
        'Get the proof sheet of a video: what its file contained, what was changed, and how renditions compare',
      requestParams: idParams,
      responses: jsonResponses(proofSheetSchema, 'The proof sheet'),
    },
  },
}
