import { AppError } from '../errors'
import * as messages from '../generated/messages/machine-errors'

/** 409: the machine's state does not allow the operation. */
export const machineConflict = (code: string, message: string) =>
  new AppError({ code: `machine.${code}`, message, status: 409 })

/** The machine is not provisioned yet. */
export const noHostError = () => machineConflict('no_host', messages.noHost())

/** Nothing reaches a machine without a network, not even its owner's browser. */
export const noNetworkError = () => machineConflict('no_network', messages.noNetwork())

/** 422: the request is valid but cannot be fulfilled. */
export const machineUnprocessable = (code: string, message: string) =>
  new AppError({ code: `machine.${code}`, message, status: 422 })
