import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { idParams, jsonContent, jsonResponses, noContentResponse } from '../http/openapi-responses'
import {
  addToPlaylistSchema,
  createPlaylistSchema,
  playlistDetailsSchema,
  playlistSchema,
  playlistSummarySchema,
  updatePlaylistSchema,
} from './schema'

/** OpenAPI paths of playlists. */
export const playlistPaths: ZodOpenApiPathsObject = {
  '/api/v1/playlists': {
    get: {
      summary: 'List your playlists',
      responses: jsonResponses(
        z.object({ playlists: z.array(playlistSummarySchema) }),
        'The playlists by name, with the number of their videos',
      ),
    },
    post: {
      summary: 'Create a playlist',
      requestBody: { content: jsonContent(createPlaylistSchema) },
      responses: jsonResponses(playlistSchema, 'The playlist', '201'),
    },
  },
  '/api/v1/playlists/{id}': {
    get: {
      summary: 'Get a playlist with its videos',
      requestParams: idParams,
      responses: jsonResponses(playlistDetailsSchema, 'The playlist'),
    },
    patch: {
      summary: 'Rename a playlist, or order its videos',
      requestParams: idParams,
      requestBody: { content: jsonContent(updatePlaylistSchema) },
      responses: jsonResponses(playlistSchema, 'The playlist'),
    },
    delete: {
      summary: 'Delete a playlist. Its videos stay',
      requestParams: idParams,
      responses: noContentResponse('Deleted'),
    },
  },
  '/api/v1/playlists/{id}/videos': {
    post: {
      summary: 'Add videos to a playlist',
      requestParams: idParams,
      requestBody: { content: jsonContent(addToPlaylistSchema) },
      responses: jsonResponses(playlistSchema, 'The playlist'),
    },
  },
  '/api/v1/playlists/{id}/videos/{videoId}': {
    delete: {
      summary: 'Remove a video from a playlist. The video stays',
      requestParams: { path: z.object({ id: z.uuid(), videoId: z.uuid() }) },
      responses: jsonResponses(playlistSchema, 'The playlist'),
    },
  },
}
