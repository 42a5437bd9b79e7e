import { AppError } from '../errors'

/** 409: the machine's state does not allow the operation. */
export const machineConflict = (code: string, message: string) =>
  new AppError({ code: `machine.${code}`, message, status: 409 })

/** The machine is not provisioned yet. */
export const noHostError = () =>
  machineConflict('no_host', 'The machine has no host yet. Wait until it is provisioned.')

/** Nothing reaches a machine without a network, not even its owner's browser. */
export const noNetworkError = () => machineConflict('no_network', NO_NETWORK_MESSAGE)
export const NO_NETWORK_MESSAGE =
  'This machine has no network, so its ports cannot be opened. Create a machine with outbound network instead.'

/** 422: the request is valid but cannot be fulfilled. */
export const machineUnprocessable = (code: string, message: string) =>
  new AppError({ code: `machine.${code}`, message, status: 422 })
