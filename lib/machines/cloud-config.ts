/** Whether user data is a configuration for cloud-init instead of a script. */
export const isCloudConfig = (userData: string) => /^#cloud-config\s*(\n|$)/.test(userData)
