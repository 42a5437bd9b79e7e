import { expect, it } from 'vitest'
import { notificationRules } from '@/lib/notifications/rules'
import { isAnnouncedKind } from './announced-kinds'

it('announces the kinds whose failure is a notification, so that pages do not announce it again', () => {
  const kinds = Object.keys(notificationRules)
  expect(kinds.filter(isAnnouncedKind)).toEqual(kinds.filter((kind) => notificationRules[kind]!.failed))
})
