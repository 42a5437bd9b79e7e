import * as messages from '@/lib/generated/messages/notification-events'

// Shared with pages, which do not need the schemas.

/** Where an event can be shown. */
const notificationChannels = ['inApp', 'mail', 'push'] as const
export type NotificationChannel = (typeof notificationChannels)[number]

interface EventDefinition {
  /** The label of its setting. */
  label(): string
  /** A sentence about the video, machine or host name `subject`. */
  describe(values: { subject: string }): string
  channels: readonly NotificationChannel[]
}

const everywhere = notificationChannels

/** Events that users are notified of. */
const definitions = {
  'machine.ordered': {
    label: messages.machineOrdered,
    describe: messages.machineOrderedSentence,
    channels: ['mail'],
  },
  'machine.ready': {
    label: messages.machineReady,
    describe: messages.machineReadySentence,
    channels: everywhere,
  },
  'machine.failed': {
    label: messages.machineFailed,
    describe: messages.machineFailedSentence,
    channels: everywhere,
  },
  'machine.stopped': {
    label: messages.machineStopped,
    describe: messages.machineStoppedSentence,
    channels: everywhere,
  },
  'video.ready': {
    label: messages.videoReady,
    describe: messages.videoReadySentence,
    channels: everywhere,
  },
  'video.failed': {
    label: messages.videoFailed,
    describe: messages.videoFailedSentence,
    channels: everywhere,
  },
  'upload.refused': {
    label: messages.uploadRefused,
    describe: messages.uploadRefusedSentence,
    channels: ['inApp'],
  },
  'captions.ready': {
    label: messages.captionsReady,
    describe: messages.captionsReadySentence,
    channels: everywhere,
  },
  'captions.failed': {
    label: messages.captionsFailed,
    describe: messages.captionsFailedSentence,
    channels: ['inApp', 'push'],
  },
  'archive.ready': {
    label: messages.archiveReady,
    describe: messages.archiveReadySentence,
    channels: everywhere,
  },
  'archive.imported': {
    label: messages.archiveImported,
    describe: messages.archiveImportedSentence,
    channels: everywhere,
  },
  'archive.failed': {
    label: messages.archiveFailed,
    describe: messages.archiveFailedSentence,
    channels: everywhere,
  },
  'export.ready': {
    label: messages.exportReady,
    describe: messages.exportReadySentence,
    channels: everywhere,
  },
  'webhook.failed': {
    label: messages.webhookFailed,
    describe: messages.webhookFailedSentence,
    channels: everywhere,
  },
} as const satisfies Record<string, EventDefinition>

export type NotificationEvent = keyof typeof definitions
export const notificationEvents: Readonly<Record<NotificationEvent, EventDefinition>> = definitions
export const notificationEventNames = Object.keys(definitions) as [NotificationEvent, ...NotificationEvent[]]

/** The events that `channel` can show. */
export type EventOf<Channel extends NotificationChannel> = {
  [Event in NotificationEvent]: Channel extends (typeof definitions)[Event]['channels'][number]
    ? Event
    : never
}[NotificationEvent]

export const eventsOfChannel = <Channel extends NotificationChannel>(channel: Channel) =>
  notificationEventNames.filter((event) => notificationEvents[event].channels.includes(channel)) as [
    EventOf<Channel>,
    ...EventOf<Channel>[],
  ]

export type MailEvent = EventOf<'mail'>
export const mailEventNames = eventsOfChannel('mail')

/** Such as "harbour is ready". */
export const describeEvent = (event: NotificationEvent, subject: string) =>
  notificationEvents[event].describe({ subject })

export const isFailureEvent = (event: NotificationEvent) =>
  event.endsWith('.failed') || event === 'upload.refused'
