import { expect, it } from 'vitest'
import { isCloudConfig } from './cloud-config'

it('takes a configuration for cloud-init by its first line', () => {
  for (const config of ['#cloud-config\npackages: [git]', '#cloud-config\r\n', '#cloud-config'])
    expect(isCloudConfig(config)).toBe(true)
  for (const script of ['#!/bin/sh\n#cloud-config', '#cloud-configuration\n', 'echo #cloud-config'])
    expect(isCloudConfig(script)).toBe(false)
})
