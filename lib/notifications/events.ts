// Shared with pages, which do not need the schemas.

/** Where an event can be shown. */
const notificationChannels = ['inApp', 'mail', 'push'] as const
export type NotificationChannel = (typeof notificationChannels)[number]

interface EventDefinition {
  /** The label of its setting. */
  label: string
  /** A sentence about the video, machine or host name `subject`. */
  describe(subject: string): string
  channels: readonly NotificationChannel[]
}

const everywhere = notificationChannels

/** Events that users are notified of. */
const definitions = {
  'machine.ordered': {
    label: 'Machine created',
    describe: (name) => `${name} was created`,
    channels: ['mail'],
  },
  'machine.ready': {
    label: 'Machine ready',
    describe: (name) => `${name} is ready`,
    channels: everywhere,
  },
  'machine.failed': {
    label: 'Machine failed',
    describe: (name) => `${name} failed to start`,
    channels: everywhere,
  },
  'machine.stopped': {
    label: 'Machine stopped automatically',
    describe: (name) => `${name} was stopped`,
    channels: everywhere,
  },
  'video.ready': {
    label: 'Video ready',
    describe: (title) => `${title} is ready`,
    channels: everywhere,
  },
  'video.failed': {
    label: 'Video failed',
    describe: (title) => `${title} could not be processed`,
    channels: everywhere,
  },
  'upload.refused': {
    label: 'File refused',
    describe: (filename) => `${filename} was refused`,
    channels: ['inApp'],
  },
  'captions.ready': {
    label: 'Captions ready',
    describe: (title) => `Captions for ${title} are ready`,
    channels: everywhere,
  },
  'captions.failed': {
    label: 'Captions failed',
    describe: (title) => `Captions for ${title} failed`,
    channels: ['inApp', 'push'],
  },
  'archive.ready': {
    label: 'Archive ready',
    describe: (contents) => `The archive of ${contents} is ready`,
    channels: everywhere,
  },
  'archive.imported': {
    label: 'Archive imported',
    describe: (contents) => `${contents} imported from an archive`,
    channels: everywhere,
  },
  'archive.failed': {
    label: 'Archive failed',
    describe: (contents) => `${contents} failed`,
    channels: everywhere,
  },
  'export.ready': {
    label: 'Data export ready',
    describe: (contents) => `${contents} is ready`,
    channels: everywhere,
  },
  'webhook.failed': {
    label: 'Webhook turned off',
    describe: (host) => `Your webhook to ${host} was turned off`,
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
  notificationEvents[event].describe(subject)

export const isFailureEvent = (event: NotificationEvent) =>
  event.endsWith('.failed') || event === 'upload.refused'
