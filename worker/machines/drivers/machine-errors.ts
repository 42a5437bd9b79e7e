import { AppError, PermanentError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/machine-driver-errors'
import { translateHostText } from '@/lib/machines/host-texts'

export const machineNotRunning = () =>
  new AppError({
    code: 'machine.not_running',
    message: messages.notRunning(),
    status: 409,
  })

export const machineNotStopped = () =>
  new AppError({
    code: 'machine.not_stopped',
    message: messages.notStopped(),
    status: 409,
  })

export const machineRemoved = () =>
  new AppError({ code: 'machine.removed', message: messages.removed(), status: 410 })

export const machineNotFound = () =>
  new AppError({
    code: 'machine.not_found',
    message: messages.notFound(),
    status: 404,
  })

export const notSupported = () =>
  new PermanentError({
    code: 'machine.not_supported',
    message: messages.notSupported(),
    advice: messages.notSupportedAdvice(),
  })

export const machineOfOther = () =>
  new PermanentError({
    code: 'machine.not_owned',
    message: messages.ofOther(),
    advice: messages.createNew(),
  })

export const machineSilent = (cause?: unknown, message = messages.silent()) =>
  new AppError({ code: 'machine.silent', message, status: 503, cause })

export const scriptTimedOut = (timeoutMs: number) =>
  new AppError({
    code: 'machine.script_timeout',
    message: messages.scriptTimedOut({ seconds: Math.round(timeoutMs / 1000) }),
    status: 422,
  })

export const bootScriptSilent = (timeoutMs: number) =>
  new AppError({
    code: 'machine.script_timeout',
    message: messages.bootScriptSilent({ seconds: Math.round(timeoutMs / 1000) }),
    status: 422,
  })

export const diskCannotShrink = (fromMiB: number, toMiB: number) =>
  new PermanentError({
    code: 'machine.disk_shrinks',
    message: messages.diskShrinks({ from: fromMiB, to: toMiB }),
    advice: messages.diskShrinksAdvice(),
  })

export const sizeTooSmall = (resource: 'memory' | 'disk', minimumMiB: number) =>
  new PermanentError({
    code: 'machine.too_small',
    message: messages.tooSmall({ minimum: minimumMiB, resource }),
    advice: messages.chooseLarger(),
  })

export const agentMissing = (image: string, cause: unknown) =>
  new PermanentError({
    code: 'machine.no_agent',
    message: messages.agentMissing({ image }),
    advice: messages.agentMissingAdvice(),
    cause,
  })

export const networkUnavailable = (problem: string) =>
  new PermanentError({
    code: 'machine.network_unavailable',
    message: translateHostText(problem),
    advice: messages.networkAdvice(),
  })

export const imageUnknown = (name: string) =>
  new PermanentError({
    code: 'machine.image_unknown',
    message: messages.imageUnknown({ name }),
    advice: messages.imageUnknownAdvice(),
  })

/** `reason` is part of a sentence, or a sentence that the host has reported. */
export const imageBroken = (name: string, reason: string, cause?: unknown) =>
  new PermanentError({
    code: 'machine.image_broken',
    message: messages.imageBroken({ name, reason: translateHostText(reason).replace(/\.$/, '') }),
    advice: messages.imageBrokenAdvice(),
    cause,
  })
