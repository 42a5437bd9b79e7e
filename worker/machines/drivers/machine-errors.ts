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
    message: 'This can only be changed while the machine is stopped. Stop it first.',
    status: 409,
  })

export const machineRemoved = () =>
  new AppError({ code: 'machine.removed', message: 'The machine has been removed.', status: 410 })

export const machineNotFound = () =>
  new AppError({
    code: 'machine.not_found',
    message: 'There is no such machine on this server.',
    status: 404,
  })

export const notSupported = () =>
  new PermanentError({
    code: 'machine.not_supported',
    message: 'The host of this machine does not support this.',
    advice: 'Create a machine on another host.',
  })

export const machineOfOther = () =>
  new PermanentError({
    code: 'machine.not_owned',
    message: 'A machine with this id belongs to another installation.',
    advice: 'Create a new machine.',
  })

export const machineSilent = (
  cause?: unknown,
  message = 'The machine does not respond. Check its console, or restart it.',
) => new AppError({ code: 'machine.silent', message, status: 503, cause })

export const scriptTimedOut = (timeoutMs: number) =>
  new AppError({
    code: 'machine.script_timeout',
    message: `The script ran longer than ${Math.round(timeoutMs / 1000)} s and was killed.`,
    status: 422,
  })

export const bootScriptSilent = (timeoutMs: number) =>
  new AppError({
    code: 'machine.script_timeout',
    message: `The console shows no end of the script after ${Math.round(timeoutMs / 1000)} s. It may still run.`,
    status: 422,
  })

export const diskCannotShrink = (fromMiB: number, toMiB: number) =>
  new PermanentError({
    code: 'machine.disk_shrinks',
    message: `A disk can only grow: it has ${fromMiB} MiB, and the new size is ${toMiB} MiB.`,
    advice: 'Choose the same size or a larger one.',
  })

export const sizeTooSmall = (resource: string, minimumMiB: number) =>
  new PermanentError({
    code: 'machine.too_small',
    message: `This image needs at least ${minimumMiB} MiB of ${resource}.`,
    advice: 'Choose a larger size.',
  })

export const agentMissing = (image: string, cause: unknown) =>
  new PermanentError({
    code: 'machine.no_agent',
    message: `The machine started from the image ${image}, but no agent in it responded.`,
    advice:
      'A custom image must contain the agent; see docs/machine-images.md. The console shows how far the machine booted.',
    cause,
  })

export const networkUnavailable = (problem: string) =>
  new PermanentError({
    code: 'machine.network_unavailable',
    message: problem,
    advice: 'Create the machine without network access. You can still open its ports from its page.',
  })

export const imageUnknown = (name: string) =>
  new PermanentError({
    code: 'machine.image_unknown',
    message: `There is no image ${name} on this server.`,
    advice: 'Choose one from the list.',
  })

export const imageBroken = (name: string, why: string, cause?: unknown) =>
  new PermanentError({
    code: 'machine.image_broken',
    message: `The image ${name} cannot be used: ${why}.`,
    advice: 'Choose another image, or ask the administrator to check it.',
    cause,
  })
