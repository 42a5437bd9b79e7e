import { AppError, PermanentError } from '@/lib/errors'

export const machineNotRunning = () =>
  new AppError({
    code: 'machine.not_running',
    message: 'The machine is not running. Start it first.',
    status: 409,
  })

export const machineNotStopped = () =>
  new AppError({
    code: 'machine.not_stopped',
    message: 'This can be changed only while the machine is stopped. Stop it first.',
    status: 409,
  })

export const machineRemoved = () =>
  new AppError({ code: 'machine.removed', message: 'The machine was removed meanwhile.', status: 410 })

export const machineNotFound = () =>
  new AppError({
    code: 'machine.not_found',
    message: 'There is no such machine on this server.',
    status: 404,
  })

export const diskCannotShrink = (fromMiB: number, toMiB: number) =>
  new PermanentError({
    code: 'machine.disk_shrinks',
    message: `A disk only grows: it has ${fromMiB} MiB, and ${toMiB} MiB were asked for.`,
    advice: 'Choose the same size or a larger one.',
  })

export const sizeTooSmall = (what: string, leastMiB: number) =>
  new PermanentError({
    code: 'machine.too_small',
    message: `This image needs at least ${leastMiB} MiB of ${what}.`,
    advice: 'Choose a larger size.',
  })

export const agentMissing = (image: string, cause: unknown) =>
  new PermanentError({
    code: 'machine.no_agent',
    message: `The machine was started from the image ${image}, but nothing inside it answered.`,
    advice:
      'An image of one’s own has to bring the agent; docs/machine-images.md tells how. Its console shows how far it came.',
    cause,
  })

export const networkUnavailable = (problem: string) =>
  new PermanentError({
    code: 'machine.network_unavailable',
    message: problem,
    advice: 'Order the machine without network. Services inside it are reached through its page.',
  })
