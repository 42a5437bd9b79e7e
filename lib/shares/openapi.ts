import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { idParams, jsonContent, jsonResponses, noContentResponse } from '../http/openapi-responses'
import {
  grantSchema,
  machineShareSchema,
  machineShareSettingsSchema,
  oEmbedQuerySchema,
  oEmbedSchema,
  openShareSchema,
  sharedMachineSchema,
  sharedPlaylistSchema,
  sharedVideoSchema,
  shareSchema,
  shareSettingsSchema,
} from './schema'

const tokenParams = { path: z.object({ token: z.string().describe('The last part of the link') }) }

/** OpenAPI paths of links to videos, playlists and consoles. */
export const sharePaths: ZodOpenApiPathsObject = {
  '/api/oembed': {
    get: {
      summary: 'Describe a link to a video or a playlist (oEmbed)',
      security: [],
      requestParams: { query: oEmbedQuerySchema },
      responses: jsonResponses(oEmbedSchema, 'The video or playlist, unless the link has a password'),
    },
  },
  '/api/v1/videos/{id}/shares': {
    get: {
      summary: 'List the links to a video',
      requestParams: idParams,
      responses: jsonResponses(z.object({ shares: z.array(shareSchema) }), 'The links, newest first'),
    },
    post: {
      summary: 'Share a video by a link',
      requestParams: idParams,
      requestBody: { content: jsonContent(shareSettingsSchema) },
      responses: jsonResponses(shareSchema, 'The link', '201'),
    },
  },
  '/api/v1/playlists/{id}/shares': {
    get: {
      summary: 'List the links to a playlist',
      requestParams: idParams,
      responses: jsonResponses(z.object({ shares: z.array(shareSchema) }), 'The links, newest first'),
    },
    post: {
      summary: 'Share a playlist by a link',
      requestParams: idParams,
      requestBody: { content: jsonContent(shareSettingsSchema) },
      responses: jsonResponses(shareSchema, 'The link', '201'),
    },
  },
  '/api/v1/machines/{id}/shares': {
    get: {
      summary: 'List the links to a console',
      'x-scope': 'machines',
      requestParams: idParams,
      responses: jsonResponses(z.object({ shares: z.array(machineShareSchema) }), 'The links, newest first'),
    },
    post: {
      summary: 'Share the console of a machine by a link',
      'x-scope': 'machines',
      requestParams: idParams,
      requestBody: { content: jsonContent(machineShareSettingsSchema) },
      responses: jsonResponses(machineShareSchema, 'The link', '201'),
    },
  },
  '/api/v1/machines/{id}/shares/{shareId}': {
    delete: {
      summary: 'Revoke a link to a console',
      'x-scope': 'machines',
      requestParams: { path: idParams.path.extend({ shareId: z.uuid() }) },
      responses: noContentResponse('Revoked'),
    },
  },
  '/api/v1/shares/{id}': {
    patch: {
      summary: 'Change the settings of a link to a video or a playlist',
      requestParams: idParams,
      requestBody: { content: jsonContent(shareSettingsSchema) },
      responses: jsonResponses(shareSchema, 'The link'),
    },
    delete: {
      summary: 'Revoke a link to a video or a playlist',
      requestParams: idParams,
      responses: noContentResponse('Revoked'),
    },
  },
  '/api/v1/shared/{token}': {
    post: {
      summary: 'Open a link: what a viewer without an account sees',
      security: [],
      requestParams: tokenParams,
      requestBody: { content: jsonContent(openShareSchema) },
      responses: jsonResponses(
        z.union([sharedVideoSchema, sharedPlaylistSchema, sharedMachineSchema]),
        'The video with URLs that need no account, the list of the playlist, or what opens the console',
      ),
    },
  },
  '/api/v1/shared/{token}/videos/{videoId}': {
    post: {
      summary: 'Open a video of a shared playlist',
      security: [],
      requestParams: { path: tokenParams.path.extend({ videoId: z.uuid() }) },
      requestBody: { content: jsonContent(grantSchema) },
      responses: jsonResponses(sharedVideoSchema, 'The video, with URLs that need no account'),
    },
  },
  '/api/v1/shared/{token}/views': {
    post: {
      summary: 'Count a view of a link, once per grant',
      security: [],
      requestParams: tokenParams,
      requestBody: { content: jsonContent(grantSchema) },
      responses: noContentResponse('Counted'),
    },
  },
}
