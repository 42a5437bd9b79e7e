import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { idParams, jsonContent, jsonResponses, noContentResponse } from '../http/openapi-responses'
import {
  acceptInvitationSchema,
  createInvitationSchema,
  invitationSchema,
  invitationWithUrlSchema,
  signOutUserSchema,
  updateUserSchema,
  userDetailSchema,
  userListSchema,
  userSchema,
} from './schema'

const userParams = { path: z.object({ id: z.string() }) }

/** API paths of user administration and invitations. */
export const userPaths: ZodOpenApiPathsObject = {
  '/api/v1/admin/users': {
    get: {
      summary: 'List and search users (administrators)',
      requestParams: { query: userListSchema },
      responses: jsonResponses(
        z.object({ users: z.array(userSchema), nextCursor: z.string().nullable() }),
        'A page of users, by email address',
      ),
    },
  },
  '/api/v1/admin/users/{id}': {
    get: {
      summary: 'Get a user (administrators)',
      requestParams: userParams,
      responses: jsonResponses(userDetailSchema, 'The user'),
    },
    patch: {
      summary: 'Change role, limits and permissions of a user, disable or enable them (administrators)',
      requestParams: userParams,
      requestBody: { content: jsonContent(updateUserSchema) },
      responses: jsonResponses(userSchema, 'The user'),
    },
  },
  '/api/v1/admin/users/{id}/sign-out': {
    post: {
      summary: 'End all sessions of a user (administrators)',
      requestParams: userParams,
      requestBody: { content: jsonContent(signOutUserSchema) },
      responses: noContentResponse('Signed out everywhere'),
    },
  },
  '/api/v1/admin/users/{id}/reset-two-factor': {
    post: {
      summary: 'Remove authenticator, recovery codes and passkeys of a user (administrators)',
      requestParams: userParams,
      responses: noContentResponse('Removed, and signed out everywhere'),
    },
  },
  '/api/v1/admin/invitations': {
    get: {
      summary: 'List open invitations (administrators)',
      responses: jsonResponses(
        z.object({ invitations: z.array(invitationSchema) }),
        'The invitations, newest first',
      ),
    },
    post: {
      summary: 'Invite a user by a single-use link (administrators)',
      requestBody: { content: jsonContent(createInvitationSchema) },
      responses: jsonResponses(
        invitationWithUrlSchema,
        'The invitation with its link, which is shown only once',
        '201',
      ),
    },
  },
  '/api/v1/admin/invitations/{id}': {
    delete: {
      summary: 'Revoke an invitation (administrators)',
      requestParams: idParams,
      responses: noContentResponse('Revoked'),
    },
  },
  '/api/v1/invitations': {
    post: {
      summary: 'Accept an invitation: create its account',
      security: [],
      requestBody: { content: jsonContent(acceptInvitationSchema) },
      responses: jsonResponses(z.object({ email: z.string() }), 'The address to sign in with', '201'),
    },
  },
}
